using FsCheck;
using FsCheck.Fluent;
using Legato.Runtime.Safety;
using Legato.Sim;
using Legato.Sim.Limits;

namespace Legato.Tests.Runtime.Safety;

/// <summary>The guard's promise: whatever is asked for, what is sent stays within every limit.</summary>
public class GuardTests
{
    private static readonly JointLayout Layout = new(
        ["rh_A_FFJ3", "rh_forearm_tx", "lh_A_FFJ3", "lh_forearm_tx"],
        [JointUnit.Radian, JointUnit.Metre, JointUnit.Radian, JointUnit.Metre]);

    private static readonly double[] Nasty =
    [
        double.NaN, double.PositiveInfinity, double.NegativeInfinity, double.Epsilon, -double.Epsilon,
        double.MaxValue, double.MinValue, -0.0, 1e-300, 0.3, -0.3,
    ];

    private static readonly Gen<double> AnyNumber = Gen.OneOf(
        Gen.Choose(-20_000, 20_000).Select(i => i / 10_000.0),
        Gen.Elements(Nasty));

    private static readonly Gen<double[]> AnyTarget = AnyNumber.ArrayOf(4);

    private static readonly Gen<MotionLimits> AnyLimits =
        from velocity in Gen.Choose(1, 60)
        from acceleration in Gen.Choose(1, 900)
        from following in Gen.Choose(1, 30)
        from unequal in Gen.Choose(1, 5)
        select MotionLimits.Create(
            Layout,
            [
                new ActuatorLimit(-0.26, 1.57, velocity / 10.0, acceleration / 10.0, following / 10.0),
                new ActuatorLimit(-0.7, 0.46, velocity / 20.0, acceleration / 20.0),
                new ActuatorLimit(-0.26, 1.57, velocity / 10.0, acceleration / 10.0, following / 10.0),
                new ActuatorLimit(-0.46, 0.7, velocity / 20.0, acceleration / (10.0 * unequal)),
            ],
            new RailSeparation("rh_forearm_tx", "lh_forearm_tx", 0.3, 0.16));

    [Fact]
    public void Every_limit_holds_for_any_sequence_of_targets()
    {
        var runs = from limits in AnyLimits from targets in AnyTarget.ListOf() select (limits, targets);
        Prop.ForAll(runs.ToArbitrary(), run =>
        {
            const double dt = 0.05;
            var guard = new Guard(run.limits);
            guard.Reset([0.2, 0, 0.2, 0]);
            double[] last = guard.Sent.ToArray(), step = new double[4];
            foreach (double[] target in run.targets.Concat(Reversals))
            {
                double[] sent = guard.Apply(dt, [], target).ToArray();
                for (int i = 0; i < 4; i++)
                {
                    double moved = sent[i] - last[i];
                    Assert.InRange(sent[i], run.limits.Lower[i], run.limits.Upper[i]);
                    Assert.InRange(Math.Abs(moved), 0, (run.limits.Velocity[i] * dt) + 1e-12);
                    Assert.InRange(Math.Abs(moved - step[i]), 0, (run.limits.Acceleration[i] * dt * dt) + 1e-9);
                    Assert.True(sent[i] == target[i] || guard.Reasons[i] != GuardReasons.None, "changed without a reason");
                    step[i] = moved;
                }
                Assert.True(run.limits.SeparationIn(sent) >= 0.16 - 1e-12, "the hands came too close");
                last = sent;
            }
        }).Holds();
    }

    [Fact]
    public void Position_velocity_and_separation_hold_even_when_the_period_jumps()
    {
        var cycles = from target in AnyTarget from dt in Gen.Elements(1e-4, 0.001, 0.05, 0.06, 0.5) select (target, dt);
        var runs = from limits in AnyLimits from list in cycles.ListOf() select (limits, list);
        Prop.ForAll(runs.ToArbitrary(), run =>
        {
            var guard = new Guard(run.limits);
            guard.Reset([0.2, 0, 0.2, 0]);
            double[] last = guard.Sent.ToArray();
            foreach ((double[] target, double dt) in run.list)
            {
                double[] sent = guard.Apply(dt, [], target).ToArray();
                for (int i = 0; i < 4; i++)
                {
                    Assert.InRange(sent[i], run.limits.Lower[i], run.limits.Upper[i]);
                    Assert.InRange(Math.Abs(sent[i] - last[i]), 0, (run.limits.Velocity[i] * dt) + 1e-12);
                }
                Assert.True(run.limits.SeparationIn(sent) >= 0.16 - 1e-12, "the hands came too close");
                last = sent;
            }
        }).Holds();
    }

