using FsCheck;
using FsCheck.Fluent;

using Legato.Runtime.Safety;
using Legato.Runtime.Watchdog;
using Legato.Sim.Limits;
using Legato.Tests.Runtime.Loop;

namespace Legato.Tests.Runtime.Watchdog;

public class RescueLiftTests
{
    private const double Dt = 0.02;

    // WRJ1, FFJ3, FFJ0, rail, FFJ3, rail.
    private static readonly MotionLimits Limits = MotionLimits.Create(
        FakeRobot.Commands,
        [new(-0.7, 0.5, 2, 40, 0.4), new(-0.26, 1.57, 2, 40, 0.6), new(0, 3.14, 4, 80, 1.2), new(-0.5, 0.5, 1.5, 15, 0.12), new(-0.26, 1.57, 2, 40, 0.6), new(-0.5, 0.5, 1.5, 15, 0.12)],
        separation: null);

    [Fact]
    public void Every_command_keeps_to_the_limits_whatever_the_hands_were_doing()
    {
        Gen<double[]> shares = Gen.Choose(0, 1000).Select(i => i / 1000.0).ArrayOf(18);
        Prop.ForAll(shares.ToArbitrary(), draw =>
        {
            double[] sent = At(draw[..6]), measured = At(draw[6..12]), velocity = [.. draw[12..18].Select((s, i) => ((2 * s) - 1) * Limits.Velocity[i])];
            for (int i = 0; i < 6; i++)
            {
                // As a guard leaves it: near the joint, and able to stop before the end of the range.
                measured[i] = Math.Clamp(measured[i], sent[i] - Limits.Following[i], sent[i] + Limits.Following[i]);
                double room = velocity[i] > 0 ? Limits.Upper[i] - sent[i] : sent[i] - Limits.Lower[i];
                velocity[i] = Math.Sign(velocity[i]) * Math.Min(Math.Abs(velocity[i]), GuardRule.LargestStep(room, Limits.Acceleration[i] * Dt * Dt) / Dt);
            }
            var lift = new RescueLift(Limits, TimeSpan.FromSeconds(Dt));
            lift.Begin(sent, velocity, measured, new LiftOptions());
            double[] last = sent, rate = velocity;
            for (int cycle = 0; cycle < 200; cycle++)
            {
                double[] next = lift.Next(last).ToArray();
                for (int i = 0; i < 6; i++)
                {
                    Assert.InRange(next[i], Limits.Lower[i] - 1e-9, Limits.Upper[i] + 1e-9);
                    double now = (next[i] - last[i]) / Dt;
                    Assert.InRange(Math.Abs(now), 0, Limits.Velocity[i] + 1e-9);
                    Assert.InRange(Math.Abs(now - rate[i]), 0, (Limits.Acceleration[i] * Dt) + 1e-6);
                    rate[i] = now;
                }
                last = next;
            }
            Assert.True(lift.IsCommanded);
        }).Holds(200);
    }

    [Fact]
    public void It_rises_from_where_the_hands_are_measured()
    {
        // A pressing finger: commanded below where the key holds it.
        double[] sent = [0.1, 0.9, 1.2, 0, 0.9, 0], measured = [0.05, 0.7, 1.0, double.NaN, 0.8, double.NaN];
        RescueLift lift = Lift(sent, measured);
        Assert.Equal(0.05 - 0.35, Sent(lift)[0], 9);
        Assert.Equal(0.7 - 0.2, Sent(lift)[1], 9);
        Assert.Equal(1.0 - 0.2, Sent(lift)[2], 9);
        // Nobody measures the rails here: they stay at their last set-point.
        Assert.Equal((0, 0), (Sent(lift)[3], Sent(lift)[5]));
    }

    [Fact]
    public void Without_a_fresh_state_it_rises_from_the_last_command()
    {
        double[] sent = [0.1, 0.9, 1.2, 0.2, 0.9, 0];
        Assert.Equal(0.1 - 0.35, Sent(Lift(sent, []))[0], 9);
    }

