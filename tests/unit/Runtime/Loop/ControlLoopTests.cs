using Legato.RobotDriver;
using Legato.Runtime.Loop;
using Legato.Runtime.Safety;
using Legato.Sim;

namespace Legato.Tests.Runtime.Loop;

public class ControlLoopTests
{
    private const long Period = 50 * FakeClock.Millisecond;

    [Fact]
    public async Task A_run_homes_plays_every_step_and_lifts()
    {
        var rig = new FakeRig(steps: 40);
        LoopReport report = await rig.Play();

        Assert.Equal((RunState.Stopped, RunCause.Completed, 40), (report.State, report.Cause, report.StepsPlayed));
        Assert.Null(report.Failure);
        Assert.Equal(
            [RunState.Checked, RunState.Armed, RunState.Homing, RunState.Playing, RunState.Lifting, RunState.Stopped],
            rig.Tape.Transitions.Select(t => t.To));
        Assert.Equal(Enumerable.Range(0, 40), rig.Tape.In(RunState.Playing).Select(c => c.Step));
        Assert.All(rig.Tape.In(RunState.Playing), c => Assert.Equal(Enumerable.Range(0, 6).Select(i => FakePolicy.Target(i, c.Step)), c.Sent));
        Assert.Equal(rig.Tape.Cycles.Count, rig.Robot.Writes);
    }

    [Fact]
    public async Task Deadlines_are_absolute_however_late_each_cycle_begins()
    {
        var rig = new FakeRig(steps: 200);
        rig.Clock.Lateness = 700_000;
        LoopReport report = await rig.Play();

        long first = rig.Tape.Cycles[0].Deadline;
        Assert.All(rig.Tape.Cycles, c => Assert.Equal(first + (c.Cycle * Period), c.Deadline));
        Assert.All(rig.Tape.Cycles, c => Assert.Equal(700_000, c.Woke - c.Deadline));
        Assert.Equal(Enumerable.Range(0, rig.Tape.Cycles.Count).Select(n => (long)n), rig.Tape.Cycles.Select(c => c.Cycle));
        Assert.Equal(700, report.Timing.LatenessUs.Max);
        Assert.Equal(0, report.Timing.Overruns);
    }

    [Fact]
    public async Task The_first_command_is_the_measured_pose_and_the_way_to_the_first_target_is_smooth()
    {
        var rig = new FakeRig();
        await rig.Play();
        Tape.Entry[] homing = [.. rig.Tape.In(RunState.Homing)];

        for (int i = 0; i < 6; i++)
            Assert.Equal(FakeRobot.Start[i], homing[0].Sent[i], 12);
        Assert.True(homing.Length >= 20, "homing takes at least a second");
        Assert.Equal(FakePolicy.First, homing[^1].Sent);
        for (int n = 1; n < homing.Length; n++)
        {
            // A minimum-jerk move is never faster than 15/8 of its mean speed.
            for (int i = 0; i < 6; i++)
                Assert.InRange(Math.Abs(homing[n].Sent[i] - homing[n - 1].Sent[i]), 0, (Math.Abs(FakePolicy.First[i] - FakeRobot.Start[i]) * 1.875 / 20) + 1e-12);
        }
    }

    [Fact]
    public async Task A_stop_is_honoured_in_the_next_cycle_and_ends_raised()
    {
        var rig = new FakeRig();
        rig.Policy.OnStep = step =>
        {
            if (step == 5)
                rig.Loop.Stop.Request("space bar");
        };
        LoopReport report = await rig.Play();

        Assert.Equal((RunState.Stopped, RunCause.StopRequested, "space bar", 6), (report.State, report.Cause, report.StoppedBy, report.StepsPlayed));
        Tape.Entry last = rig.Tape.In(RunState.Playing).Last();
        Tape.Entry next = rig.Tape.In(RunState.Lifting).First();
        Assert.Equal(last.Cycle + 1, next.Cycle);
        Assert.True(next.Sent[0] < last.Sent[0], "the wrist rises in the very first cycle");
        Assert.Equal(last.Sent[0] - 0.35, rig.Robot.LastWrite[0], 12);
        Assert.Equal(last.Sent[1] - 0.20, rig.Robot.LastWrite[1], 12);
        Assert.Equal(last.Sent[3], rig.Robot.LastWrite[3], 12);
        Assert.Equal(0, rig.Robot.LastPedal);
    }

    [Fact]
    public async Task The_rigs_own_stop_is_honoured_in_the_next_cycle()
    {
        var rig = new FakeRig();
        rig.Policy.OnStep = step => rig.Robot.StopReason = step == 5 ? "the rig's e-stop" : null;
        LoopReport report = await rig.Play();

        Assert.Equal((RunState.Stopped, RunCause.StopRequested, "the rig's e-stop", 6), (report.State, report.Cause, report.StoppedBy, report.StepsPlayed));
        Assert.Equal(rig.Tape.In(RunState.Playing).Last().Cycle + 1, rig.Tape.In(RunState.Lifting).First().Cycle);
    }

