using FsCheck;
using FsCheck.Fluent;
using Legato.Runtime.Safety;
using Legato.Sim;
using Legato.Sim.Limits;

namespace Legato.Tests.Runtime.Safety;

public class MotionTests
{
    private static readonly JointLayout Layout = new(
        ["rh_A_WRJ1", "rh_A_FFJ3", "rh_A_THJ4", "rh_forearm_tx"],
        [JointUnit.Radian, JointUnit.Radian, JointUnit.Radian, JointUnit.Metre]);

    private static readonly MotionLimits Limits = MotionLimits.Create(Layout, [.. Enumerable.Repeat(new ActuatorLimit(-0.7, 1.5, 2, 40), 4)]);

    [Fact]
    public void A_move_passes_the_guard_untouched_and_lasts_at_least_as_long_as_asked()
    {
        var pose = Gen.Choose(-700, 1500).Select(i => i / 1000.0).ArrayOf(4);
        var moves = from a in pose from b in pose select (a, b);
        Prop.ForAll(moves.ToArbitrary(), pair =>
        {
            var move = new MinimumJerkMove(4);
            move.Plan(pair.a, pair.b, Limits, 1, 0.05);
            Assert.True(move.Cycles >= 20);
            var guard = new Guard(Limits);
            guard.Reset(pair.a);
            double[] target = new double[4];
            for (int n = 0; n <= move.Cycles; n++)
            {
                move.At(n, target);
                guard.Apply(0.05, [], target);
            }
            Assert.Equal(new GuardCounts(0, 0), guard.Counts);
            Assert.Equal(pair.b, guard.Sent.ToArray());
        }).Holds();
    }

    [Theory]
    [InlineData(1, 1000)]
    [InlineData(1000, 1)]
    public void A_long_move_is_as_fast_as_its_limits_let_it_be(double velocity, double acceleration)
    {
        MotionLimits slow = MotionLimits.Create(Layout, [.. Enumerable.Repeat(new ActuatorLimit(-9, 9, velocity, acceleration), 4)]);
        var move = new MinimumJerkMove(4);
        const double dt = 0.01;
        move.Plan([-8, 0, 0, 0], [8, 0, 0, 0], slow, 1, dt);
        double[] a = new double[4], b = new double[4], c = new double[4];
        double used = 0;
        for (int n = 1; n < move.Cycles; n++)
        {
            move.At(n - 1, a);
            move.At(n, b);
            move.At(n + 1, c);
            used = Math.Max(used, Math.Abs(b[0] - a[0]) / dt / velocity);
            used = Math.Max(used, Math.Abs(c[0] - (2 * b[0]) + a[0]) / dt / dt / acceleration);
        }
        Assert.InRange(used, 0.85, 0.95);
    }

    [Fact]
    public void A_move_begins_where_it_starts_and_stays_at_its_goal()
    {
        var move = new MinimumJerkMove(4);
        move.Plan([0.1, 0.2, 0.3, 0.4], [0.4, 0.3, 0.2, 0.1], Limits, 1, 0.05);
        double[] pose = new double[4];
        move.At(0, pose);
        Assert.Equal([0.1, 0.2, 0.3, 0.4], pose);
        move.At(move.Cycles + 100, pose);
        Assert.Equal([0.4, 0.3, 0.2, 0.1], pose);
    }

    [Fact]
    public void The_lift_raises_wrist_and_fingers_and_leaves_the_rest()
    {
        var plan = new LiftPlan(Limits, new LiftOptions());
        double[] raised = new double[4];
        plan.From([0.2, 0.5, 0.6, 0.1], raised);
        Assert.Equal(-0.15, raised[0], 12);
        Assert.Equal(0.3, raised[1], 12);
        Assert.Equal([0.6, 0.1], raised[2..]);
    }

    [Fact]
    public void The_lift_stays_within_the_limits_and_moves_nothing_that_is_already_beyond_them()
    {
        var plan = new LiftPlan(Limits, new LiftOptions());
        double[] raised = new double[4];
        plan.From([-0.6, -0.75, 0, 0], raised);
        Assert.Equal([-0.7, -0.75, 0, 0], raised);
    }

    [Theory]
    [InlineData("rh_A_WRJ1", 0.35)]
    [InlineData("lh_A_FFJ3", 0.2)]
    [InlineData("rh_A_MFJ0", 0.2)]
    [InlineData("rh_A_RFJ3", 0.2)]
    [InlineData("lh_A_LFJ0", 0.2)]
    [InlineData("rh_A_FFJ4", 0)]
    [InlineData("rh_A_LFJ5", 0)]
    [InlineData("rh_A_WRJ2", 0)]
    [InlineData("rh_A_THJ4", 0)]
    [InlineData("lh_forearm_ty", 0)]
    public void What_raises_a_hand_is_its_wrist_and_what_extends_its_fingers(string actuator, double way)
    {
        var plan = new LiftPlan(MotionLimits.Create(new JointLayout([actuator], [JointUnit.Radian]), [new ActuatorLimit(-9, 9)]), new LiftOptions());
        double[] raised = new double[1];
        plan.From([0.5], raised);
        Assert.Equal(0.5 - way, raised[0], 12);
    }

    [Fact]
    public void Hands_are_raised_when_their_wrists_have_gone_half_of_their_way()
    {
        var plan = new LiftPlan(Limits, new LiftOptions { Wrist = 0.5 });
        plan.From([0.25, 0.5, 0.6, 0.1], new double[4]);
        // Fingers may be held by what they press.
        Assert.True(plan.IsRaised([0, 0.5, 0.6, 0.1]));
        Assert.False(plan.IsRaised([0.001, -9, -9, -9]));
    }

    [Theory]
    [InlineData(0.1, true)]
    [InlineData(0.11, false)]
    public void A_wrist_that_has_hardly_any_way_to_go_tells_nothing(double way, bool isRaised)
    {
        MotionLimits limits = MotionLimits.Create(new JointLayout(["rh_A_WRJ1"], [JointUnit.Radian]), [new ActuatorLimit(0, 1)]);
        var plan = new LiftPlan(limits, new LiftOptions());
        plan.From([way], new double[1]);
        Assert.Equal(isRaised, plan.IsRaised([way]));
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(100, false)]
    [InlineData(101, true)]
    [InlineData(-101, true)]
    public void A_state_is_stale_above_its_age_limit_or_from_the_future(int ageMs, bool stale)
    {
        const long now = 5_000_000_000;
        Assert.Equal(stale, new StateWatchdog(StateWatchdog.DefaultLimit).IsStale(now, now - (ageMs * 1_000_000L)));
    }
}