    [Fact]
    public void Its_progress_is_what_is_measured()
    {
        double[] pose = [0.1, 0.9, 1.2, double.NaN, 0.9, double.NaN];
        RescueLift lift = Lift([0.1, 0.9, 1.2, 0, 0.9, 0], pose);
        Assert.Equal((false, false), lift.Progress(pose));
        Assert.Equal((true, false), lift.Progress([0.08, 0.9, 1.2, double.NaN, 0.9, double.NaN]));
        Assert.Equal((true, false), lift.Progress([-0.25, 0.7, 1.0, double.NaN, 0.9, double.NaN]));
        Assert.Equal((true, true), lift.Progress([-0.19, 0.73, 1.03, double.NaN, 0.73, double.NaN]));
        // Away from the lift is no motion of it.
        Assert.Equal((false, false), lift.Progress([0.2, 1.0, 1.3, double.NaN, 1.0, double.NaN]));
    }

    [Fact]
    public void What_has_no_way_to_go_or_is_not_measured_is_not_waited_for()
    {
        // FFJ0 has exactly as far to go as counts as motion; the other fingers are at their ends.
        double[] pose = [0.1, -0.26, 0.01, 0, -0.26, 0];
        RescueLift lift = Lift(pose, pose);
        Assert.Equal((true, true), lift.Progress([-0.2, 0.5, 0.5, 0.5, 0.5, 0.5]));
        Assert.Equal((false, false), lift.Progress([0.1, -0.5, -0.5, -0.5, -0.5, -0.5]));
        Assert.Equal((false, true), lift.Progress([double.NaN, -0.26, 0.01, 0, -0.26, 0]));
    }

    [Fact]
    public void Motion_is_more_than_a_hundredth_and_raised_is_four_fifths()
    {
        double[] pose = [-0.7, -0.26, 0.02, 0, -0.26, 0];
        RescueLift lift = Lift(pose, pose);
        (bool, bool) At(double ffj0) => lift.Progress([-0.7, -0.26, ffj0, 0, -0.26, 0]);
        Assert.Equal((false, false), At(0.01));
        Assert.Equal((true, false), At(0.0095));
        Assert.Equal((true, true), At(0.004));
        Assert.Equal((true, false), At(0.0041));
    }

    [Fact]
    public void A_finger_that_is_held_is_not_commanded_all_the_way()
    {
        double[] pose = [0.1, 0.9, 1.2, 0, 0.9, 0], held = [.. pose];
        MotionLimits tight = MotionLimits.Create(FakeRobot.Commands, [.. Enumerable.Repeat(new ActuatorLimit(-1, 2, 2, 40, 0.1), 6)]);
        var lift = new RescueLift(tight, TimeSpan.FromSeconds(Dt));
        lift.Begin(pose, new double[6], pose, new LiftOptions());
        Assert.Equal(0.4, lift.Duration.TotalSeconds, 9);
        for (int i = 0; i < 100; i++)
        {
            double[] sent = lift.Next(held).ToArray();
            (held[0], held[2]) = (sent[0], sent[2]);
        }
        Assert.False(lift.IsCommanded);
        Assert.True(lift.Counts.Clamped > 0);
    }

    private static double[] At(IEnumerable<double> shares) => [.. shares.Select((s, i) => Limits.Lower[i] + (s * (Limits.Upper[i] - Limits.Lower[i])))];

    private static RescueLift Lift(double[] sent, double[] measured)
    {
        var lift = new RescueLift(Limits, TimeSpan.FromSeconds(Dt));
        lift.Begin(sent, new double[6], measured, new LiftOptions());
        return lift;
    }

    private static double[] Sent(RescueLift lift)
    {
        double[] sent = [];
        for (int i = 0; i < 200; i++)
            sent = lift.Next([]).ToArray();
        return sent;
    }
}
