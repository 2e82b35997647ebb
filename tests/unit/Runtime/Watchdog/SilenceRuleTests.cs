using Legato.Runtime.Watchdog;

namespace Legato.Tests.Runtime.Watchdog;

public class SilenceRuleTests
{
    private const long Millisecond = 1_000_000, Now = 1_000 * Millisecond;

    private static readonly SilenceRule Rule = new(new WatchdogOptions());

    [Theory]
    [InlineData(CommandRight.Armed, true, 60, 0, false, TakeoverReason.None)]
    [InlineData(CommandRight.Armed, true, 61, 0, false, TakeoverReason.Silent)]
    [InlineData(CommandRight.Sending, true, 61, 0, false, TakeoverReason.Silent)]
    // Hands that nobody has moved yet need no lift, but their process's death is known at once.
    [InlineData(CommandRight.Armed, false, 500, 0, false, TakeoverReason.None)]
    [InlineData(CommandRight.Sending, false, 500, 0, false, TakeoverReason.None)]
    [InlineData(CommandRight.Armed, false, 1, 0, true, TakeoverReason.Dead)]
    // A watchdog that overslept was perhaps not alone: one more look.
    [InlineData(CommandRight.Armed, true, 500, 11, false, TakeoverReason.None)]
    [InlineData(CommandRight.Armed, true, 500, 10, false, TakeoverReason.Silent)]
    // The dead do not come back, however late one looks.
    [InlineData(CommandRight.Armed, true, 1, 50, true, TakeoverReason.Dead)]
    [InlineData(CommandRight.Standby, true, 5000, 0, true, TakeoverReason.None)]
    [InlineData(CommandRight.Deposed, true, 5000, 0, true, TakeoverReason.None)]
    // A beat that came between the reading of the clock and that of the page.
    [InlineData(CommandRight.Armed, true, -1, 0, false, TakeoverReason.None)]
    public void Silence_in_motion_is_deposed(CommandRight right, bool hasMoved, long silentMs, long lateMs, bool hasEnded, TakeoverReason expected) =>
        Assert.Equal(expected, Rule.Judge(right, hasMoved, Now, Now - (lateMs * Millisecond), Now - (silentMs * Millisecond), hasEnded));

    [Fact]
    public void The_times_add_up_to_less_than_the_bound()
    {
        var options = new WatchdogOptions();
        Assert.True(options.Silence + options.Oversleep + options.Poll + options.Poll < WatchdogOptions.Bound);
        Assert.True(options.Beat < options.Silence / 2, "a beat may be lost");
    }
}
