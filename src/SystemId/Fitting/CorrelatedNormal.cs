using Legato.Sim.Parameters;

namespace Legato.SystemId.Fitting;

/// <summary>A normal distribution about zero. Immutable and thread-safe.</summary>
public sealed class CorrelatedNormal
{
    private readonly double[] _deviations, _spectrum;
    private readonly double[,] _vectors;

    /// <summary>Describes it.</summary>
    /// <param name="deviations">Standard deviations, 0 or more.</param>
    /// <param name="correlation">Their correlations, −1..1, symmetric with ones on the diagonal; what rounding has made of it may be slightly indefinite.</param>
    public CorrelatedNormal(double[] deviations, double[,] correlation)
    {
        _deviations = deviations;
        (_spectrum, _vectors) = SymmetricMatrix.Eigen(correlation);
    }

    /// <summary>Draws from it.</summary>
    /// <param name="noise">Advances by as many numbers as there are variables.</param>
    public double[] Draw(GaussianNoise noise)
    {
        double[] along = [.. _spectrum.Select(v => Math.Sqrt(Math.Max(v, 0)) * noise.Next())];
        return [.. _deviations.Select((deviation, a) => deviation * Enumerable.Range(0, along.Length).Sum(k => _vectors[a, k] * along[k]))];
    }
}
