using FsCheck;
using FsCheck.Fluent;

using Legato.Runtime.Statistics;
using Legato.Sim.Parameters;

namespace Legato.Tests.Runtime.Statistics;

public sealed class ResamplingTests
{
    [Fact]
    public void IntervalsOfSkewedSamplesCoverTheMean()
    {
        // Exponential with mean 1: the kind of distribution that plain percentiles miss.
        var noise = new GaussianNoise(7);
        int covered = 0;
        for (int trial = 0; trial < 300; trial++)
        {
            double[] sample = [.. Enumerable.Range(0, 30).Select(_ => -Math.Log(1 - noise.NextUniform()))];
            Estimate estimate = Resampling.Mean(sample, trial);
            Assert.Equal(sample.Average(), estimate.Mean);
            if (estimate.Low <= 1 && 1 <= estimate.High)
                covered++;
        }
        Assert.InRange(covered / 300.0, 0.90, 0.98);
    }

    [Fact]
    public void IntervalsFollowShiftAndScale() =>
        Prop.ForAll(Gen.Choose(-1000, 1000).Select(i => i * 0.01).ArrayOf(8).ToArbitrary(), Gen.Choose(1, 50).ToArbitrary(), (values, scale) =>
        {
            Estimate plain = Resampling.Mean(values, 1), moved = Resampling.Mean([.. values.Select(v => (v * scale) + 3)], 1);
            // Ties of means break differently after rounding: the ends may be the next draw's.
            double slack = (0.01 * scale * (plain.High - plain.Low)) + 1e-9;
            return Math.Abs(moved.Low - ((plain.Low * scale) + 3)) <= slack && Math.Abs(moved.High - ((plain.High * scale) + 3)) <= slack
                && plain.Low <= plain.Mean + 1e-9 && plain.Mean <= plain.High + 1e-9;
        }).Holds();

    [Theory]
    [InlineData(new[] { 1.0, 1, 1, 1, 1 }, 2.0 / 32)]
    [InlineData(new[] { 1.0, -1 }, 1)]
    [InlineData(new[] { 3.0, 2, 1 }, 2.0 / 8)]
    [InlineData(new[] { 0.0, 0, 0 }, 1)]
    public void SmallSamplesAreTestedExactly(double[] differences, double expected) => Assert.Equal(expected, Resampling.PairedTest(differences, 0), 12);

    [Fact]
    public void WithoutADifferenceTheTestRejectsAsOftenAsItSays()
    {
        var noise = new GaussianNoise(3);
        int rejected = Enumerable.Range(0, 200).Count(trial => Resampling.PairedTest([.. Enumerable.Range(0, 20).Select(_ => noise.Next())], trial) < 0.05);
        Assert.InRange(rejected, 2, 20);
    }

    [Theory]
    [InlineData(new[] { 0.01, 0.04, 0.03, 0.005 }, new[] { 0.03, 0.06, 0.06, 0.02 })]
    [InlineData(new[] { 0.5, 0.6 }, new[] { 1.0, 1 })]
    [InlineData(new double[0], new double[0])]
    public void SeveralTestsAreCorrectedAsHolmDid(double[] probabilities, double[] expected) =>
        Assert.All(Resampling.Holm(probabilities).Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 12));

    [Fact]
    public void NothingAndNothingFiniteAreRefused()
    {
        Assert.Throws<ArgumentException>(() => Resampling.Mean([], 0));
        Assert.Throws<ArgumentException>(() => Resampling.PairedTest([double.NaN], 0));
    }
}
