using Legato.Sim.Tasks;

namespace Legato.Tests.Sim.Tasks;

/// <summary>Values computed with dm_control for RoboPianist's terms.</summary>
public sealed class ToleranceTests
{
    [Theory]
    [InlineData(0, 0.00025)]
    [InlineData(0.25, 0.011)]
    [InlineData(0.5, 0.155)]
    [InlineData(0.75, 0.692)]
    [InlineData(0.869, 0.941)]
    [InlineData(0.95, 1)]
    [InlineData(1, 1)]
    public void AKeyIsWorthMoreTheDeeperItIs(double depth, double expected) => Assert.Equal(expected, Tolerance.Gaussian(1 - depth, 0, 0.05, 0.5), 0.02 * expected);

    [Theory]
    [InlineData(0.005, 1)]
    [InlineData(0.02, 0.977)]
    [InlineData(0.05, 0.692)]
    [InlineData(0.1, 0.155)]
    [InlineData(0.11, 0.1)]
    [InlineData(0.2, 0.00025)]
    public void AFingerIsWorthMoreTheNearerItIs(double distance, double expected) => Assert.Equal(expected, Tolerance.Gaussian(distance, 0, 0.01, 0.1), 0.02 * expected);

    [Fact]
    public void BothSidesCountAlike() => Assert.Equal(Tolerance.Gaussian(1.3, -1, 1, 0.5), Tolerance.Gaussian(-1.3, -1, 1, 0.5));
}
