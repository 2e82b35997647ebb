using FsCheck;
using FsCheck.Fluent;

using Legato.Runtime.Statistics;

namespace Legato.Tests.Runtime.Statistics;

public sealed class QuantilesTests
{
    [Fact]
    public void QuantilesOfTheFirstNumbersAreKnown()
    {
        double[] values = [5, 1, 4, 2, 3];
        Assert.Equal([1, 2, 3, 4, 5], ((double[])[0, 0.25, 0.5, 0.75, 1]).Select(share => Quantiles.Of(values, share)));
        Assert.Equal(1.4, Quantiles.Of(values, 0.1), 1e-12);
        Assert.Equal(2.5, Quantiles.Of([4, 1, 2, 3], 0.5), 1e-12);
        Assert.Equal(7, Quantiles.Of([7], 0.3));
        Assert.Throws<ArgumentException>(() => Quantiles.Of([], 0.5));
        Assert.Throws<ArgumentException>(() => Quantiles.Of(values, 1.1));
    }

    [Fact]
    public void AQuantileSplitsTheValuesAsItsShareSays() =>
        Prop.ForAll(Gen.Choose(1, 20).Zip(Gen.Choose(0, 1000)).Zip(Gen.Choose(0, 100)).ToArbitrary(), input =>
        {
            ((int count, int seed), int percent) = input;
            var random = new Random(seed);
            double[] values = [.. Enumerable.Range(0, count).Select(_ => (double)random.Next(-9, 9))];
            double share = percent / 100.0, at = Quantiles.Of(values, share);
            Assert.True(values.Count(v => v < at) <= Math.Ceiling(share * (count - 1)) + 1e-9);
            Assert.True(values.Count(v => v > at) <= Math.Ceiling((1 - share) * (count - 1)) + 1e-9);
        }).Holds();
}
