namespace Legato.Runtime.Safety;

/// <summary>Tells whether the newest measured state is too old to act on.</summary>
/// <param name="limit">Greatest age, &gt; 0.</param>
/// <remarks>Times are nanoseconds of the robot's clock. Pure arithmetic; nothing is allocated.</remarks>
public readonly struct StateWatchdog(TimeSpan limit)
{
    /// <summary>Age above which a state must not steer a robot: a dozen messages of the hands' 125 Hz stream are missing by then.</summary>
    public static readonly TimeSpan DefaultLimit = TimeSpan.FromMilliseconds(100);

    private readonly long _limit = limit.Ticks * TimeSpan.NanosecondsPerTick;

    /// <summary>True if the state is older than the limit, or from a future that no honest clock gives.</summary>
    public bool IsStale(long now, long stamp) => Math.Abs(now - stamp) > _limit;
}
