using Legato.Runtime.Safety;
using Legato.Runtime.Watchdog;
using Legato.Tests.Runtime.Loop;

namespace Legato.Tests.Runtime.Watchdog;

public sealed class WatchdogLinkTests : IDisposable
{
    private static readonly WatchdogOptions Options = new();
    private static readonly double[] Command = [1, 2, 3, 4, 5, 6];

    private readonly string _path = Path.Combine(Path.GetTempPath(), $"legato-link-{Guid.NewGuid():N}");
    private readonly WatchdogPage _page;
    private readonly WatchdogLink _link;

    public WatchdogLinkTests()
    {
        _page = WatchdogPage.Create(_path, FakeRobot.Commands, default);
        _link = new WatchdogLink(_page, Options);
    }

    public void Dispose()
    {
        _page.Dispose();
        File.Delete(_path);
    }

    [Fact]
    public void A_turn_is_armed_used_and_given_back()
    {
        Assert.Equal(Options.Beat, _link.BeatPeriod);
        _link.Arm(41, new LiftOptions { Wrist = 0.1 });
        // To arm is a sign of life: the silence before it does not count.
        Assert.Equal((41, CommandRight.Armed, 0.1), (_page.ControlBeat, _page.Right, _page.ReadLift().Wrist));
        _link.Beat(42);
        Assert.Equal(42, _page.ControlBeat);
        Assert.True(_link.TryBeginSend(Command, Command));
        Assert.Equal(CommandRight.Sending, _page.Right);
        _link.EndSend();
        Assert.Equal(CommandRight.Armed, _page.Right);
        _link.Release();
        Assert.Equal(CommandRight.Standby, _page.Right);
    }

    [Fact]
    public void Who_was_deposed_neither_sends_nor_begins_anew()
    {
        _link.Arm(41, new LiftOptions());
        _page.Depose();
        Assert.False(_link.TryBeginSend(Command, Command));
        Assert.Contains("lets nobody command", Assert.Throws<InputException>(() => _link.Arm(42, new LiftOptions())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_watchdog_is_lost_after_its_silence()
    {
        long silence = Options.WatchdogSilence.Ticks * TimeSpan.NanosecondsPerTick;
        _page.BeatAsWatchdog(1000);
        Assert.True(_link.IsWatched(1000 + silence));
        Assert.False(_link.IsWatched(1001 + silence));
    }
}
