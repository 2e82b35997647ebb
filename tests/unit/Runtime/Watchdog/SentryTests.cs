using System.Diagnostics;

using Legato.RobotDriver;
using Legato.Runtime.Safety;
using Legato.Runtime.Watchdog;
using Legato.Sim.Limits;
using Legato.Tests.Runtime.Loop;

using Rclcs;

namespace Legato.Tests.Runtime.Watchdog;

public sealed class SentryTests : IDisposable
{
    private static readonly double[] Command = [0.1, 0.4, 0.9, 0.05, 0.3, -0.05];

    private readonly string _path = Path.Combine(Path.GetTempPath(), $"legato-sentry-{Guid.NewGuid():N}");
    private readonly WatchdogPage _page;
    private readonly Hands _hands = new();
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
            if (now > Hands.Start + (3000 * FakeClock.Millisecond))
                _stop.Cancel();
        };
        Assert.Null(Watch());
        Assert.Empty(_hands.Written);
        Assert.True(_page.IsReady);
        Assert.True(_page.WatchdogBeat > Hands.Start + (2900 * FakeClock.Millisecond));
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
        Assert.InRange(note.RaisedMs!.Value, note.FirstMotionMs!.Value, 600);
        // Lifted by the wrist and the fingers, then held for two seconds more.
        Assert.Equal(Command[0] - 0.35, _hands.Written[^1][0], 9);
        Assert.Equal(Command[1] - 0.20, _hands.Written[^1][1], 9);
        Assert.InRange(_hands.Written.Count(w => w.AsSpan().SequenceEqual(_hands.Written[^1])), 98, 102);
        Assert.Contains("first command after", note.Describe(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_released_or_never_armed_is_not_lifted()
    {
        _hands.OnSleep = now =>
        {
            if (now > Hands.Start + (1000 * FakeClock.Millisecond))
                _stop.Cancel();
        };
        Assert.Null(Watch());
        Assert.Empty(_hands.Written);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Silence_before_anything_moves_is_left_alone(int commands)
    {
        Arm(commands);
        _hands.OnSleep = now =>
        {
            if (now > Hands.Start + (1000 * FakeClock.Millisecond))
                _stop.Cancel();
        };
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
        _hands.StampedAt = Hands.Start - (200 * FakeClock.Millisecond);
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
        Assert.Equal(3, note.Failed);
        Assert.True(note.RaisedCommanded);
        Assert.Equal(Command[0] - 0.35, _hands.Written[^1][0], 9);
    }

    private void Arm(int commands = 2)
    {
        _page.TryArm(new LiftOptions(), out long token);
        _page.BeatAsControl(Hands.Start);
        for (int i = 0; i < commands; i++)
        {
            _page.TryBeginSend(token, Command, new double[6]);
            _page.EndSend(token);
        }
    }

    private WatchdogNote? Watch(WatchedProcess? control = null) =>
        new Sentry(_page, _hands, FakeRig.Wide, FakeRobot.States, _hands, TimeProvider.System, new WatchdogOptions()).Watch(control, _stop.Token);

    /// <summary>Hands that follow at once, in a time that passes when somebody sleeps.</summary>
    private sealed class Hands : IStandbyHands, IRobotClock
    {
        public const long Start = 5_000 * FakeClock.Millisecond;

        private readonly double[] _positions = [0.3, 0.6, 0.4, 0.1, 0.05, 0.3, -0.05];

        public List<double[]> Written { get; } = [];

        public int Refusals { get; set; }

        public long? StampedAt { get; set; }

        public Action<long>? OnSleep { get; set; }

        public string? Missing => null;

        public long Now { get; private set; } = Start;

        public bool IsRealTime => true;

        public void SleepUntil(long deadline)
        {
            // A wake-up takes a moment.
            Now = Math.Max(Now, deadline) + 50_000;
            Assert.True(Now < Start + (60_000 * FakeClock.Millisecond), "it watches for ever");
            OnSleep?.Invoke(Now);
        }

        public bool TryRead(RobotState state)
        {
            _positions.CopyTo(state.Positions, 0);
            state.Stamp = StampedAt ?? Now;
            return true;
        }

        public void Write(ReadOnlySpan<double> targets)
        {
            if (Refusals-- > 0)
                throw new RclcsException("full");
            Written.Add(targets.ToArray());
            // In the order of the states; J0 is both of its joints.
            (_positions[0], _positions[1], _positions[2], _positions[3], _positions[5]) = (targets[2] / 3, targets[2] * 2 / 3, targets[1], targets[0], targets[4]);
        }
    }
}
