namespace Legato.Runtime.Watchdog;

/// <summary>Times of the watchdog and of what it watches.</summary>
/// <remarks>
/// From the last beat to the first command of the lift pass at most <see cref="Silence"/>, one <see cref="Poll"/> and what the two
/// take to wake up and send: 65 ms and a few. docs/safety.md has the reasoning, <c>legato bench watchdog</c> the figures.
/// </remarks>
public sealed record WatchdogOptions
{
    /// <summary>Longest time from the last sign of life to the first command of the lift that the rest is made for.</summary>
    public static readonly TimeSpan Bound = TimeSpan.FromMilliseconds(100);

    /// <summary>Pause between two beats of the control thread while it waits.</summary>
    /// <value>Default 10 ms.</value>
    public TimeSpan Beat { get; init; } = TimeSpan.FromMilliseconds(10);

    /// <summary>Silence of the control thread after which the hands are lifted: what a single section of a cycle may take.</summary>
    /// <value>Default 60 ms.</value>
    public TimeSpan Silence { get; init; } = TimeSpan.FromMilliseconds(60);

    /// <summary>Pause between two looks of the watchdog.</summary>
    /// <value>Default 5 ms.</value>
    public TimeSpan Poll { get; init; } = TimeSpan.FromMilliseconds(5);

    /// <summary>A watchdog that wakes up later than this gives the other side one more poll: the whole machine may have stood still.</summary>
    /// <value>Default 10 ms.</value>
    public TimeSpan Oversleep { get; init; } = TimeSpan.FromMilliseconds(10);

    /// <summary>Silence of the watchdog after which the control loop lifts by itself and ends the run.</summary>
    /// <value>Default 250 ms.</value>
    public TimeSpan WatchdogSilence { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Pause between two commands of the watchdog's lift.</summary>
    /// <value>Default 20 ms.</value>
    public TimeSpan LiftPeriod { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>How long the watchdog goes on sending the raised pose.</summary>
    /// <value>Default 2 s.</value>
    public TimeSpan Hold { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a run waits before its start for a watchdog that does not see the hands yet.</summary>
    /// <value>Default 5 s.</value>
    public TimeSpan ReadyTimeout { get; init; } = TimeSpan.FromSeconds(5);
}
