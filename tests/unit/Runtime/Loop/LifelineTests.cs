using Legato.Runtime.Loop;
using Legato.Runtime.Safety;

namespace Legato.Tests.Runtime.Loop;

public class LifelineTests
{
    [Fact]
    public async Task The_thread_beats_all_the_time_and_asks_before_every_command()
    {
        var rig = new FakeRig(steps: 40, withLifeline: true);
        LoopReport report = await rig.Play();
        Assert.Equal(RunState.Stopped, report.State);
        Assert.Equal((rig.Robot.Writes, rig.Robot.Writes), (rig.Lifeline.Begun, rig.Lifeline.Ended));
        Assert.Equal(10, rig.Lifeline.LongestPauseMs);
        Assert.All(rig.Tape.Cycles, c => Assert.Equal(c.Deadline, c.Woke));
        Assert.Equal(["arm", "release"], rig.Lifeline.Story);
    }

    [Fact]
    public async Task Every_section_may_take_as_long_as_the_watchdog_waits()
    {
        var rig = new FakeRig(steps: 40, withLifeline: true);
        rig.Policy.OnStep = _ => rig.Clock.Advance(15);
        rig.Robot.OnRead = () => rig.Clock.Advance(15);
        rig.Robot.OnWrite = () => rig.Clock.Advance(15);
        await rig.Play();
        Assert.Equal(15, rig.Lifeline.LongestPauseMs);
    }

    [Fact]
    public async Task A_deposed_loop_sends_nothing_more_and_ends_in_a_fault()
    {
        var rig = new FakeRig(steps: 40, withLifeline: true);
        rig.Policy.OnStep = step => rig.Lifeline.IsDeposed |= step == 10;
        int before = 0;
        rig.Tape.OnEntry = entry => before = rig.Robot.Writes;
        LoopReport report = await rig.Play();
        Assert.Equal((RunState.Faulted, RunCause.Deposed), (report.State, report.Cause));
        Assert.Equal(before, rig.Robot.Writes);
        Assert.Equal(9, rig.Tape.Cycles[^1].Step);
        // It asks once and never again.
        Assert.Equal(rig.Lifeline.Begun + 1, rig.Lifeline.Asked);
        Assert.Equal([RunState.Lifting, RunState.Faulted], rig.Tape.Transitions.TakeLast(2).Select(t => t.To));
    }

    [Fact]
    public async Task After_a_stall_the_loop_finds_out_before_it_lifts_by_itself()
    {
        var rig = new FakeRig(steps: 40, withLifeline: true);
        rig.Policy.OnStep = step =>
        {
            if (step != 10)
                return;
            rig.Clock.Advance(2000);
            rig.Lifeline.IsDeposed = true;
        };
        LoopReport report = await rig.Play();
        Assert.Equal((RunState.Faulted, RunCause.Deposed), (report.State, report.Cause));
        Assert.Equal(10, report.StepsPlayed);
    }

    [Fact]
    public async Task Without_a_watchdog_the_hands_are_lifted_and_the_run_has_failed()
    {
        var rig = new FakeRig(steps: 40, withLifeline: true);
        rig.Policy.OnStep = step => rig.Lifeline.IsLost |= step == 10;
        LoopReport report = await rig.Play();
        Assert.Equal((RunState.Faulted, RunCause.WatchdogLost), (report.State, report.Cause));
        Tape.Entry last = rig.Tape.In(RunState.Playing).Last();
        Assert.Equal(last.Cycle + 1, rig.Tape.In(RunState.Lifting).First().Cycle);
        Assert.Equal(last.Sent[0] - 0.35, rig.Robot.LastWrite[0], 12);
    }

    [Fact]
    public async Task A_fault_while_sending_gives_the_right_back_for_the_lift()
    {
        var rig = new FakeRig(steps: 40, withLifeline: true);
        rig.Policy.OnStep = step => rig.Robot.WriteFault = step == 10 ? new IOException("unplugged") : null;
        rig.Lifeline.OnEnd = () => rig.Robot.WriteFault = null;
        LoopReport report = await rig.Play();
        Assert.Equal((RunState.Faulted, RunCause.RobotFailed), (report.State, report.Cause));
        Assert.Equal(rig.Lifeline.Begun, rig.Lifeline.Ended);
        Assert.NotEmpty(rig.Tape.In(RunState.Lifting));
    }
}

/// <summary>A lifeline to nobody, which remembers what it was told.</summary>
internal sealed class FakeLifeline(FakeClock clock) : ILifeline
{
    private readonly string[] _story = new string[2];
    private int _told;
    private long _last;
    private bool _isArmed;

    public TimeSpan BeatPeriod => TimeSpan.FromMilliseconds(10);

    public bool IsDeposed { get; set; }

    public bool IsLost { get; set; }

    public int Asked { get; private set; }

    public int Begun { get; private set; }

    public int Ended { get; private set; }

    public double LongestPauseMs { get; private set; }

    public Action? OnEnd { get; set; }

    public IReadOnlyList<string> Story => _story;

    public void Arm(long now, LiftOptions lift)
    {
        _story[_told++] = "arm";
        (_last, _isArmed) = (now, true);
    }

    public void Beat(long now)
    {
        if (_isArmed)
            LongestPauseMs = Math.Max(LongestPauseMs, (double)(now - _last) / FakeClock.Millisecond);
        _last = now;
        Assert.True(now <= clock.Now, "a beat from the future");
    }

    public bool IsWatched(long now) => !IsLost;

    public bool TryBeginSend(ReadOnlySpan<double> command, ReadOnlySpan<double> velocity)
    {
        Asked++;
        if (IsDeposed)
            return false;
        Begun++;
        return true;
    }

    public void EndSend()
    {
        Ended++;
        OnEnd?.Invoke();
    }

    public void Release() => _story[_told++] = "release";
}
