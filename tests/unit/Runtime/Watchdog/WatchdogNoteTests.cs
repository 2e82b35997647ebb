using Legato.Runtime.Watchdog;

namespace Legato.Tests.Runtime.Watchdog;

public class WatchdogNoteTests
{
    private static readonly WatchdogNote Silent = new()
    {
        Reason = TakeoverReason.Silent,
        ControlProcess = 42,
        Time = DateTimeOffset.UnixEpoch,
        LastBeatNs = 1,
        DecidedMs = 61.4,
        FirstCommandMs = 62.6,
        RaisedMs = 430.2,
        FromMeasured = true,
    };

    [Fact]
    public void A_lift_is_told_from_its_cause_to_what_is_to_be_done() => Assert.Equal(
        "the control process 42 gave no sign of life for 61 ms: the hands were lifted from where they were measured, first command after 63 ms, "
        + "raised after 430 ms, and hold; it may not command any more: look at the rig, then end it",
        Silent.Describe());

    [Fact]
    public void The_dead_need_not_be_ended() => Assert.Equal(
        "the control process 42 has ended in the middle of a motion: the hands were lifted from where they were measured, first command after 63 ms, "
        + "raised after 430 ms, and hold; look at the rig",
        (Silent with { Reason = TakeoverReason.Dead }).Describe());

    [Fact]
    public void Nor_need_the_killed() =>
        Assert.EndsWith("; it was killed in the middle of a send", (Silent with { WasKilled = true }).Describe(), StringComparison.Ordinal);

    [Fact]
    public void What_was_not_measured_is_not_claimed() => Assert.Contains(
        "lifted from the last command, as no measured state was fresh, first command after 63 ms, but were NOT SEEN to rise: look at them, and hold",
        (Silent with { FromMeasured = false, RaisedMs = null }).Describe(), StringComparison.Ordinal);

    [Fact]
    public void Who_sent_nothing_is_not_lifted() => Assert.Equal(
        "the control process 42 gave no sign of life for 61 ms; it had sent nothing yet, so nothing is lifted",
        (Silent with { FirstCommandMs = null }).Describe());
}
