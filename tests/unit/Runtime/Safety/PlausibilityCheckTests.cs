using Legato.Runtime.Safety;
using Legato.Sim;
using Legato.Sim.Limits;

namespace Legato.Tests.Runtime.Safety;

public sealed class PlausibilityCheckTests
{
    private static readonly JointLayout Layout = new(["rh_A_FFJ3", "rh_A_FFJ4"], [JointUnit.Radian, JointUnit.Radian]);

    private static readonly PlausibilityCheck Check = new(MotionLimits.Create(Layout, [new(-1, 1, 2, 40, 0.5), new(-1, 1, 4, 40, 0.25)]));

    [Theory]
    [InlineData(0.0, 0.0, 0.05, -1)]
    [InlineData(0.5, -0.25, 0.0, -1)]
    [InlineData(0.59, -0.44, 0.05, -1)]
    [InlineData(0.61, 0.0, 0.05, 0)]
    [InlineData(0.0, -0.46, 0.05, 1)]
    [InlineData(0.61, 0.0, 0.1, -1)]
    [InlineData(0.61, 0.0, -0.1, -1)]
    [InlineData(double.NaN, 0.0, 0.05, 0)]
    [InlineData(0.0, double.PositiveInfinity, 0.05, 1)]
    public void AnActuatorMovesItsFollowingDistanceAndItsRateAtMost(double first, double second, double seconds, int odd) =>
        Assert.Equal(odd, Check.FindImplausible([0, 0], [first, second], seconds));

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.05)]
    public void WithoutLimitsNumbersAloneAreChecked(double seconds)
    {
        var check = new PlausibilityCheck(MotionLimits.Simulation(Layout, [-1, -1], [1, 1]));
        Assert.Equal(-1, check.FindImplausible([0, 0], [100, -100], seconds));
        Assert.Equal(1, check.FindImplausible([0, 0], [100, double.NaN], seconds));
    }
}
