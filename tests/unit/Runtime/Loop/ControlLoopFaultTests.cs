using Legato.Runtime.Loop;
using Legato.Runtime.Safety;
using Legato.Sim.Limits;

namespace Legato.Tests.Runtime.Loop;

/// <summary>Whatever fails once the hands have moved, they are raised by what still works.</summary>
public class ControlLoopFaultTests
{
    [Fact]
    public async Task Stale_states_lift_and_hold()
    {
        var rig = new FakeRig();
        rig.Policy.OnStep = step => rig.Robot.Silent = step >= 10;
        LoopReport report = await rig.Play();

        Assert.Equal((RunState.Faulted, RunCause.StaleState), (report.State, report.Cause));
        // The last state is from step 10; its age passes 100 ms in the third cycle after it.
        Assert.Equal(13, report.StepsPlayed);
        Tape.Entry[] lift = [.. rig.Tape.In(RunState.Lifting)];
        Assert.Equal(FakePolicy.Target(0, 12) - 0.35, lift[^1].Sent[0], 12);
        Assert.Equal(lift[^1].Sent, lift[^4].Sent);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(2.0)]
    public async Task Reports_that_cannot_be_true_are_not_used_and_lift_when_they_stay(double jump)
    {
        MotionLimits limits = MotionLimits.Create(FakeRobot.Commands, [.. Enumerable.Repeat(new ActuatorLimit(-2, 4, 2, 40, 0.5), 6)]);
        var rig = new FakeRig(limits: limits);
        rig.Policy.OnStep = step => rig.Robot.Distort = step >= 10 ? state => state.Positions[3] += jump : null;
        LoopReport report = await rig.Play();

        Assert.Equal((RunState.Faulted, RunCause.ImplausibleState, 13), (report.State, report.Cause, report.StepsPlayed));
        Assert.All(rig.Tape.Cycles.Where(c => c.Step > 10), c => Assert.False(c.Fresh));
        // What a sensor says that jumped must not pull the command along.
        Assert.All(rig.Tape.In(RunState.Playing), c => Assert.Equal(c.Target, c.Sent));
    }

    [Fact]
    public async Task A_single_report_that_cannot_be_true_is_passed_over()
    {
        var rig = new FakeRig();
        rig.Policy.OnStep = step => rig.Robot.Distort = step == 10 ? state => state.Positions[2] = double.NaN : null;
        LoopReport report = await rig.Play();
        Assert.Equal((RunState.Stopped, RunCause.Completed), (report.State, report.Cause));
        Assert.Single(rig.Tape.In(RunState.Playing), c => !c.Fresh);
    }

    [Fact]
    public async Task A_report_that_was_overtaken_is_passed_over()
    {
        var rig = new FakeRig();
        rig.Policy.OnStep = step => rig.Robot.StampOffsetMs = step % 4 == 1 ? -95 : 0;
        LoopReport report = await rig.Play();
        Assert.Equal((RunState.Stopped, RunCause.Completed), (report.State, report.Cause));
        Assert.Equal(rig.Tape.In(RunState.Playing).Count(c => c.Step % 4 == 2), rig.Tape.In(RunState.Playing).Count(c => !c.Fresh));
    }

    [Fact]
    public async Task Hands_that_do_not_follow_the_lift_are_a_fault()
    {
        var rig = new FakeRig();
        rig.Policy.OnStep = step => rig.Robot.Blocked = step >= 30;
        LoopReport report = await rig.Play();
        Assert.Equal((RunState.Faulted, RunCause.LiftBlocked), (report.State, report.Cause));
    }

    [Fact]
    public async Task A_policy_that_throws_lifts()
    {
        var rig = new FakeRig();
        rig.Policy.OnStep = step =>
        {
            if (step == 3)
                throw new InvalidOperationException("no idea");
        };
        LoopReport report = await rig.Play();
        AssertLifted(rig, report, RunCause.PolicyFailed, "no idea");
        Assert.Equal(3, report.StepsPlayed);
    }

    [Fact]
    public async Task A_read_that_throws_lifts_without_reading()
    {
        var rig = new FakeRig();
        rig.Policy.OnStep = step => rig.Robot.ReadFault = step == 3 ? new IOException("unplugged") : null;
        LoopReport report = await rig.Play();
        AssertLifted(rig, report, RunCause.RobotFailed, "unplugged");
        Assert.All(rig.Tape.In(RunState.Lifting), c => Assert.False(c.Fresh));
    }

    [Fact]
    public async Task A_write_that_throws_once_still_lifts()
    {
        var rig = new FakeRig();
        rig.Policy.OnStep = step => rig.Robot.WriteFault = step == 3 ? new IOException("bus error") : null;
        LoopReport report = await rig.Play(new AfterTransition(rig.Tape, RunState.Lifting, () => rig.Robot.WriteFault = null));
        AssertLifted(rig, report, RunCause.RobotFailed, "bus error");
    }

    [Fact]
    public async Task A_robot_that_takes_no_command_any_more_ends_in_a_fault_and_not_in_a_hang()
    {
        var rig = new FakeRig();
        rig.Policy.OnStep = step =>
        {
            if (step == 3)
                rig.Robot.WriteFault = new IOException("gone");
        };
        LoopReport report = await rig.Play();
        Assert.Equal((RunState.Faulted, RunCause.RobotFailed), (report.State, report.Cause));
        Assert.Equal("gone", report.Failure?.Message);
    }

