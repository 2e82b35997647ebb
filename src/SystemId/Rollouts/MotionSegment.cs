namespace Legato.SystemId.Rollouts;

/// <summary>A part of a record that is simulated from its own measured start.</summary>
/// <remarks>
/// Positions are measured with noise and velocities hardly at all, but driven joints forget where they started. So each segment settles
/// while the one before still predicts: only at the beginning of the record are samples lost.
/// </remarks>
/// <param name="Start">Time of its start, s.</param>
/// <param name="First">First sample that is predicted.</param>
/// <param name="Last">Last sample that is predicted.</param>
public readonly record struct MotionSegment(double Start, int First, int Last)
{
    // To either side of a sample, to see whether the hands move there.
    private const int Stride = 2;

    /// <summary>Cuts a record. Segments begin where the hands move least, as velocities are hardest to measure in motion.</summary>
    /// <param name="record">What to cut.</param>
    /// <param name="length">Length of a segment, s, give or take a half; longer than the record is one segment.</param>
    /// <param name="settle">Time after each start that is simulated but not predicted, s.</param>
    /// <param name="mayStart">Whether a segment may start at a time; null is always.</param>
    /// <returns>Segments in order; no sample belongs to two.</returns>
    public static IReadOnlyList<MotionSegment> Cut(MotionRecord record, double length, double settle, Predicate<double>? mayStart = null)
    {
        double[] times = record.MeasuredTimes;
        var starts = new List<int> { 0 };
        for (double boundary = times[0] + length; boundary < times[^1] - (0.5 * length); boundary += length)
        {
            int[] near = [.. Enumerable.Range(Stride, times.Length - (2 * Stride)).Where(i => Math.Abs(times[i] - boundary) <= 0.25 * length && (mayStart?.Invoke(times[i]) ?? true))];
            if (near.Length > 0)
                starts.Add(near.MinBy(i => Movement(record.Measured, i)));
        }
        int[] firsts = [.. starts.Select(start => FirstAfter(times, times[start], settle)).Append(times.Length)];
        return [.. Enumerable.Range(0, starts.Count).Where(s => firsts[s] < firsts[s + 1]).Select(s => new MotionSegment(times[starts[s]], firsts[s], firsts[s + 1] - 1))];
    }

    /// <summary>Some of the segments, such that together they excite everything: each one adds most to the sum of the logarithms.</summary>
    /// <param name="segments">All, in order.</param>
    /// <param name="excitation">How much each segment excites each of several things, 0 or more.</param>
    /// <param name="times">Times of the record's samples, s.</param>
    /// <param name="seconds">Most that is predicted, s; at least one segment stays.</param>
    public static IReadOnlyList<MotionSegment> Choose(IReadOnlyList<MotionSegment> segments, IReadOnlyList<double[]> excitation, double[] times, double seconds)
    {
        double Length(int s) => times[segments[s].Last] - times[segments[s].First];
        List<int> left = [.. Enumerable.Range(0, segments.Count)], chosen = [];
        double total = left.Sum(Length);
        if (total <= seconds)
            return segments;
        int things = excitation[0].Length;
        // What all segments together hold of a thing is its unit.
        double[] sum = [.. Enumerable.Range(0, things).Select(i => excitation.Sum(e => e[i]))];
        var have = new double[things];
        double Gain(int s) => Enumerable.Range(0, things).Where(i => sum[i] > 0).Sum(i => Math.Log((have[i] + excitation[s][i] + (0.01 * sum[i])) / (have[i] + (0.01 * sum[i])))) / Math.Max(Length(s), 0.1);
        for (double used = 0; left.Count > 0 && (chosen.Count == 0 || used < seconds);)
        {
            int best = left.MaxBy(Gain);
            left.Remove(best);
            if (chosen.Count > 0 && used + Length(best) > seconds)
                continue;
            used += Length(best);
            chosen.Add(best);
            for (int i = 0; i < things; i++)
                have[i] += excitation[best][i];
        }
        return [.. chosen.Order().Select(s => segments[s])];
    }

    private static int FirstAfter(double[] times, double start, double settle) =>
        Enumerable.Range(0, times.Length).FirstOrDefault(i => times[i] > start && times[i] >= start + settle, times.Length);

    private static double Movement(double[][] measured, int i) => measured[i + Stride].Zip(measured[i - Stride], (after, before) => Math.Abs(after - before)).Sum();
}
