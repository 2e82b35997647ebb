using Legato.Sim;

namespace Legato.Tests.Sim;

public class JointLayoutTests
{
    private static readonly JointLayout Layout = new(["a", "b", "pedal"], [JointUnit.Radian, JointUnit.Metre, JointUnit.Fraction]);

    [Fact]
    public void NamesAreFoundByTheirPlace()
    {
        Assert.Equal(3, Layout.Count);
        Assert.Equal([0, 1, 2], Layout.Names.Select(Layout.IndexOf));
        Assert.Equal([0, 1, 2], Layout.Names.Select(Layout.Require));
        Assert.Equal([JointUnit.Radian, JointUnit.Metre, JointUnit.Fraction], Layout.Units);
        Assert.Equal(-1, Layout.IndexOf("A"));
    }

    [Fact]
    public void AMissingNameIsReportedWithTheKnownOnes()
    {
        InputException e = Assert.Throws<InputException>(() => Layout.Require("c"));
        Assert.Equal("no joint or actuator 'c' here; known: a, b, pedal", e.Message);
    }

    [Theory]
    [InlineData("a,a", 2, "'a' stands twice in the layout.")]
    [InlineData("a,", 2, "Name 1 is empty.")]
    [InlineData("a,b", 1, "2 names but 1 units.")]
    public void AmbiguousLayoutsAreRefused(string names, int units, string message)
    {
        ArgumentException e = Assert.Throws<ArgumentException>(() => new JointLayout(names.Split(','), Enumerable.Repeat(JointUnit.Radian, units)));
        Assert.StartsWith(message, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void LayoutsAreEqualWhenNamesOrderAndUnitsAre()
    {
        JointLayout same = new(Layout.Names, Layout.Units);
        Assert.Equal(Layout, same);
        Assert.Equal(Layout.GetHashCode(), same.GetHashCode());
        Assert.NotEqual(Layout, new JointLayout(Layout.Names.Reverse(), Layout.Units));
        Assert.NotEqual(Layout, new JointLayout(Layout.Names, Layout.Units.Reverse()));
        Assert.NotEqual(Layout, new JointLayout(Layout.Names.Take(2), Layout.Units.Take(2)));
        Assert.False(Layout.Equals(null));
        Assert.False(Layout.Equals("a"));
    }

    [Fact]
    public void ALayoutDoesNotChangeWithItsSource()
    {
        string[] names = ["a", "b"];
        JointLayout layout = new(names, [JointUnit.Radian, JointUnit.Radian]);
        names[0] = "z";
        Assert.Equal(["a", "b"], layout.Names);
    }
}
