using Legato.RobotDriver;

namespace Legato.Runtime.Loop;

/// <summary>The machine's monotonic clock, with sleeps to absolute deadlines: errors of single cycles do not add up.</summary>
/// <remarks>Thread-safe; nothing is allocated.</remarks>
public sealed class MonotonicClock : IRobotClock
{
    private const long PerSecond = 1_000_000_000;

    /// <inheritdoc/>
    public bool IsRealTime => true;

    /// <inheritdoc/>
    public long Now
    {
        get
        {
            _ = Libc.ClockGetTime(Libc.ClockMonotonic, out Libc.Timespec time); // cannot fail with this clock
            return (time.Seconds * PerSecond) + time.Nanoseconds;
        }
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">The system refused to sleep.</exception>
    public void SleepUntil(long deadline)
    {
        var request = new Libc.Timespec { Seconds = deadline / PerSecond, Nanoseconds = deadline % PerSecond };
        int error;
        do
        {
            error = Libc.ClockNanosleep(Libc.ClockMonotonic, Libc.TimerAbsolute, in request, 0);
        }
        while (error == Libc.Interrupted);
        if (error != 0)
            throw new IOException($"clock_nanosleep failed with error {error}");
    }
}
