using Legato.Sim.Parameters;

namespace Legato.Runtime.Statistics;

/// <summary>A figure and the interval that it lies in with 95 % confidence.</summary>
/// <param name="Mean">Mean of what was measured.</param>
/// <param name="Low">Lower end.</param>
/// <param name="High">Upper end.</param>
/// <param name="Count">Number of measurements.</param>
public readonly record struct Estimate(double Mean, double Low, double High, int Count)
{
    /// <summary>Both ends, as JSON has them.</summary>
    internal double[] Interval => [Low, High];
}

/// <summary>Statistics that assume nothing about distributions. Deterministic by seed; thread-safe.</summary>
public static class Resampling
{
    private const int Draws = 10_000;

    // Up to so many pairs all their signs are tried, more are drawn.
    private const int MostExact = 13;

    /// <summary>Mean with its 95 % bootstrap interval, bias-corrected and accelerated.</summary>
    /// <remarks>BCa: Efron, <i>Better Bootstrap Confidence Intervals</i>, 1987, section 3.</remarks>
    /// <param name="values">At least one, all finite.</param>
    /// <param name="seed">Seed of the draws.</param>
    /// <exception cref="ArgumentException">No values, or one that is not finite.</exception>
    public static Estimate Mean(IReadOnlyList<double> values, int seed)
    {
        Check(values);
        double mean = values.Average();
        if (values.All(v => v == values[0]))
            return new Estimate(mean, mean, mean, values.Count);
        var random = new GaussianNoise(seed);
        double[] means = new double[Draws];
        for (int i = 0; i < Draws; i++)
        {
            double sum = 0;
            for (int k = 0; k < values.Count; k++)
                sum += values[(int)(random.NextUniform() * values.Count)];
            means[i] = sum / values.Count;
        }
        Array.Sort(means);
        // Ties count half on either side; sums in another order differ by rounding.
        double rounding = 1e-12 * values.Max(Math.Abs);
        double below = means.Sum(m => Math.Abs(m - mean) <= rounding ? 0.5 : m < mean ? 1 : 0) / Draws;
        double bias = Normal.Quantile(Math.Clamp(below, 1.0 / Draws, 1 - (1.0 / Draws)));
        // The jackknife of a mean: its third moment over its second.
        double second = values.Sum(v => (mean - v) * (mean - v)), third = values.Sum(v => -Math.Pow(mean - v, 3));
        double acceleration = third / (6 * Math.Pow(second, 1.5));
        return new Estimate(mean, At(-1.959964), At(1.959964), values.Count);

        double At(double z)
        {
            double shifted = bias + ((bias + z) / (1 - (acceleration * (bias + z))));
            double place = Math.Clamp((Normal.Cumulative(shifted) * Draws) - 0.5, 0, Draws - 1);
            int lower = Math.Min((int)place, Draws - 2);
            return double.Lerp(means[lower], means[lower + 1], place - lower);
        }
    }

    /// <summary>Probability, if the signs of differences were chance, of a mean difference at least this far from zero on either side.</summary>
    /// <remarks>Fisher's paired permutation test: exact for up to 13 pairs.</remarks>
    /// <param name="differences">One per pair, all finite; at least one.</param>
    /// <param name="seed">Seed of the draws, where not all signs are tried.</param>
    /// <exception cref="ArgumentException">No pairs, or one that is not finite.</exception>
    public static double PairedTest(IReadOnlyList<double> differences, int seed)
    {
        Check(differences);
        double observed = Math.Abs(differences.Sum()) * (1 - 1e-12);
        if (differences.Count <= MostExact)
        {
            int all = 1 << differences.Count;
            int extreme = Enumerable.Range(0, all).Count(signs => Math.Abs(differences.Select((d, i) => (signs >> i & 1) != 0 ? -d : d).Sum()) >= observed);
            return (double)extreme / all;
        }
        var random = new GaussianNoise(seed);
        int more = Enumerable.Range(0, Draws).Count(_ => Math.Abs(differences.Sum(d => random.NextUniform() < 0.5 ? -d : d)) >= observed);
        // What was observed is one of the arrangements.
        return (more + 1.0) / (Draws + 1);
    }

    /// <summary>Probabilities of several tests, so adjusted that one of them below 0.05 is chance in one family of tests out of 20.</summary>
    /// <remarks>Holm, <i>A Simple Sequentially Rejective Multiple Test Procedure</i>, 1979.</remarks>
    /// <param name="probabilities">0..1, one per test.</param>
    /// <returns>0..1, in the same order; none is smaller than it was.</returns>
    public static IReadOnlyList<double> Holm(IReadOnlyList<double> probabilities)
    {
        var adjusted = new double[probabilities.Count];
        double largest = 0;
        foreach ((int rank, int test) in Enumerable.Range(0, adjusted.Length).OrderBy(i => probabilities[i]).Index())
            adjusted[test] = largest = Math.Max(largest, Math.Min(1, (adjusted.Length - rank) * probabilities[test]));
        return adjusted;
    }

    private static void Check(IReadOnlyList<double> values)
    {
        if (values.Count == 0 || !values.All(double.IsFinite))
            throw new ArgumentException("Expected at least one value, all of them finite.", nameof(values));
    }
}
