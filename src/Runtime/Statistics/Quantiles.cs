namespace Legato.Runtime.Statistics;

/// <summary>Quantiles of a few values. Stateless.</summary>
public static class Quantiles
{
    /// <summary>The value below which a share of the values lies, interpolated between neighbours (Hyndman and Fan, 1996, type 7).</summary>
    /// <param name="values">At least one, all finite, in any order.</param>
    /// <param name="share">0 (the smallest) to 1 (the largest).</param>
    /// <exception cref="ArgumentException">No values, or a share out of range.</exception>
    public static double Of(IEnumerable<double> values, double share)
    {
        double[] sorted = [.. values.Order()];
        if (sorted.Length == 0 || share is not (>= 0 and <= 1))
            throw new ArgumentException($"Expected at least one value and a share of 0..1, got {sorted.Length} and {share}.");
        double place = share * (sorted.Length - 1);
        int lower = (int)place;
        return lower == sorted.Length - 1 ? sorted[lower] : double.Lerp(sorted[lower], sorted[lower + 1], place - lower);
    }
}
