using System.Globalization;

namespace Legato.SystemId.Timing;

/// <summary>A delay between signals.</summary>
/// <param name="Seconds">The delay, s; positive when the measured signal is the later one.</param>
/// <param name="HalfWidth95">Half the width of its 95 % interval, s, from the scatter between parts of the record.</param>
/// <param name="Correlation">Correlation of the derivatives at the delay, −1..1; a low one says that the signals do not belong together.</param>
public readonly record struct DelayEstimate(double Seconds, double HalfWidth95, double Correlation);

/// <summary>Finds the delay between signals by cross-correlating their derivatives.</summary>
/// <remarks>
/// Derivatives are slopes of straight lines fitted over a window, the same for both signals, so that smoothing shifts
/// nothing; each lag is normalised by the motion it meets. The peak is refined by the parabola through its three highest points. The interval is that of the jackknife
/// over consecutive parts of the record (Efron, The Jackknife, 1982): it needs no model of the noise. What the measured
/// signal owes to its own dynamics counts as delay; correlate with a prediction to leave that out.
/// Immutable and thread-safe; deterministic.
/// </remarks>
public sealed class DelayEstimator
{
    private const int Parts = 10;

    // Student's t at 97.5 % for 9 degrees of freedom.
    private const double Quantile = 2.262;

    /// <summary>Largest delay looked for, s, to either side; default 0.25.</summary>
    public double MaxDelay { get; init; } = 0.25;

    /// <summary>Distance of resampled values, s; default 0.001.</summary>
    public double Period { get; init; } = 0.001;

    /// <summary>Half the window of the slopes, s: about two samples of the slower signal; default 0.02.</summary>
    public double SlopeHalfWindow { get; init; } = 0.02;

    /// <summary>The delay that all pairs share.</summary>
    /// <param name="pairs">Pairs of signals; each counts by its duration, whatever its unit and size.</param>
    /// <exception cref="InputException">No pair is long enough or none moves.</exception>
    public DelayEstimate Estimate(params IReadOnlyList<SignalPair> pairs)
    {
        int lags = (int)Math.Ceiling(MaxDelay / Period), half = Math.Max(1, (int)Math.Round(SlopeHalfWindow / Period));
        Correlogram[] parts = [.. Enumerable.Range(0, Parts).Select(_ => new Correlogram(lags))];
        foreach (SignalPair pair in pairs)
            Add(pair, lags, half, parts);
        if (parts.All(part => part.IsEmpty))
            throw new InputException(string.Create(CultureInfo.InvariantCulture, $"no delay to be found: no signal moves for longer than {MinDuration:G3} s in both records; record a motion"));

        (double lag, double peak) = Correlogram.Peak(parts);
        double[] leftOut = [.. parts.Select(part => Correlogram.Peak([.. parts.Where(other => other != part)]).Lag)];
        double mean = leftOut.Average();
        double variance = leftOut.Sum(x => (x - mean) * (x - mean)) * (Parts - 1) / Parts;
        return new DelayEstimate(lag * Period, Quantile * Math.Sqrt(variance) * Period, peak);
    }

    private double MinDuration => (2 * (MaxDelay + SlopeHalfWindow)) + (4 * Parts * Period);

    private void Add(SignalPair pair, int lags, int half, Correlogram[] parts)
    {
        double start = Math.Max(pair.Reference.Start, pair.Measured.Start), end = Math.Min(pair.Reference.End, pair.Measured.End);
        if (end - start < MinDuration)
            return;
        int count = (int)((end - start) / Period) + 1;
        double[] reference = Slopes(pair.Reference.Resample(start, Period, count), half);
        double[] measured = Slopes(pair.Measured.Resample(start, Period, count), half);
        int margin = lags + half, length = count - (2 * margin);
        if (!TryNormalise(reference, margin) || !TryNormalise(measured, margin))
            return;
        for (int p = 0; p < Parts; p++)
            parts[p].Add(reference, measured, margin + (int)((long)length * p / Parts), margin + (int)((long)length * (p + 1) / Parts));
    }

    // To mean square 1, so that a pair in metres counts as one in radians.
    private static bool TryNormalise(double[] slopes, int margin)
    {
        double rms = Math.Sqrt(slopes[margin..^margin].Average(s => s * s));
        for (int i = 0; i < slopes.Length && rms > 0; i++)
            slopes[i] /= rms;
        return rms > 0;
    }

    // Zero where the window leaves the record.
    private static double[] Slopes(double[] values, int half)
    {
        var slopes = new double[values.Length];
        for (int i = half; i < values.Length - half; i++)
        {
            for (int k = 1; k <= half; k++)
                slopes[i] += k * (values[i + k] - values[i - k]);
        }
        return slopes;
    }
}
