using Legato.Runtime.Recording;

namespace Legato.Tests.Recording;

public sealed class LogClockTests
{
    [Fact]
    public void LogTimesAreWallTimesThatKeepMonotonicDistances()
    {
        ManualTime wall = new(DateTimeOffset.UnixEpoch + TimeSpan.FromSeconds(1000));
        long monotonic = 5_000_000_000;
        LogClock clock = LogClock.Align(() => monotonic, wall);
        Assert.Equal(0, clock.UncertaintyNs);
        Assert.Equal(1_000_000_000_000, clock.ToLogTime(monotonic));

        // Someone sets the wall clock back during the run.
        wall.Advance(TimeSpan.FromHours(-1));
        Assert.Equal(1_000_000_000_123, clock.ToLogTime(monotonic + 123));
    }

    [Fact]
    public void TheReadingThatTookLeastCounts()
    {
        ManualTime wall = new(DateTimeOffset.UnixEpoch + TimeSpan.FromSeconds(1));
        // Pairs of readings before and after the wall clock's, 100, 6 and then 40 ns apart.
        Queue<long> readings = new([0, 100, 200, 206, 300, 340, 400, 440, 500, 540]);
        LogClock clock = LogClock.Align(readings.Dequeue, wall);
        Assert.Equal(new LogClock(1_000_000_000 - 203, 3), clock);
    }
}
