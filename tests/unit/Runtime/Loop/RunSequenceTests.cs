using Legato.Runtime.Loop;
using Legato.Runtime.Safety;
using Legato.Sim.Limits;

namespace Legato.Tests.Runtime.Loop;

/// <summary>When exactly a run goes from one thing to the next, and whom it blames.</summary>
public class RunSequenceTests
{
    // A second of homing at 20 Hz, both ends included.
    private const int Homing = 21;

    [Theory]
    [InlineData(0.2, 12)]
    [InlineData(0.12, 11)]
    [InlineData(0, 8)]
    public async Task A_lift_takes_its_time_and_is_held(double hold, int cycles)
    {
        var rig = new FakeRig(options: new ControlLoopOptions { Lift = new LiftOptions { Hold = TimeSpan.FromSeconds(hold) } });
        LoopReport report = await rig.Play();
        Assert.Equal(Homing, rig.Tape.In(RunState.Homing).Count());
        Tape.Entry[] lift = [.. rig.Tape.In(RunState.Lifting)];
        Assert.Equal(cycles, lift.Length);
        // 0.4 s of motion, of which the last cycle reaches the pose that is held.
        Assert.Equal(cycles - 7, lift.Count(c => c.Sent.SequenceEqual(lift[^1].Sent)));
        Assert.Equal(40 + cycles, report.Timing.Cycles);
    }

    [Fact]
    public async Task Every_transition_is_logged_with_its_cycle()
    {
        var rig = new FakeRig();
        await rig.Play();
        (RunState, long)[] expected =
        [
            (RunState.Connected, 0), (RunState.Checked, 0), (RunState.Armed, 0), (RunState.Homing, 0),
            (RunState.Playing, Homing), (RunState.Lifting, Homing + 40), (RunState.Stopped, Homing + 52),
        ];
        Assert.Equal(expected.Select(e => new LoopEvent(LoopEventKind.Transition, e.Item2, (int)e.Item1)), Drain(rig));
    }

    [Theory]
    [InlineData(50, null, null)]
    [InlineData(51, (int)LoopSection.Policy, null)]
    [InlineData(99, (int)LoopSection.Policy, null)]
    [InlineData(100, (int)LoopSection.Policy, 1)]
    [InlineData(170, (int)LoopSection.Policy, 2)]
    public async Task A_late_cycle_is_logged_with_its_culprit_and_what_it_left_out(int stallMs, int? culprit, int? leftOut)
    {
        var rig = new FakeRig(options: new ControlLoopOptions { StateLimit = TimeSpan.FromSeconds(1) });
        rig.Policy.OnStep = step => rig.Clock.Advance(step == 10 ? stallMs : 0);
        await rig.Play();
        LoopEvent[] late = [.. Drain(rig).Where(e => e.Kind != LoopEventKind.Transition)];
        LoopEvent?[] expected =
        [
            culprit is { } section ? new LoopEvent(LoopEventKind.Overrun, Homing + 10, section) : null,
            leftOut is { } count ? new LoopEvent(LoopEventKind.Skipped, Homing + 10, count) : null,
        ];
        Assert.Equal(expected.OfType<LoopEvent>(), late);
    }

    [Theory]
    [InlineData(3, 0)]
    [InlineData(2, 1)]
    public async Task Reports_that_cannot_be_true_are_logged_once_when_they_begin(int joint, int actuator)
    {
        var rig = new FakeRig();
        rig.Policy.OnStep = step => rig.Robot.Distort = step is 10 or 11 ? state => state.Positions[joint] = double.NaN : null;
        await rig.Play();
        Assert.Equal([new LoopEvent(LoopEventKind.Rejected, Homing + 11, actuator)], Drain(rig).Where(e => e.Kind == LoopEventKind.Rejected));
    }

    [Fact]
    public async Task The_pedal_is_the_policys_where_that_is_a_number_and_up_otherwise()
    {
        double[] pedal = [0.5, 2, double.NaN, -1, 0.25, double.PositiveInfinity];
        var rig = new FakeRig(steps: pedal.Length, pedal: step => pedal[step]);
        await rig.Play();
        Assert.Equal([0.5, 1, 1, 0, 0.25, 0.25], rig.Tape.In(RunState.Playing).Select(c => c.Pedal));
        Assert.All(rig.Tape.Cycles.Where(c => c.State != RunState.Playing), c => Assert.Equal((0, -1), (c.Pedal, c.Step)));
        Assert.Equal(0, rig.Robot.LastPedal);
    }

    [Fact]
    public async Task Hands_that_are_on_their_way_too_long_are_blocked_in_the_next_cycle()
    {
        MotionLimits limits = MotionLimits.Create(FakeRobot.Commands, [.. Enumerable.Repeat(new ActuatorLimit(-2, 4, 2, 40, 0.05), 6)]);
        var rig = new FakeRig(limits: limits);
        rig.Robot.Blocked = true;
        LoopReport report = await rig.Play();
        Assert.Equal(RunCause.HomingBlocked, report.Cause);
        Assert.Equal(Homing + 100, rig.Tape.In(RunState.Homing).Count());
        // As far ahead of the joints as the guard lets them be.
        Assert.Equal(1, report.Timing.Following, 0.01);
    }