    [Fact]
    public void A_start_outside_the_range_comes_in_at_the_allowed_rate_and_never_goes_further_out()
    {
        MotionLimits limits = MotionLimits.Create(Layout, [.. Enumerable.Repeat(new ActuatorLimit(-0.1, 0.1, 1, 10), 4)]);
        var guard = new Guard(limits);
        guard.Reset([0.3, -0.3, 0.3, -0.3]);
        double[] last = guard.Sent.ToArray();
        for (int n = 0; n < 40; n++)
        {
            double[] sent = guard.Apply(0.05, [], [5, -5, 5, -5]).ToArray();
            for (int i = 0; i < 4; i++)
            {
                Assert.True(Math.Abs(sent[i]) <= Math.Max(Math.Abs(last[i]), 0.1), "moved out");
                Assert.InRange(Math.Abs(sent[i] - last[i]), 0, 0.05 + 1e-12);
            }
            last = sent;
        }
        Assert.Equal([0.1, -0.1, 0.1, -0.1], last);
    }

    [Fact]
    public void A_simulated_rig_receives_every_target_in_range_bit_by_bit()
    {
        MotionLimits limits = MotionLimits.Simulation(Layout, [-1, -1, -1, -1], [1, 1, 1, 1]);
        var targets = Gen.Choose(int.MinValue, int.MaxValue).Select(i => i / (double)int.MaxValue).Select(x => Math.Clamp(x, -1, 1)).ArrayOf(4).ListOf();
        Prop.ForAll(targets.ToArbitrary(), list =>
        {
            var guard = new Guard(limits);
            guard.Reset([0, 0, 0, 0]);
            foreach (double[] target in list)
            {
                Assert.Equal(target, guard.Apply(0.05, [9, 9, 9, 9], target).ToArray());
                Assert.All(guard.Reasons.ToArray(), r => Assert.Equal(GuardReasons.None, r));
            }
            Assert.Equal(new GuardCounts(0, 0), guard.Counts);
        }).Holds();
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public void What_is_no_number_is_refused_and_the_last_command_held(double nothing)
    {
        var guard = new Guard(MotionLimits.Simulation(Layout, [-1, -1, -1, -1], [1, 1, 1, 1]));
        guard.Reset([0.1, 0.2, 0.3, 0.4]);
        Assert.Equal([0.1, 0.5, 0.3, 0.4], guard.Apply(0.05, [], [nothing, 0.5, nothing, 0.4]).ToArray());
        Assert.Equal([GuardReasons.NotFinite, GuardReasons.None, GuardReasons.NotFinite, GuardReasons.None], guard.Reasons.ToArray());
        Assert.Equal(new GuardCounts(0, 2), guard.Counts);
    }

    [Fact]
    public void A_blocked_finger_is_not_wound_up()
    {
        MotionLimits limits = MotionLimits.Create(Layout, [.. Enumerable.Repeat(new ActuatorLimit(-2, 2, 1, 10, 0.25), 4)]);
        var guard = new Guard(limits);
        guard.Reset([0, 0, 0, 0]);
        for (int n = 0; n < 100; n++)
            guard.Apply(0.05, [0, 0, 0, double.NaN], [1.5, -1.5, 0.2, 1.5]);
        Assert.Equal([0.25, -0.25, 0.2, 1.5], guard.Sent.ToArray());
        Assert.Equal([GuardReasons.Following, GuardReasons.Following, GuardReasons.None, GuardReasons.None], guard.Reasons.ToArray());
    }

    [Theory]
    [InlineData(5.0, 0, 0, 0, GuardReasons.Position)]
    [InlineData(0.5, 0, 0, 0, GuardReasons.Velocity)]
    [InlineData(0, -0.5, 0, 0.1, GuardReasons.Separation)]
    public void Every_change_names_its_reason(double finger, double right, double other, double left, GuardReasons reason)
    {
        MotionLimits limits = MotionLimits.Create(
            Layout, [.. Enumerable.Repeat(new ActuatorLimit(-1, 1, 4), 4)], new RailSeparation("rh_forearm_tx", "lh_forearm_tx", 0.3, 0.16));
        var guard = new Guard(limits);
        guard.Reset([0, 0, 0, 0]);
        guard.Apply(0.05, [], [finger, right, other, left]);
        Assert.Contains(guard.Reasons.ToArray(), r => r.HasFlag(reason));
        Assert.True(guard.Counts.Clamped >= 1);
    }

    [Fact]
    public void The_hands_may_come_as_close_as_the_limit_says()
    {
        MotionLimits limits = MotionLimits.Create(
            Layout, [.. Enumerable.Repeat(new ActuatorLimit(-1, 1, 1, 10), 4)], new RailSeparation("rh_forearm_tx", "lh_forearm_tx", 0.3, 0.16));
        var guard = new Guard(limits);
        guard.Reset([0, 0, 0, 0]);
        for (int n = 0; n < 60; n++)
            guard.Apply(0.05, [], [0, -1, 0, 1]);
        Assert.Equal(0.16, limits.SeparationIn(guard.Sent), 9);
    }

    [Fact]
    public void The_stopping_distance_is_the_sum_of_its_steps_and_the_largest_step_its_inverse()
    {
        var cases = from step in Gen.Choose(0, 5000) from change in Gen.Choose(1, 2000) select (step / 1e4, change / 1e4);
        Prop.ForAll(cases.ToArbitrary(), pair =>
        {
            (double step, double change) = pair;
            double sum = 0;
            for (double s = step; s > 1e-12; s -= change)
                sum += s;
            double distance = GuardRule.StoppingDistance(step, change);
            Assert.Equal(sum, distance, 9);
            Assert.Equal(step, GuardRule.LargestStep(distance, change), 9);
        }).Holds();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-0.05)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_period_that_is_no_time_is_refused(double dt)
    {
        var guard = new Guard(MotionLimits.Simulation(Layout, [-1, -1, -1, -1], [1, 1, 1, 1]));
        Assert.Contains("a finite time above zero", Assert.Throws<ArgumentOutOfRangeException>(() => guard.Apply(dt, [], [0, 0, 0, 0])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_reset_guard_starts_at_rest()
    {
        MotionLimits limits = MotionLimits.Create(Layout, [.. Enumerable.Repeat(new ActuatorLimit(-1, 1, 1, 10), 4)]);
        var guard = new Guard(limits);
        guard.Reset([0, 0, 0, 0]);
        for (int n = 0; n < 5; n++)
            guard.Apply(0.05, [], [1, double.NaN, 1, 1]);
        guard.Reset([0.5, 0.5, 0.5, 0.5]);
        Assert.All(guard.Reasons.ToArray(), r => Assert.Equal(GuardReasons.None, r));
        Assert.Equal(new GuardCounts(0, 0), guard.Counts);
        Assert.Equal([0.5, 0.5, 0.5, 0.5], guard.Apply(0.05, [], [0.5, 0.5, 0.5, 0.5]).ToArray());
    }

    [Fact]
    public void What_is_counted_is_what_was_not_sent_as_it_was_asked_for()
    {
        var guard = new Guard(MotionLimits.Create(Layout, [.. Enumerable.Repeat(new ActuatorLimit(-1, 1, 1), 4)]));
        guard.Reset([0, 0, 0, 0]);
        Assert.Equal(0, guard.ChangedShare);
        guard.Apply(0.05, [], [0.5, 0.5, double.NaN, 0.01]);
        Assert.Equal((new GuardCounts(2, 1), 0.75), (guard.Counts, guard.ChangedShare));
        guard.Apply(0.05, [], guard.Sent.ToArray());
        Assert.Equal((new GuardCounts(2, 1), 0.375), (guard.Counts, guard.ChangedShare));
    }

    [Fact]
    public void The_following_share_is_that_of_the_actuator_that_is_farthest_ahead()
    {
        ActuatorLimit Limit(double following) => new(-2, 2, Following: following);
        var guard = new Guard(MotionLimits.Create(Layout, [Limit(0.5), Limit(0.25), Limit(2), Limit(double.PositiveInfinity)]));
        guard.Reset([0.5, 0.5, 0.5, 0.5]);
        Assert.Equal(0.8, guard.FollowingShare([0.75, 0.7, 1.5, -100]), 12);
        Assert.Equal(0, guard.FollowingShare([0.5, 0.5, 0.5, 0.5]));
    }

    [Fact]
    public void Rails_that_come_first_and_know_no_acceleration_limit_keep_their_distance()
    {
        var rails = new JointLayout(["rh_forearm_tx", "lh_forearm_tx"], [JointUnit.Metre, JointUnit.Metre]);
        MotionLimits limits = MotionLimits.Create(
            rails, [.. Enumerable.Repeat(new ActuatorLimit(-1, 1), 2)], new RailSeparation("rh_forearm_tx", "lh_forearm_tx", 0.3, 0.16));
        var guard = new Guard(limits);
        guard.Reset([0, 0]);
        guard.Apply(0.05, [], [-1, 1]);
        Assert.Equal(0.16, limits.SeparationIn(guard.Sent), 12);
        Assert.Equal([1.0, -1.0], guard.Apply(0.05, [], [1, -1]).ToArray());
    }

    [Fact]
    public void A_blocked_rail_is_not_wound_up_either()
    {
        MotionLimits limits = MotionLimits.Create(
            Layout, [.. Enumerable.Repeat(new ActuatorLimit(-2, 2, 1, 10, 0.05), 4)], new RailSeparation("rh_forearm_tx", "lh_forearm_tx", 0.3, 0.16));
        var guard = new Guard(limits);
        guard.Reset([0, 0, 0, 0]);
        for (int n = 0; n < 50; n++)
            guard.Apply(0.05, [0, 0, 0, 0], [0, 1, 0, -1]);
        Assert.Equal([0, 0.05, 0, -0.05], guard.Sent.ToArray());
    }

    // From one end to the other and back: the worst case for braking.
    private static IEnumerable<double[]> Reversals =>
        Enumerable.Range(0, 120).Select(n => n / 20 % 2 == 0 ? new[] { 9.0, -9, -9, 9 } : [-9, 9, 9, -9]);
}