    [Fact]
    public async Task A_stop_while_homing_lifts_too()
    {
        var rig = new FakeRig();
        rig.Tape.OnEntry = c =>
        {
            if (c.State == RunState.Homing && c.Cycle == 7)
                rig.Loop.Stop.Request("SIGINT");
        };
        LoopReport report = await rig.Play();
        Assert.Equal((RunState.Stopped, 0), (report.State, report.StepsPlayed));
        Assert.Equal(8, rig.Tape.In(RunState.Lifting).First().Cycle);
    }

    [Fact]
    public async Task A_stop_before_the_start_moves_nothing()
    {
        var rig = new FakeRig();
        rig.Loop.Stop.Request("SIGINT");
        LoopReport report = await rig.Play();
        Assert.Equal((RunState.Stopped, RunCause.StopRequested, 0), (report.State, report.Cause, rig.Robot.Writes));
    }

    [Fact]
    public async Task A_cycle_that_ends_too_late_is_an_overrun_with_a_culprit()
    {
        var rig = new FakeRig();
        rig.Policy.OnStep = step => rig.Clock.Advance(step == 10 ? 60 : 0);
        LoopReport report = await rig.Play();

        Assert.Equal((1, 0), (report.Timing.Overruns, report.Timing.Skipped));
        Assert.Equal(LoopSection.Policy, report.Timing.Sections.Single(s => s.Blamed > 0).Section);
        Assert.Equal(60_000, report.Timing.Sections[(int)LoopSection.Policy].DurationUs.Max, 0.5);
        Assert.Equal(Enumerable.Range(0, 40), rig.Tape.In(RunState.Playing).Select(c => c.Step));
        Tape.Entry late = rig.Tape.In(RunState.Playing).Single(c => c.Step == 11);
        Assert.Equal(10 * FakeClock.Millisecond, late.Woke - late.Deadline);
        Assert.Equal(0, rig.Tape.In(RunState.Playing).Where(c => c.Step > 11).Max(c => c.Woke - c.Deadline));
    }

    [Fact]
    public async Task After_a_stall_steps_are_left_out_and_not_caught_up_in_a_burst()
    {
        var rig = new FakeRig(options: new ControlLoopOptions { StateLimit = TimeSpan.FromSeconds(1) });
        rig.Policy.OnStep = step => rig.Clock.Advance(step == 10 ? 170 : 0);
        LoopReport report = await rig.Play();

        Assert.Equal(2, report.Timing.Skipped);
        Assert.Equal([9, 10, 13, 14], rig.Tape.In(RunState.Playing).Select(c => c.Step).Where(s => s is >= 9 and <= 14));
        Assert.Equal(38, report.StepsPlayed);
        Assert.True(rig.Loop.Events.TryRead(out _));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task No_cycle_allocates(bool realTime)
    {
        var rig = new FakeRig(steps: 400);
        rig.Clock.IsRealTime = realTime;
        rig.Robot.Keys = 100_000;
        LoopReport report = await rig.Play(new Silence());
        Assert.Equal(400, report.StepsPlayed);
        Assert.Equal(0, report.Timing.AllocatedBytes);
    }

    [Fact]
    public async Task A_flood_of_keys_does_not_hold_the_loop()
    {
        var rig = new FakeRig(steps: 10);
        rig.Robot.Keys = int.MaxValue;
        LoopReport report = await rig.Play();
        Assert.Equal(RunState.Stopped, report.State);
        Assert.InRange(rig.Tape.Keys, 1, 256 * rig.Tape.Cycles.Count);
    }

    [Fact]
    public void Actuators_that_differ_are_refused_by_name()
    {
        var clock = new FakeClock();
        string[] names = [.. FakeRobot.Commands.Names.Reverse()];
        var mirrored = new JointLayout(names, FakeRobot.Commands.Units);
        var e = Assert.Throws<InputException>(() =>
            new ControlLoop(new FakeRobot(clock), new FakePolicy(3) { Actuators = mirrored }, FakeRig.Wide, new ControlLoopOptions(), clock));
        Assert.Contains("rh_A_WRJ1", e.Message);
        Assert.Contains("lh_forearm_tx", e.Message);
    }

    [Fact]
    public void Options_out_of_range_are_refused()
    {
        Assert.Throws<InputException>(() => new FakeRig(options: new ControlLoopOptions { Period = TimeSpan.Zero }));
        Assert.Throws<InputException>(() => new FakeRig(options: new ControlLoopOptions { Homing = TimeSpan.FromSeconds(0.5) }));
        Assert.Throws<InputException>(() => new FakeRig(options: new ControlLoopOptions { StateLimit = TimeSpan.Zero }));
        Assert.Throws<InputException>(() => new FakeRig(steps: 0));
    }

    [Fact]
    public async Task A_loop_runs_once()
    {
        var rig = new FakeRig();
        await rig.Play();
        await Assert.ThrowsAsync<InvalidOperationException>(() => rig.Loop.RunAsync(rig.Tape));
    }

    internal sealed class Silence : IRunObserver
    {
        public void OnCycle(in CycleRecord cycle)
        {
        }

        public void OnKey(in KeyEvent key)
        {
        }

        public void OnTransition(in RunTransition transition)
        {
        }
    }
}
