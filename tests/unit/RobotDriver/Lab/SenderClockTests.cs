using FsCheck;
using FsCheck.Fluent;

using Legato.RobotDriver;
using Legato.RobotDriver.Lab;

namespace Legato.Tests.RobotDriver.Lab;

public class SenderClockTests
{
    private const long Period = 8_000_000, LeastDelay = 150_000, Unix = 1_790_000_000_000_000_000;

    [Fact]
    public void Offset_and_drift_are_found_among_delays_that_only_add() => Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
    {
        var random = new Random(seed);
        double ppm = random.Next(-100, 100);
        long offset = Unix + random.NextInt64(1_000_000_000);
        ClockOffset found = Hear(random, seconds: 20 + random.Next(200), t => offset + (long)(t * ppm * 1e-6)).Estimate("hand")!;
        long last = found.Samples * Period;
        // The least delay cannot be told from an offset; a tenth of a millisecond is what the rest may cost.
        Assert.InRange(found.OffsetNs - (offset + (long)(last * ppm * 1e-6) - LeastDelay), -100_000, 100_000);
        Assert.InRange(found.DriftPpm!.Value, ppm - 5, ppm + 5);
        Assert.InRange(found.ErrorNs, 0, 200_000);
    }).Holds(50);

    [Fact]
    public void A_clock_that_is_set_shows_in_the_error() =>
        Assert.InRange(Hear(new Random(1), seconds: 20, t => Unix + (t > 10_000_000_000 ? 40_000_000 : 0)).Estimate("hand")!.ErrorNs, 5_000_000, 40_000_000);

    [Fact]
    public void A_single_message_is_an_offset_without_drift()
    {
        var clock = new SenderClock();
        Assert.Null(clock.Estimate("hand"));
        clock.Add(5, 105);
        Assert.Equal((100, 0, (double?)null, 1), (clock.Estimate("hand")!.OffsetNs, clock.Estimate("hand")!.ErrorNs, clock.Estimate("hand")!.DriftPpm, clock.Estimate("hand")!.Samples));
    }

    [Fact]
    public void Listening_allocates_nothing()
    {
        var clock = new SenderClock();
        long now = 0;
        Assert.Equal(0, Allocations.Fewest(() =>
        {
            for (int i = 0; i < 1000; i++)
                clock.Add(now += 1_000_000_000, now);
        }));
    }

    // Delays as on a network: the least one, something exponential, now and then a stall.
    private static SenderClock Hear(Random random, int seconds, Func<long, long> offset)
    {
        var clock = new SenderClock();
        long start = 77_000_000_000, last = 0;
        for (long t = 0; t < seconds * 1_000_000_000L; t += Period)
        {
            double delay = LeastDelay - (100_000 * Math.Log(1 - random.NextDouble())) + (random.Next(100) == 0 ? 20_000_000 : 0);
            last = Math.Max(last, start + t + (long)delay);
            clock.Add(last, start + t + offset(t));
        }
        return clock;
    }
}
