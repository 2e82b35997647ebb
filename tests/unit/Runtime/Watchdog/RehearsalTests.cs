using Legato.Runtime.Safety;
using Legato.Runtime.Watchdog;
using Legato.Sim.Limits;
using Legato.Tests.Runtime.Loop;

namespace Legato.Tests.Runtime.Watchdog;

public class RehearsalTests
{
    [Fact]
    public void The_whole_takeover_is_rehearsed_and_leaves_nothing_behind()
    {
        string path = Path.Combine(Path.GetTempPath(), $"legato-rehearsal-{Guid.NewGuid():N}");
        // Zero is out of the range of some: they begin at its end.
        MotionLimits limits = MotionLimits.Create(
            FakeRobot.Commands, [new(-0.7, 0.5), new(0.1, 1), new(-2, -0.1), new(-1, 1), new(-1, 1), new(-1, 1)]);
        var options = new WatchdogOptions { Hold = TimeSpan.FromSeconds(1) };
        WatchdogNote note = Rehearsal.Run(path, limits, FakeRobot.States, options)!;
        Assert.Equal(TakeoverReason.Silent, note.Reason);
        Assert.True(note is { RaisedCommanded: true, Failed: 0, Clamped: 0 });
        // The lift and its hold, at the rate of the real one.
        Assert.Equal((int)Math.Ceiling((new LiftOptions().Duration + options.Hold) / options.LiftPeriod), note.Commands);
        Assert.False(File.Exists(path));
    }

    [Fact]
    public void A_page_that_cannot_be_made_is_told() =>
        Assert.Throws<InputException>(() => Rehearsal.Run("/proc/no-such-folder/page", FakeRig.Wide, FakeRobot.States, new WatchdogOptions()));
}
