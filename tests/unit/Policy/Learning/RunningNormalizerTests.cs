using FsCheck;
using FsCheck.Fluent;
using Legato.Policy.Learning;

namespace Legato.Tests.Policy.Learning;

public class RunningNormalizerTests
{
    [Fact]
    public void WhatHasBeenSeenComesOutWithMeanZeroAndVarianceOneHoweverItWasSplit() =>
        Prop.ForAll(Gen.Choose(1, 9).Two().Zip(Gen.Choose(0, 1000)).ToArbitrary(), input =>
        {
            ((int size, int parts), int seed) = input;
            var random = new Random(seed);
            var normalizer = new RunningNormalizer(size);
            var all = new List<float>();
            for (int p = 0; p < parts; p++)
            {
                float[] rows = [.. Enumerable.Range(0, size * (2 + random.Next(5))).Select(i => (float)((random.NextDouble() * 3) + (i % size)))];
                normalizer.Observe(rows);
                all.AddRange(rows);
            }
            float[] scaled = new float[all.Count];
            normalizer.Apply(all.ToArray(), scaled);
            for (int i = 0; i < size; i++)
            {
                double[] column = [.. scaled.Where((_, at) => at % size == i).Select(v => (double)v)];
                double mean = column.Average();
                Assert.Equal(0, mean, 1e-4);
                Assert.Equal(1, column.Average(v => (v - mean) * (v - mean)), 1e-3);
            }
        }).Holds();

    [Fact]
    public void WhatNeverChangesComesOutAsNothingAndWhatIsFarOutIsCut()
    {
        var normalizer = new RunningNormalizer(2);
        normalizer.Observe([5, 1, 5, -1]);
        float[] scaled = new float[4];
        normalizer.Apply([5, 1000, 7, -1000], scaled);
        Assert.Equal([0, 10, 0, -10], scaled);
    }

    [Fact]
    public void OneThatGoesOnFromAnotherScalesAsItDid()
    {
        RunningNormalizer first = new(3), next = new(3), unseen = new(3);
        first.Observe([5, 1, -2, 5, -1, 4, 5, 0.5f, 1]);
        float[] mean = new float[3], deviation = new float[3], rows = [6, 0.3f, 7, -4, 3, 0.1f], expected = new float[6], actual = new float[6];
        first.CopyTo(mean, deviation);
        next.Begin(mean, deviation, 3);
        first.Observe(rows);
        next.Observe(rows);
        first.Apply(rows, expected);
        next.Apply(rows, actual);
        for (int i = 0; i < rows.Length; i++)
            Assert.Equal(expected[i], actual[i], 1e-5);

        unseen.CopyTo(mean, deviation);
        next.Begin(mean, deviation, 0);
        next.Apply(rows, actual);
        Assert.Equal(rows, actual);
    }

    [Fact]
    public void BeforeAnythingIsSeenObservationsPass()
    {
        float[] scaled = new float[3];
        new RunningNormalizer(3).Apply([0.5f, -20, 2], scaled);
        Assert.Equal([0.5f, -10, 2], scaled);
    }
}
