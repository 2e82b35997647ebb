using Legato.Sim.Parameters;
using Legato.SystemId.Timing;

namespace Legato.Tests.SystemId.Timing;

public sealed class DelayEstimatorTests
{
    [Theory]
    [InlineData(100, 0.0)]
    [InlineData(125, 0.0137)]
    [InlineData(250, 0.0421)]
    [InlineData(500, -0.0083)]
    public void ADelayIsFoundWithinTwoMillisecondsInSpiteOfNoiseAndJitter(double rate, double delay)
    {
        for (int seed = 0; seed < 6; seed++)
        {
            DelayEstimate found = new DelayEstimator().Estimate(Pair(seed, rate, delay, noise: 0.004, jitter: 0.002));
            Assert.InRange(found.Seconds, delay - 0.002, delay + 0.002);
            Assert.True(found.Correlation > 0.9, $"{found}");
        }
    }

    [Fact]
    public void TheIntervalHoldsTheTruthAsOftenAsItSays()
    {
        int inside = 0;
        double width = 0;
        for (int seed = 100; seed < 160; seed++)
        {
            DelayEstimate found = new DelayEstimator { MaxDelay = 0.1 }.Estimate(Pair(seed, 125, 0.02, noise: 0.01, jitter: 0));
            inside += Math.Abs(found.Seconds - 0.02) <= found.HalfWidth95 ? 1 : 0;
            width = Math.Max(width, found.HalfWidth95);
        }
        Assert.InRange(inside, 51, 60);
        Assert.True(width < 0.004, $"{width}");
    }

    [Fact]
    public void SignalsOfOneDelayArePooledWhateverTheirUnits()
    {
        SignalPair angle = Pair(1, 125, 0.03, noise: 0.01, jitter: 0), length = Pair(2, 125, 0.03, noise: 0.01, jitter: 0, size: 1e-3);
        var estimator = new DelayEstimator();
        DelayEstimate pooled = estimator.Estimate(angle, length);
        double[] apart = [estimator.Estimate(angle).Seconds, estimator.Estimate(length).Seconds];
        Assert.InRange(pooled.Seconds, apart.Min() - 1e-4, apart.Max() + 1e-4);
        Assert.Equal(0.03, pooled.Seconds, 0.002);
    }

    [Fact]
    public void StrangersDoNotCorrelate()
    {
        TimedSignal one = Pair(1, 125, 0, noise: 0, jitter: 0).Reference, other = Pair(2, 125, 0, noise: 0, jitter: 0).Measured;
        Assert.True(new DelayEstimator().Estimate(new SignalPair(one, other)).Correlation < 0.6);
    }

    [Fact]
    public void WithoutMotionThereIsNoDelay()
    {
        var still = new TimedSignal([0, 10], [1, 1]);
        Assert.Throws<InputException>(() => new DelayEstimator().Estimate(new SignalPair(still, still)));
        var brief = new TimedSignal([0, 0.1], [0, 1]);
        Assert.Throws<InputException>(() => new DelayEstimator().Estimate(new SignalPair(brief, brief)));
    }

    [Fact]
    public void ACommandHoldsAndAMeasurementIsLinear()
    {
        double[] times = [0, 1], values = [2, 4];
        Assert.Equal([2, 2, 2, 4, 4], new TimedSignal(times, values, isHeld: true).Resample(-0.5, 0.5, 5));
        Assert.Equal([2, 2, 3, 4, 4], new TimedSignal(times, values).Resample(-0.5, 0.5, 5));
    }

    [Fact]
    public void TimeDoesNotStandStill() => Assert.Throws<ArgumentException>(() => new TimedSignal([0, 1, 1], [0, 0, 0]));

    // A sum of sines of 0.3 to 3 Hz, 8 s: a smooth motion whose values at any time are known.
    private static SignalPair Pair(int seed, double rate, double delay, double noise, double jitter, double size = 1)
    {
        var random = new GaussianNoise(seed);
        (double Frequency, double Phase)[] waves = [.. Enumerable.Range(0, 5).Select(_ => (0.3 + (2.7 * random.NextUniform()), 7 * random.NextUniform()))];
        double Motion(double t) => size * waves.Sum(w => 0.2 * Math.Sin((2 * Math.PI * w.Frequency * t) + w.Phase));
        double[] ideal = [.. Enumerable.Range(0, (int)(8 * rate)).Select(i => i / rate)];
        // Samples are taken at jittered times but stamped with the ideal ones.
        double[] measured = [.. ideal.Select(t => Motion(t - delay + (jitter * random.Next())) + (size * noise * random.Next()))];
        double[] dense = [.. Enumerable.Range(0, 4000).Select(i => i * 0.002)];
        return new SignalPair(new TimedSignal(dense, [.. dense.Select(Motion)]), new TimedSignal(ideal, measured));
    }
}
