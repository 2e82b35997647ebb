using Legato.Sim.Parameters;

namespace Legato.Tests.Sim.Parameters;

public sealed class ParameterDoubtsTests
{
    [Fact]
    public void WithoutSeverityThereIsNoDoubt() => Assert.Equal(SimParameters.Nominal, ParameterDoubts.Draw(5, 0));

    [Fact]
    public void TheSeedDecides()
    {
        Assert.Equal(ParameterDoubts.Draw(5, 0.4), ParameterDoubts.Draw(5, 0.4));
        Assert.NotEqual(ParameterDoubts.Draw(5, 0.4), ParameterDoubts.Draw(6, 0.4));
    }

    [Theory]
    [InlineData("flexion.gain")]
    [InlineData("flexion.damping")]
    [InlineData("keys.stiffness")]
    [InlineData("hands.mass")]
    [InlineData("piano.z")]
    [InlineData("right_hand.delay")]
    public void DoubtsGrowWithTheirSeverity(string name)
    {
        double Spread(double severity) => Enumerable.Range(0, 40).Average(seed => Math.Abs(ParameterDoubts.Draw(seed, severity)[name] - SimParameters.Nominal[name]));
        Assert.InRange(Spread(0.2), 1e-6, 0.6 * Spread(0.6));
    }

    [Fact]
    public void DrivesOfAGroupDifferButLessThanGroups()
    {
        double within = 0, between = 0;
        for (int seed = 0; seed < 60; seed++)
        {
            SimParameters p = ParameterDoubts.Draw(seed, 0.5);
            between += Math.Abs(p["flexion.gain"] - 1);
            within += Math.Abs(p["rh_FFJ3.gain"] - p["flexion.gain"]);
        }
        Assert.InRange(within, 0.1 * between, 0.6 * between);
    }

    [Theory]
    [InlineData("flexion.gain", 0.6, 1.4)]
    [InlineData("flexion.damping", 0.4, 2.5)]
    [InlineData("flexion.friction", 0, 0.04)]
    [InlineData("flexion.backlash", 0, 0.0349)]
    [InlineData("flexion.deadband", 0, 0.003)]
    [InlineData("keys.stiffness", 0.6, 2)]
    [InlineData("keys.damping", 0.5, 3)]
    [InlineData("piano.x", -0.008, 0.008)]
    [InlineData("piano.y", -0.008, 0.008)]
    [InlineData("piano.z", -0.004, 0.004)]
    [InlineData("piano.yaw", -0.01745, 0.01745)]
    [InlineData("right_hand.delay", 0.01, 0.04)]
    [InlineData("keyboard.latency", 0.002, 0.012)]
    public void AtFullSeverityGroupsPianoAndKeyboardReachTheEndsOfTheirRanges(string name, double low, double high)
    {
        double[] drawn = [.. Enumerable.Range(0, 300).Select(seed => ParameterDoubts.Draw(seed, 1)[name])];
        double room = 0.03 * (high - low);
        Assert.InRange(drawn.Min(), low - 1e-4, low + room);
        Assert.InRange(drawn.Max(), high - room, high + 1e-4);
    }

    [Theory]
    [InlineData(-0.01)]
    [InlineData(1.01)]
    [InlineData(double.NaN)]
    public void ASeverityOutsideItsRangeIsRefused(double severity) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => ParameterDoubts.Draw(1, severity));
}
