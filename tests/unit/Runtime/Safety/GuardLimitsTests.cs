using Legato.Runtime.Safety;
using Legato.Sim;
using Legato.Sim.Configuration;
using Legato.Sim.Limits;

namespace Legato.Tests.Runtime.Safety;

public class GuardLimitsTests
{
    private static readonly JointLayout One = new(["rh_A_FFJ3"], [JointUnit.Radian]);

    [Theory]
    [InlineData(1, -1, 1, 1, 1)]
    [InlineData(double.NaN, 1, 1, 1, 1)]
    [InlineData(-1, 1, 0, 1, 1)]
    [InlineData(-1, 1, 1, -2, 1)]
    [InlineData(-1, 1, 1, 0, 1)]
    [InlineData(-1, 1, 1, 1, 0)]
    [InlineData(-1, 1, 1, 1, double.NaN)]
    public void Limits_that_make_no_sense_are_refused_by_name(double lower, double upper, double velocity, double acceleration, double following)
    {
        var e = Assert.Throws<InputException>(() => MotionLimits.Create(One, [new ActuatorLimit(lower, upper, velocity, acceleration, following)]));
        Assert.Contains("rh_A_FFJ3", e.Message);
    }

    [Fact]
    public void An_actuator_may_be_held_in_one_place() =>
        Assert.Equal(0.3, MotionLimits.Create(One, [new ActuatorLimit(0.3, 0.3)]).Upper[0]);

    [Theory]
    [InlineData(double.NaN, 0.1)]
    [InlineData(0.3, double.PositiveInfinity)]
    public void A_separation_that_is_no_distance_is_refused(double offset, double minimum) =>
        Assert.Throws<InputException>(() => MotionLimits.Create(One, [new ActuatorLimit(0, 1)], new RailSeparation("rh_A_FFJ3", "rh_A_FFJ3", offset, minimum)));

    [Fact]
    public void Counts_that_differ_are_refused()
    {
        Assert.Throws<InputException>(() => MotionLimits.Create(One, []));
        Assert.Throws<InputException>(() => MotionLimits.Simulation(One, [0, 0], [1]));
    }

    [Fact]
    public void A_separation_of_rails_that_do_not_exist_is_refused() =>
        Assert.Throws<InputException>(() => MotionLimits.Create(One, [new ActuatorLimit(0, 1)], new RailSeparation("rh_forearm_tx", "lh_forearm_tx", 0.3, 0.1)));

    [Fact]
    public void The_hands_own_file_covers_both_hands_completely()
    {
        JointLayout layout = ShadowLayout();
        MotionLimits limits = GuardLimitsFile.Load(Path.Combine(Repository.Root, "hardware/config/limits/shadow_e3m5.yaml"), layout);
        Assert.Equal(44, limits.Layout.Count);
        Assert.Equal(-28 * Math.PI / 180, limits.Lower[layout.Require("lh_A_WRJ2")], 3);
        Assert.Equal(0.4605, limits.Upper[layout.Require("rh_forearm_tx")]);
        Assert.Equal(0.7605, limits.Upper[layout.Require("lh_forearm_tx")]);
        Assert.Equal(0.30, limits.SeparationIn(new double[44]), 12);
        for (int i = 0; i < layout.Count; i++)
            Assert.InRange(0, limits.Lower[i], limits.Upper[i]);
    }

    [Theory]
    [InlineData("actuators:\n  A_FFJ3: {lower: 0, upper: 1, velocity: 1, acceleration: 1}", "following' is missing")]
    [InlineData("actuators:\n  A_FFJ3: {lower: 0, upper: 1, velocity: 1, acceleration: 1, following: 1, speed: 3}", "speed")]
    [InlineData("actuators:\n  A_FFJ3: {lower: 0, upper: fast, velocity: 1, acceleration: 1, following: 1}", "upper")]
    [InlineData("actuators: {}", "A_FFJ3' is missing: the robot has an actuator rh_A_FFJ3")]
    [InlineData("actuators:\n  A_FFJ3: {lower: 0, upper: 1, velocity: 1, acceleration: 1, following: 1}\nseparations: {}", "separations")]
    [InlineData("actuators:\n  A_FFJ3: {lower: 0, upper: 1, velocity: 1, acceleration: 1, following: 1}\nseparation: {right: rh_A_FFJ3, left: rh_A_FFJ3, offset: 1, minimum: 1, gap: 2}", "gap")]
    [InlineData("actuators:\n  A_FFJ3: {lower: 0, upper: 1, velocity: 1, acceleration: 1, following: 1}\nclearance: {hands: 0.01}", "piano' is missing")]
    [InlineData("actuators:\n  A_FFJ3: {lower: 0, upper: 1, velocity: 1, acceleration: 1, following: 1}\nclearance: {hands: 0.01, piano: 0, floor: 0}", "floor")]
    [InlineData("actuators:\n  A_FFJ3: {lower: 0, upper: 1, velocity: 1, acceleration: 1, following: 1}\nclearance: {hands: 0.01, piano: 0.026}", "piano")]
    public void A_wrong_file_is_refused_with_the_key(string yaml, string key)
    {
        var e = Assert.ThrowsAny<InputException>(() => GuardLimitsFile.Read(StrictYaml.Parse(yaml, "limits.yaml"), One));
        Assert.Contains(key, e.Message);
        Assert.StartsWith("limits.yaml:", e.Message);
    }

    [Fact]
    public void An_entry_for_one_hand_comes_before_the_one_for_both()
    {
        var both = new JointLayout(["rh_A_FFJ3", "lh_A_FFJ3"], [JointUnit.Radian, JointUnit.Radian]);
        MotionLimits limits = GuardLimitsFile.Read(StrictYaml.Parse(
            """
            actuators:
              A_FFJ3: {lower: 0, upper: 1, velocity: 1, acceleration: 1, following: 1}
              lh_A_FFJ3: {lower: 0, upper: 0.5, velocity: 1, acceleration: 1, following: 1}
            """, "limits.yaml"), both);
        Assert.Equal([1, 0.5], limits.Upper.ToArray());
    }

    private static JointLayout ShadowLayout()
    {
        string[] hand =
        [
            "A_WRJ2", "A_WRJ1", "A_THJ5", "A_THJ4", "A_THJ3", "A_THJ2", "A_THJ1", "A_FFJ4", "A_FFJ3", "A_FFJ0", "A_MFJ4", "A_MFJ3",
            "A_MFJ0", "A_RFJ4", "A_RFJ3", "A_RFJ0", "A_LFJ5", "A_LFJ4", "A_LFJ3", "A_LFJ0", "forearm_tx", "forearm_ty",
        ];
        string[] names = [.. hand.Select(n => "rh_" + n), .. hand.Select(n => "lh_" + n)];
        return new JointLayout(names, names.Select(n => n.Contains("forearm") ? JointUnit.Metre : JointUnit.Radian));
    }
}
