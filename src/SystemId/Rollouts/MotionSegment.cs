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

    /// <summary>How long it predicts, s.</summary>
    /// <param name="times">Times of the record's samples, s.</param>
    public double Length(double[] times) => times[Last] - times[First];

    /// <summary>Cuts a record. Segments begin where the hands move least, as velocities are hardest to measure in motion.</summary>
    /// <param name="record">What to cut.</param>
    /// <param name="length">Length of a segment, s, give or take a half; longer than the record is one segment.</param>
    /// <param name="settle">Time after each start that is simulated but not predicted, s.</param>
    /// <returns>Segments in order; no sample belongs to two.</returns>
    public static IReadOnlyList<MotionSegment> Cut(MotionRecord record, double length, double settle)
    {
        double[] times = record.MeasuredTimes;
        var starts = new List<int> { 0 };
        for (double boundary = times[0] + length; boundary < times[^1] - (0.5 * length); boundary += length)
        {
            int[] near = [.. Enumerable.Range(Stride, times.Length - (2 * Stride)).Where(i => Math.Abs(times[i] - boundary) <= 0.25 * length)];
            if (near.Length > 0)
                starts.Add(near.MinBy(i => Movement(record.Measured, i)));
        }
        int[] firsts = [.. starts.Select(start => FirstAfter(times, times[start], settle)).Append(times.Length)];
        return [.. Enumerable.Range(0, starts.Count).Where(s => firsts[s] < firsts[s + 1]).Select(s => new MotionSegment(times[starts[s]], firsts[s], firsts[s + 1] - 1))];
    }

    /// <summary>Some of several segments, of one record or more, such that together they excite everything: each one adds most to the sum of the logarithms.</summary>
    /// <param name="lengths">How long each predicts, s.</param>
    /// <param name="excitation">How much each excites each of several things, 0 or more.</param>
    /// <param name="seconds">Most that is predicted, s; at least one segment stays.</param>
    /// <returns>Their indices, in order.</returns>
    public static IReadOnlyList<int> Choose(IReadOnlyList<double> lengths, IReadOnlyList<double[]> excitation, double seconds)
    {
        List<int> left = [.. Enumerable.Range(0, lengths.Count)], chosen = [];
        if (lengths.Sum() <= seconds)
            return left;
        int things = excitation[0].Length;
        // What all segments together hold of a thing is its unit.
        double[] sum = [.. Enumerable.Range(0, things).Select(i => excitation.Sum(e => e[i]))];
        var have = new double[things];
        double Gain(int s) => Enumerable.Range(0, things).Where(i => sum[i] > 0).Sum(i => Math.Log((have[i] + excitation[s][i] + (0.01 * sum[i])) / (have[i] + (0.01 * sum[i])))) / Math.Max(lengths[s], 0.1);
        for (double used = 0; left.Count > 0 && (chosen.Count == 0 || used < seconds);)
        {
            int best = left.MaxBy(Gain);
            left.Remove(best);
            if (chosen.Count > 0 && used + lengths[best] > seconds)
                continue;
            used += lengths[best];
            chosen.Add(best);
            for (int i = 0; i < things; i++)
                have[i] += excitation[best][i];
        }
        return [.. chosen.Order()];
    }

    private static int FirstAfter(double[] times, double start, double settle) =>
        Enumerable.Range(0, times.Length).FirstOrDefault(i => times[i] > start && times[i] >= start + settle, times.Length);

    private static double Movement(double[][] measured, int i) => measured[i + Stride].Zip(measured[i - Stride], (after, before) => Math.Abs(after - before)).Sum();
}
