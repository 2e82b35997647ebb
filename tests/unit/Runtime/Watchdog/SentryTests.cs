using System.Diagnostics;

using Legato.Runtime.Safety;
using Legato.Runtime.Watchdog;
using Legato.Sim.Limits;
using Legato.Tests.Runtime.Loop;

namespace Legato.Tests.Runtime.Watchdog;

public sealed class SentryTests : IDisposable
{
    private static readonly double[] Command = [0.1, 0.4, 0.9, 0.05, 0.3, -0.05];

    private readonly string _path = Path.Combine(Path.GetTempPath(), $"legato-sentry-{Guid.NewGuid():N}");
    private readonly WatchdogPage _page;
    private readonly FakeHands _hands = new();
    private readonly CancellationTokenSource _stop = new();

    public SentryTests() => _page = WatchdogPage.Create(_path, FakeRobot.Commands, default);

    public void Dispose()
    {
        _page.Dispose();
        _stop.Dispose();
        File.Delete(_path);
    }

    [Fact]
    public void A_process_that_beats_is_left_alone()
    {
        Arm();
        _hands.OnSleep = now =>
        {
            _page.BeatAsControl(now);
            if (now > FakeHands.Start + (3000 * FakeClock.Millisecond))
                _stop.Cancel();
        };
        Assert.Null(Watch());
        Assert.Empty(_hands.Written);
        Assert.True(_page.IsReady);
        Assert.True(_page.WatchdogBeat > FakeHands.Start + (2900 * FakeClock.Millisecond));
    }