    [Fact]
    public async Task A_recorder_that_throws_lifts()
    {
        var rig = new FakeRig();
        rig.Tape.OnEntry = c =>
        {
            if (c.Step == 3)
                throw new IOException("disk full");
        };
        LoopReport report = await rig.Play();
        Assert.Equal((RunState.Faulted, RunCause.RecorderFailed, 4), (report.State, report.Cause, report.StepsPlayed));
        Assert.Equal("disk full", report.Failure?.Message);
        Assert.Equal(FakePolicy.Target(0, 3) - 0.35, rig.Robot.LastWrite[0], 12);
    }

    [Fact]
    public async Task A_recorder_that_throws_at_a_transition_lifts()
    {
        var rig = new FakeRig();
        LoopReport report = await rig.Play(new AfterTransition(rig.Tape, RunState.Playing, () => throw new IOException("disk full")));
        Assert.Equal((RunState.Faulted, RunCause.RecorderFailed, 0), (report.State, report.Cause, report.StepsPlayed));
    }

    [Fact]
    public async Task A_hand_that_does_not_follow_is_not_homed_for_ever()
    {
        MotionLimits limits = MotionLimits.Create(FakeRobot.Commands, [.. Enumerable.Repeat(new ActuatorLimit(-2, 4, 2, 40, 0.05), 6)]);
        var rig = new FakeRig(limits: limits);
        rig.Robot.Blocked = true;
        LoopReport report = await rig.Play();
        Assert.Equal((RunState.Faulted, RunCause.HomingBlocked, 0), (report.State, report.Cause, report.StepsPlayed));
    }

    [Fact]
    public async Task A_failure_during_the_last_lift_is_reported()
    {
        var rig = new FakeRig(steps: 5);
        rig.Tape.OnEntry = c => rig.Robot.WriteFault = c.State == RunState.Lifting ? new IOException("late") : null;
        LoopReport report = await rig.Play();
        Assert.Equal((RunState.Faulted, RunCause.RobotFailed, 5), (report.State, report.Cause, report.StepsPlayed));
    }

    [Fact]
    public async Task A_recorder_that_fails_during_the_last_lift_faults_the_run()
    {
        var rig = new FakeRig(steps: 5);
        rig.Tape.OnEntry = c =>
        {
            if (c.State == RunState.Lifting)
                throw new IOException("disk full");
        };
        LoopReport report = await rig.Play();
        Assert.Equal((RunState.Faulted, RunCause.RecorderFailed, 5), (report.State, report.Cause, report.StepsPlayed));
        Assert.Equal(FakePolicy.Target(0, 4) - 0.35, rig.Robot.LastWrite[0], 12);
    }

    [Theory]
    [InlineData("silent", "no joint state")]
    [InlineData("old", "ms old")]
    [InlineData("outside", "rh_A_WRJ1")]
    [InlineData("nan", "rh_A_FFJ0")]
    public async Task A_start_without_a_fresh_and_sane_pose_is_refused(string fault, string message)
    {
        var rig = new FakeRig();
        rig.Robot.Silent = fault == "silent";
        rig.Robot.StampOffsetMs = fault == "old" ? -500 : 0;
        rig.Robot.Positions[3] = fault == "outside" ? 7 : 0;
        rig.Robot.Positions[1] = fault == "nan" ? double.NaN : 0;

        var e = await Assert.ThrowsAsync<InputException>(() => rig.Play());
        Assert.Contains(message, e.Message);
        Assert.Equal((RunState.Faulted, 0), (rig.Loop.Lifecycle.State, rig.Robot.Writes));
    }

    [Fact]
    public async Task A_start_with_the_hands_too_close_is_refused()
    {
        var rig = new FakeRig(limits: Apart(0.45));
        var e = await Assert.ThrowsAsync<InputException>(() => rig.Play());
        Assert.Contains("apart", e.Message);
        Assert.Equal(0, rig.Robot.Writes);
    }

    // The hands of this rig are 0.4 m apart: rails that rest a little nearer than they may be sent.
    [Fact]
    public async Task A_start_that_is_closer_by_millimetres_begins_with_moving_apart()
    {
        MotionLimits limits = Apart(0.403);
        var rig = new FakeRig(limits: limits);
        Assert.Equal(RunState.Stopped, (await rig.Play()).State);
        double[] gaps = [.. rig.Tape.Cycles.Select(c => limits.SeparationIn(c.Sent))];
        Assert.True(gaps[0] >= 0.4 - 1e-12);
        Assert.All(gaps.Zip(gaps.Skip(1)), g => Assert.True(g.Second >= Math.Min(g.First, 0.403) - 1e-12, $"{g}"));
        Assert.True(gaps[^1] >= 0.403 - 1e-12);
    }

    [Fact]
    public async Task A_robot_that_never_answers_faults_the_run()
    {
        var rig = new FakeRig(robot: clock => new FakeRobot(clock) { ConnectFault = new InputException("rails: no answer on /dev/ttyUSB0") });
        await Assert.ThrowsAsync<InputException>(() => rig.Play());
        Assert.Equal(RunState.Faulted, rig.Loop.Lifecycle.State);
    }

    private static void AssertLifted(FakeRig rig, LoopReport report, RunCause cause, string message)
    {
        Assert.Equal((RunState.Faulted, cause), (report.State, report.Cause));
        Assert.Equal(message, report.Failure?.Message);
        Tape.Entry lastPlayed = rig.Tape.In(RunState.Playing).Last();
        Assert.InRange(rig.Robot.LastWrite[0], lastPlayed.Sent[0] - 0.35 - 0.011, lastPlayed.Sent[0] - 0.35 + 0.011);
    }

    private static MotionLimits Apart(double minimum) => MotionLimits.Create(
        FakeRobot.Commands, [.. Enumerable.Repeat(new ActuatorLimit(-2, 4), 6)], new RailSeparation("rh_forearm_tx", "lh_forearm_tx", 0.3, minimum));
}
