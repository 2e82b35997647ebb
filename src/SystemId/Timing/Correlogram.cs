namespace Legato.SystemId.Timing;

/// <summary>Sums over one part of a record from which correlations at all lags follow; sums of parts add up.</summary>
internal sealed class Correlogram(int lags)
{
    private readonly double[] _cross = new double[(2 * lags) + 1], _power = new double[(2 * lags) + 1];
    private double _reference;

    /// <summary>Whether nothing moved yet.</summary>
    public bool IsEmpty => _reference == 0;

    /// <summary>Adds the samples from <paramref name="from"/> to before <paramref name="to"/> of the reference.</summary>
    public void Add(double[] reference, double[] measured, int from, int to)
    {
        for (int i = from; i < to; i++)
        {
            _reference += reference[i] * reference[i];
            for (int lag = -lags; lag <= lags; lag++)
            {
                double later = measured[i + lag];
                _cross[lag + lags] += reference[i] * later;
                _power[lag + lags] += later * later;
            }
        }
    }

    /// <summary>The lag with the highest correlation over all parts, between samples, and the correlation there.</summary>
    public static (double Lag, double Correlation) Peak(IReadOnlyList<Correlogram> parts)
    {
        double reference = parts.Sum(p => p._reference);
        double[] correlation = [.. Enumerable.Range(0, parts[0]._cross.Length).Select(i =>
        {
            double size = Math.Sqrt(reference * parts.Sum(p => p._power[i]));
            return size > 0 ? parts.Sum(p => p._cross[i]) / size : 0;
        })];
        int best = Array.IndexOf(correlation, correlation.Max()), lags = correlation.Length / 2;
        if (best == 0 || best == correlation.Length - 1)
            return (best - lags, correlation[best]);
        (double before, double at, double after) = (correlation[best - 1], correlation[best], correlation[best + 1]);
        double curvature = before - (2 * at) + after;
        double shift = curvature < 0 ? 0.5 * (before - after) / curvature : 0;
        return (best - lags + shift, at - (0.25 * (before - after) * shift));
    }
}