    [Fact]
    public void A_silent_one_is_deposed_and_its_hands_rise_within_the_bound()
    {
        Arm();
        WatchdogNote note = Watch()!;
        Assert.Equal(TakeoverReason.Silent, note.Reason);
        Assert.InRange(note.FirstCommandMs!.Value, 60, 100);
        Assert.Equal(CommandRight.Deposed, _page.Right);
        Assert.True(note is { FromMeasured: true, RaisedCommanded: true, Failed: 0, WasSending: false, WasKilled: false });
        Assert.InRange(note.DecidedMs, 60, 70);
        Assert.Equal(FakeHands.Start, note.LastBeatNs);
        // A hundredth of a radian after the first command, at the pace of a lift of 0.4 s; four fifths of the way long after that.
        Assert.InRange(note.FirstMotionMs!.Value - note.FirstCommandMs!.Value, 20, 120);
        Assert.InRange(note.RaisedMs!.Value - note.FirstCommandMs!.Value, 200, 350);
        Assert.Equal((120, 120), (note.Commands, _hands.Written.Count));
        // Whoever else looks at the page sees that the watchdog lives while it lifts.
        Assert.True(_page.WatchdogBeat > FakeHands.Start + (2400 * FakeClock.Millisecond));
        // Lifted by the wrist and the fingers, then held for two seconds more.
        Assert.Equal(Command[0] - 0.35, _hands.Written[^1][0], 9);
        Assert.Equal(Command[1] - 0.20, _hands.Written[^1][1], 9);
        Assert.InRange(_hands.Written.Count(w => w.AsSpan().SequenceEqual(_hands.Written[^1])), 98, 102);
        Assert.Contains("first command after", note.Describe(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_released_or_never_armed_is_not_lifted()
    {
        StopAfter(1000);
        Assert.Null(Watch());
        Assert.Empty(_hands.Written);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Silence_before_anything_moves_is_left_alone(int commands)
    {
        Arm(commands);
        StopAfter(1000);
        Assert.Null(Watch());
        Assert.Empty(_hands.Written);
        Assert.Equal(CommandRight.Armed, _page.Right);
    }

    [Fact]
    public void Who_dies_before_sending_anything_is_deposed_but_not_lifted()
    {
        Arm(commands: 0);
        using var process = Process.Start("sleep", "60");
        using WatchedProcess control = WatchedProcess.Open(process.Id)!;
        process.Kill();
        process.WaitForExit();
        WatchdogNote note = Watch(control)!;
        Assert.Equal(TakeoverReason.Dead, note.Reason);
        Assert.Equal(CommandRight.Deposed, _page.Right);
        Assert.Empty(_hands.Written);
        Assert.Null(note.FirstCommandMs);
        Assert.Contains("nothing is lifted", note.Describe(), StringComparison.Ordinal);
    }

    [Fact]
    public void Stale_states_make_it_rise_from_the_last_command()
    {
        Arm();
        _hands.StampedAt = FakeHands.Start - (200 * FakeClock.Millisecond);
        WatchdogNote note = Watch()!;
        Assert.True(note is { FromMeasured: false, RaisedMs: null, RaisedCommanded: true });
        Assert.Contains("NOT SEEN to rise", note.Describe(), StringComparison.Ordinal);
        Assert.Equal(Command[0] - 0.35, _hands.Written[^1][0], 9);
    }

    [Fact]
    public void Commands_that_are_refused_are_tried_again()
    {
        Arm();
        _hands.Refusals = 3;
        WatchdogNote note = Watch()!;
        Assert.Equal((3, 120), (note.Failed, note.Commands));
        Assert.True(note.RaisedCommanded);
        Assert.Equal(Command[0] - 0.35, _hands.Written[^1][0], 9);
    }

    [Theory]
    [InlineData(50, 5000)]
    [InlineData(4999, 5000)]
    // A look that comes when the next is due already has taken its place.
    [InlineData(5000, 10_000)]
    [InlineData(7000, 12_000)]
    public void It_looks_at_absolute_times_and_catches_up_with_none(int lateUs, int expectedUs)
    {
        _hands.LatenessNs = lateUs * 1000L;
        StopAfter(200);
        Assert.Null(Watch());
        Assert.Equal(FakeHands.Start, _hands.Deadlines[0]);
        Assert.All(_hands.Deadlines.Zip(_hands.Deadlines.Skip(1)), d => Assert.Equal(expectedUs * 1000L, d.Second - d.First));
    }

    [Fact]
    public void It_is_ready_once_nothing_is_missing()
    {
        _hands.Missing = "the right hand";
        bool? before = null, after = null;
        _hands.OnSleep = now =>
        {
            if (now > FakeHands.Start + (100 * FakeClock.Millisecond))
                (before, _hands.Missing) = (before ?? _page.IsReady, null);
            if (now > FakeHands.Start + (150 * FakeClock.Millisecond))
                (after, _hands.Missing) = (_page.IsReady, "the right hand");
            if (now > FakeHands.Start + (200 * FakeClock.Millisecond))
                _stop.Cancel();
        };
        Watch();
        Assert.Equal((false, true, true), (before, after, _page.IsReady));
    }

    [Fact]
    public void A_state_that_came_before_the_silence_is_measured_too()
    {
        Arm();
        // A pressing wrist: it is measured lower than it is commanded.
        _hands.Positions[3] = Command[0] - 0.05;
        _hands.LastReport = FakeHands.Start + (50 * FakeClock.Millisecond);
        WatchdogNote note = Watch()!;
        Assert.True(note is { FromMeasured: true, RaisedCommanded: true });
        Assert.Equal(Command[0] - 0.05 - 0.35, _hands.Written[^1][0], 9);
    }

    [Fact]
    public void What_was_never_reported_is_not_measured_however_young_the_clock_is()
    {
        _hands.Now = 0;
        Arm();
        _hands.LastReport = -1;
        Assert.False(Watch()!.FromMeasured);
        Assert.Equal(Command[0] - 0.35, _hands.Written[^1][0], 9);
    }

    [Fact]
    public void A_watchdog_that_receives_nothing_any_more_ends_while_the_run_can_still_lift_by_itself()
    {
        _hands.OnRead = () => throw new InvalidOperationException("its thread has failed");
        StopAfter(200);
        Assert.Throws<InvalidOperationException>(() => Watch());
    }

    [Fact]
    public void A_lift_goes_on_when_nothing_is_received_any_more()
    {
        Arm();
        _hands.OnRead = () =>
        {
            if (_page.Right == CommandRight.Deposed)
                throw new InvalidOperationException("its thread has failed");
        };
        WatchdogNote note = Watch()!;
        Assert.True(note is { FromMeasured: false, RaisedCommanded: true, FirstMotionMs: null });
        Assert.Equal(Command[0] - 0.35, _hands.Written[^1][0], 9);
    }

    [Fact]
    public void Rails_stay_whatever_they_were_doing_and_whatever_is_said_of_them()
    {
        MotionLimits limits = MotionLimits.Create(FakeRobot.Commands, [.. Enumerable.Repeat(new ActuatorLimit(-2, 4, 2, 15), 6)]);
        Arm(velocity: [0, 0, 0, 1, 0, -1]);
        (_hands.Positions[4], _hands.Positions[6]) = (0.4, 0.4);
        WatchdogNote note = Watch(limits: limits)!;
        Assert.True(note is { FromMeasured: true, RaisedCommanded: true });
        Assert.All(_hands.Written, w => Assert.Equal((Command[3], Command[5]), (w[3], w[5])));
    }

    [Fact]
    public void What_was_in_motion_is_braked()
    {
        MotionLimits limits = MotionLimits.Create(FakeRobot.Commands, [.. Enumerable.Repeat(new ActuatorLimit(-2, 4, 2, 15), 6)]);
        Arm(velocity: [0, 1, 0, 0, 0, 0]);
        WatchdogNote note = Watch(limits: limits)!;
        Assert.True(_hands.Written[0][1] > Command[1], "a finger cannot stop at once");
        Assert.True(note.Clamped > 0);
    }

    [Fact]
    public void Who_ends_at_rest_makes_room_for_the_next()
    {
        using Process first = Attach(), second = Process.Start("sleep", "60");
        End(first);
        bool isFree = false;
        _hands.OnSleep = now =>
        {
            if (now > FakeHands.Start + (100 * FakeClock.Millisecond) && !isFree)
            {
                Assert.Equal(0, _page.ControlProcess);
                isFree = true;
                Attach(second.Id);
                Arm();
                _page.BeatAsControl(now);
            }
            // It lives and beats for a while.
            if (isFree && now < FakeHands.Start + (300 * FakeClock.Millisecond))
                _page.BeatAsControl(now);
            else if (isFree && !second.HasExited)
                End(second);
        };
        WatchdogNote note = Watch()!;
        Assert.Equal((TakeoverReason.Dead, second.Id, false, false), (note.Reason, note.ControlProcess, note.WasSending, note.WasKilled));
        Assert.InRange(note.DecidedMs, 0, 15);
        Assert.Equal(Command[0] - 0.35, _hands.Written[^1][0], 9);
    }

    [Fact]
    public void Who_cannot_be_found_any_more_has_ended()
    {
        Attach(int.MaxValue);
        Arm();
        _hands.OnSleep = now => _page.BeatAsControl(now);
        Assert.Equal((TakeoverReason.Dead, int.MaxValue), Watch() is { } note ? (note.Reason, note.ControlProcess) : default);
    }

    [Fact]
    public void A_process_that_is_served_alone_ends_the_watch_with_itself()
    {
        using Process process = Attach();
        using WatchedProcess control = WatchedProcess.Open(process.Id)!;
        _hands.OnSleep = now =>
        {
            if (now > FakeHands.Start + (100 * FakeClock.Millisecond) && !process.HasExited)
                End(process);
        };
        Assert.Null(Watch(control));
        Assert.InRange(_hands.Now, FakeHands.Start + (100 * FakeClock.Millisecond), FakeHands.Start + (110 * FakeClock.Millisecond));
    }

    [Fact]
    public void Only_who_is_silent_in_the_middle_of_a_send_is_killed()
    {
        using Process process = Attach();
        Arm(isSending: true);
        WatchdogNote note = Watch()!;
        Assert.True(note is { Reason: TakeoverReason.Silent, WasSending: true, WasKilled: true, RaisedCommanded: true });
        Assert.True(process.WaitForExit(TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public void Who_is_silent_otherwise_lives()
    {
        using Process process = Attach();
        Arm();
        Assert.True(Watch() is { WasSending: false, WasKilled: false });
        Assert.False(process.HasExited);
        End(process);
    }

    [Fact]
    public void Nobody_is_killed_where_nobody_is_known()
    {
        Arm(isSending: true);
        Assert.True(Watch() is { WasSending: true, WasKilled: false, RaisedCommanded: true });
    }

    private static void End(Process process)
    {
        process.Kill();
        process.WaitForExit();
    }

    private Process Attach()
    {
        var process = Process.Start("sleep", "60");
        Attach(process.Id);
        return process;
    }

    /// <summary>Writes a number into the page as a process of that number would.</summary>
    private void Attach(int process)
    {
        using FileStream file = new(_path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        file.Position = 144;
        file.Write(BitConverter.GetBytes(process));
    }

    private void Arm(int commands = 2, double[]? velocity = null, bool isSending = false)
    {
        _page.TryArm(new LiftOptions(), out long token);
        _page.BeatAsControl(_hands.Now);
        for (int i = 0; i < commands; i++)
        {
            _page.TryBeginSend(token, Command, velocity ?? new double[6]);
            if (!isSending || i < commands - 1)
                _page.EndSend(token);
        }
    }

    private void StopAfter(int milliseconds) => _hands.OnSleep = now =>
    {
        if (now > FakeHands.Start + (milliseconds * FakeClock.Millisecond))
            _stop.Cancel();
    };

    private WatchdogNote? Watch(WatchedProcess? control = null, MotionLimits? limits = null) =>
        new Sentry(_page, _hands, limits ?? FakeRig.Wide, FakeRobot.States, _hands, TimeProvider.System, new WatchdogOptions()).Watch(control, _stop.Token);
}