    [Fact]
    public async Task Hands_that_are_where_they_are_to_begin_take_their_time_too()
    {
        var rig = new FakeRig();
        new[] { 0.2, 0.3, 0.2, 0, 0.1, 0.2, -0.1 }.CopyTo(rig.Robot.Positions, 0);
        await rig.Play();
        Assert.Equal(Homing, rig.Tape.In(RunState.Homing).Count());
    }

    [Fact]
    public async Task The_first_command_is_the_measured_pose_however_slow_the_hands_are()
    {
        var rig = new FakeRig(limits: MotionLimits.Create(FakeRobot.Commands, [.. Enumerable.Repeat(new ActuatorLimit(-2, 4, 1, 10), 6)]));
        await rig.Play();
        Assert.All(FakeRobot.Start.Zip(rig.Tape.Cycles[0].Sent), p => Assert.Equal(p.First, p.Second, 12));
    }

    [Fact]
    public async Task A_first_target_out_of_range_is_approached_as_far_as_the_range_goes()
    {
        ActuatorLimit[] limits = [.. Enumerable.Repeat(new ActuatorLimit(-2, 4), 6)];
        limits[0] = new ActuatorLimit(FakePolicy.First[0] + 0.05, 4);
        var rig = new FakeRig(limits: MotionLimits.Create(FakeRobot.Commands, limits));
        Assert.Equal((RunState.Stopped, RunCause.Completed), Ended(await rig.Play()));
        Assert.Equal(FakePolicy.First[0] + 0.05, rig.Tape.In(RunState.Homing).Last().Sent[0]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_cannot_be_believed_holds_no_command_back(bool silent)
    {
        // Joints follow at once: a command is never farther ahead than one step, unless what is measured is old.
        var rig = new FakeRig(limits: MotionLimits.Create(FakeRobot.Commands, [.. Enumerable.Repeat(new ActuatorLimit(-2, 4, 9, 400, 0.05), 6)]));
        rig.Policy.OnStep = step =>
        {
            rig.Robot.Silent = silent && step >= 10;
            rig.Robot.Distort = step >= 10 ? state => state.Positions[3] = double.NaN : null;
        };
        LoopReport report = await rig.Play();
        Assert.Equal(silent ? RunCause.StaleState : RunCause.ImplausibleState, report.Cause);
        Assert.Equal(rig.Tape.In(RunState.Playing).Last().Sent[0] - 0.35, rig.Robot.LastWrite[0], 12);
    }

    [Fact]
    public async Task Reports_that_cannot_be_true_hold_no_command_back_before_they_are_stale()
    {
        var rig = new FakeRig(limits: MotionLimits.Create(FakeRobot.Commands, [.. Enumerable.Repeat(new ActuatorLimit(-2, 4, 9, 400, 0.015), 6)]));
        rig.Policy.OnStep = step => rig.Robot.Distort = step >= 10 ? state => state.Positions[3] = double.NaN : null;
        await rig.Play();
        Assert.All(rig.Tape.In(RunState.Playing), c => Assert.Equal(c.Target, c.Sent));
        Assert.Equal(12, rig.Tape.In(RunState.Playing).Last().Step);
    }

    [Fact]
    public async Task A_lift_goes_on_where_room_is_short_and_playing_does_not()
    {
        // Every wrist that is lower than the start is too near.
        var rig = new FakeRig(clearance: new Room(pose => pose[0] - FakeRobot.Start[0]));
        rig.Tape.OnEntry = c =>
        {
            if (c.Cycle == 10)
                rig.Loop.Stop.Request("test");
        };
        LoopReport report = await rig.Play();
        Assert.Equal(RunCause.StopRequested, report.Cause);
        Assert.All(rig.Tape.In(RunState.Homing), c => Assert.True(c.Sent[0] >= FakeRobot.Start[0]));
        Assert.Equal(FakeRobot.Start[0] - 0.35, rig.Robot.LastWrite[0], 12);
    }

    [Fact]
    public async Task Who_stops_while_homing_has_allocated_nothing_either()
    {
        var rig = new FakeRig();
        rig.Robot.OnWrite = () =>
        {
            if (rig.Robot.Writes == 5)
                rig.Loop.Stop.Request("test");
        };
        LoopReport report = await rig.Play(new ControlLoopTests.Silence());
        Assert.Equal((RunCause.StopRequested, 0), (report.Cause, report.Timing.AllocatedBytes));
    }

    [Fact]
    public async Task Keys_are_passed_on_up_to_so_many_a_cycle()
    {
        var rig = new FakeRig(steps: 10);
        rig.Robot.Keys = int.MaxValue;
        int heard = 0;
        rig.Policy.OnHear = () => heard++;
        await rig.Play();
        Assert.Equal((256 * rig.Tape.Cycles.Count, rig.Tape.Keys), (rig.Tape.Keys, heard));
    }

    [Fact]
    public async Task A_policy_that_throws_at_a_key_is_not_told_of_the_next_and_the_hands_rise()
    {
        var rig = new FakeRig();
        rig.Policy.OnStep = step => rig.Robot.Keys = step == 3 ? int.MaxValue : 0;
        rig.Policy.OnHear = () => throw new InvalidOperationException("deaf");
        LoopReport report = await rig.Play();
        Assert.Equal((RunState.Faulted, RunCause.PolicyFailed, "deaf", 4), (report.State, report.Cause, report.Failure?.Message, report.StepsPlayed));
        Assert.Equal(FakePolicy.Target(0, 3) - 0.35, rig.Robot.LastWrite[0], 12);
        // Its keys are still recorded.
        Assert.True(rig.Tape.Keys > 256);
    }

    [Fact]
    public async Task A_recorder_that_throws_at_a_key_is_to_blame()
    {
        var rig = new FakeRig();
        rig.Policy.OnStep = step => rig.Robot.Keys = step == 3 ? 1 : 0;
        rig.Tape.OnKeyEvent = () => throw new IOException("disk full");
        LoopReport report = await rig.Play();
        Assert.Equal((RunState.Faulted, RunCause.RecorderFailed, "disk full"), (report.State, report.Cause, report.Failure?.Message));
        Assert.Equal(FakePolicy.Target(0, 3) - 0.35, rig.Robot.LastWrite[0], 12);
    }

    [Fact]
    public async Task A_keyboard_that_throws_after_a_key_is_to_blame_and_not_asked_again()
    {
        var rig = new FakeRig();
        rig.Policy.OnStep = step => (rig.Robot.Keys, rig.Robot.KeyFault) = step == 3 ? (1, new IOException("unplugged")) : (0, rig.Robot.KeyFault);
        LoopReport report = await rig.Play();
        Assert.Equal((RunState.Faulted, RunCause.RobotFailed, "unplugged"), (report.State, report.Cause, report.Failure?.Message));
        Assert.Equal(FakePolicy.Target(0, 3) - 0.35, rig.Robot.LastWrite[0], 12);
    }

    [Fact]
    public async Task The_first_failure_is_the_one_that_is_told()
    {
        var rig = new FakeRig();
        rig.Policy.OnStep = step =>
        {
            if (step != 3)
                return;
            rig.Robot.WriteFault = new IOException("second");
            throw new InvalidOperationException("first");
        };
        LoopReport report = await rig.Play();
        Assert.Equal((RunState.Faulted, RunCause.PolicyFailed, "first"), (report.State, report.Cause, report.Failure?.Message));
    }

    [Fact]
    public async Task A_pose_that_went_bad_while_the_code_was_warmed_up_is_refused()
    {
        var rig = new FakeRig();
        var e = await Assert.ThrowsAsync<InputException>(() => rig.Play(new AfterTransition(rig.Tape, RunState.Armed, () => rig.Robot.Positions[3] = 7)));
        Assert.Contains("rh_A_WRJ1", e.Message);
        Assert.Equal((RunState.Faulted, 0), (rig.Loop.Lifecycle.State, rig.Robot.Writes));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Fingers_that_may_still_press_keys_are_a_fault_whoever_ended_the_run(bool stopped)
    {
        var rig = new FakeRig();
        rig.Policy.OnStep = step =>
        {
            rig.Robot.Blocked = step >= 30;
            if (stopped && step == 35)
                rig.Loop.Stop.Request("test");
        };
        Assert.Equal((RunState.Faulted, RunCause.LiftBlocked), Ended(await rig.Play()));
    }

    [Fact]
    public async Task Where_nothing_is_measured_at_the_end_nobody_claims_that_the_hands_are_blocked()
    {
        var rig = new FakeRig(steps: 5);
        rig.Tape.OnEntry = c => rig.Robot.Silent |= c.State == RunState.Lifting;
        Assert.Equal((RunState.Stopped, RunCause.Completed), Ended(await rig.Play()));
    }

    [Fact]
    public async Task Who_is_deposed_while_lifting_lifts_no_more()
    {
        var rig = new FakeRig(steps: 5, withLifeline: true);
        int before = 0;
        rig.Tape.OnEntry = c =>
        {
            rig.Lifeline.IsDeposed |= c.State == RunState.Lifting;
            before = rig.Robot.Writes;
        };
        Assert.Equal((RunState.Faulted, RunCause.Deposed), Ended(await rig.Play()));
        Assert.Equal(before, rig.Robot.Writes);
        Assert.Single(rig.Tape.In(RunState.Lifting));
    }

    private sealed class Room(Func<double[], double> slack) : IClearance
    {
        public double Slack(ReadOnlySpan<double> actuators) => slack(actuators.ToArray());
    }

    private static (RunState, RunCause) Ended(LoopReport report) => (report.State, report.Cause);

    private static List<LoopEvent> Drain(FakeRig rig)
    {
        var events = new List<LoopEvent>();
        while (rig.Loop.Events.TryRead(out LoopEvent entry))
            events.Add(entry);
        return events;
    }
}
