using Legato.Policy;
using Legato.Policy.Planning;
using Legato.Sim;

namespace Legato.Tests.Policy;

public class CommandTableTests
{
    private static readonly JointLayout Layout = new(["a", "b", "c"], [JointUnit.Radian, JointUnit.Radian, JointUnit.Metre]);

    [Fact]
    public void RowsAreStepsAndColumnsActuators()
    {
        var table = new CommandTable(Layout, [1, 2, 3, 4, 5, 6]);
        double[] column = new double[2];
        table.ReadColumn(1, column);

        Assert.Equal(2, table.Steps);
        Assert.Equal([4, 5, 6], table[1].ToArray());
        Assert.Equal([2, 5], column);
        table[0][2] = 9;
        Assert.Equal([1, 2, 9, 4, 5, 6], table.Values.ToArray());
    }

    [Fact]
    public void ACopyIsIndependent()
    {
        var table = new CommandTable(Layout, 2);
        CommandTable copy = table.Clone();
        table[1][0] = 7;
        Assert.Equal(0, copy[1][0]);
        Assert.Equal(Layout, copy.Actuators);
    }

    [Fact]
    public void PartsOfRowsAndRowsBeyondTheEndAreRefused()
    {
        Assert.Throws<ArgumentException>(() => new CommandTable(Layout, [1, 2, 3, 4]));
        Assert.Throws<ArgumentException>(() => new CommandTable(new JointLayout([], []), 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => new CommandTable(Layout, 2)[2][0]);
        Assert.Throws<ArgumentOutOfRangeException>(() => new CommandTable(Layout, 2)[-1][0]);
    }
}
