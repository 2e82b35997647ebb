namespace Legato.Runtime.Recording;

/// <summary>Turns the times of a monotonic clock into UNIX times by one fixed offset.</summary>
/// <remarks>
/// The wall clock may be set or slewed during a run; times that derive from one reading of it keep the distances that the
/// monotonic clock measured. The offset and how well it is known are part of the recording.
/// </remarks>
/// <param name="OffsetNs">UNIX time minus monotonic time, ns.</param>
/// <param name="UncertaintyNs">How far the offset may be off, ns: half the time that the reading took.</param>
public readonly record struct LogClock(long OffsetNs, long UncertaintyNs)
{
    /// <summary>How often <see cref="Align"/> reads.</summary>
    public const int Readings = 5;

    /// <summary>Reads both clocks a few times and keeps the reading that took least.</summary>
    /// <param name="monotonicNs">The clock that stamps messages, ns.</param>
    /// <param name="wall">The wall clock.</param>
    public static LogClock Align(Func<long> monotonicNs, TimeProvider wall)
    {
        LogClock best = new(0, long.MaxValue);
        for (int i = 0; i < Readings; i++)
        {
            long before = monotonicNs();
            long unix = (wall.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick;
            long half = (monotonicNs() - before) / 2;
            if (half < best.UncertaintyNs) best = new LogClock(unix - before - half, half);
        }
        return best;
    }

    /// <summary>UNIX time in ns of a monotonic time in ns.</summary>
    public long ToLogTime(long monotonicNs) => monotonicNs + OffsetNs;
}
