using Legato.Sim.Parameters;

namespace Legato.SystemId.Fitting;

/// <summary>Normally distributed numbers that err together.</summary>
/// <remarks>Immutable and thread-safe. The same seed gives the same numbers.</remarks>
internal sealed class CorrelatedNoise
{
    private readonly double[] _deviations, _values;
    private readonly double[,] _vectors;

    /// <summary>Prepares.</summary>
    /// <param name="correlation">Symmetric, 1 on its diagonal.</param>
    /// <param name="deviations">Standard deviation of each.</param>
    public CorrelatedNoise(double[,] correlation, double[] deviations)
    {
        _deviations = deviations;
        (_values, _vectors) = SymmetricMatrix.Eigen(correlation);
    }

    /// <summary>Draws.</summary>
    /// <param name="count">How many, 0 or more.</param>
    /// <param name="seed">Seed.</param>
    public IReadOnlyList<double[]> Draw(int count, int seed)
    {
        var noise = new GaussianNoise(seed);
        return [.. Enumerable.Range(0, count).Select(_ => Drawn(noise))];
    }

    private double[] Drawn(GaussianNoise noise)
    {
        // A matrix put together from parts may have eigenvalues a little below zero.
        double[] along = [.. _values.Select(v => Math.Sqrt(Math.Max(v, 0)) * noise.Next())];
        return [.. _deviations.Select((deviation, a) => deviation * Enumerable.Range(0, along.Length).Sum(k => _vectors[a, k] * along[k]))];
    }
}
