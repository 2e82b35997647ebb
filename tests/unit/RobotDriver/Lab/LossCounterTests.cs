using FsCheck;
using FsCheck.Fluent;
using Legato.RobotDriver.Lab;

namespace Legato.Tests.RobotDriver.Lab;

public sealed class LossCounterTests
{
    private const long Period = 8_000_000;

    [Fact]
    public void MessagesThatAreLateOrInBurstsAreNotMissing() => Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
    {
        var random = new Random(seed);
        var counter = new LossCounter(125);
        long last = 0;
        for (int i = 0; i < 2000; i++)
        {
            // A stall of up to four periods now and then, after which everything that was held up comes at once.
            long late = i % 40 == 39 ? random.NextInt64(4 * Period) : random.NextInt64(Period / 8);
            counter.Add(1, 1, last = Math.Max(last, (i * Period) + late));
        }
        return counter.Lost == 0 && counter.Received == 2000;
    }).Holds();

    [Fact]
    public void EveryGapIsCounted() => Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
    {
        var random = new Random(seed);
        var counter = new LossCounter(125);
        long missing = 0;
        for (long i = 0, sent = 0; i < 2000; i++, sent++)
        {
            if (i % 50 == 49 && i < 1900)
            {
                long gap = random.NextInt64(1, 30);
                (missing, sent) = (missing + gap, sent + gap);
            }
            counter.Add(1, 1, (sent * Period) + random.NextInt64(Period / 8));
        }
        return counter.Lost == missing;
    }).Holds();

    [Theory]
    [InlineData(1.001)]
    [InlineData(0.999)]
    public void ASendersClockMayRunFastOrSlow(double rate)
    {
        var counter = new LossCounter(125);
        for (int i = 0; i < 100_000; i++)
            counter.Add(1, 1, (long)(i * Period * rate));
        Assert.Equal(0, counter.Lost);
    }

    [Fact]
    public void SendersThatTakeTurnsAreTheirOwn()
    {
        var counter = new LossCounter(125);
        for (int i = 0; i < 100; i++)
        {
            counter.Add(1, 1, i * Period);
            counter.Add(1, 2, (i * Period) + (Period / 2));
            counter.Add(2, 1, (i * Period) + 3);
        }
        Assert.Equal(0, counter.Lost);
        Assert.Equal(300, counter.Received);
    }

    [Fact]
    public void ARestartedSenderHasLostNothing()
    {
        var counter = new LossCounter(125);
        for (int i = 0; i < 100; i++)
            counter.Add(1, 1, (i < 50 ? 1_000_000_000_000 : 5) + (i * Period));
        Assert.Equal(0, counter.Lost);
    }

    [Fact]
    public void WithoutARateNothingIsMissing()
    {
        var counter = new LossCounter(0);
        for (int i = 0; i < 100; i++)
            counter.Add(1, 1, i * i * Period);
        Assert.Equal((0, 100), (counter.Lost, counter.Received));
    }
}
