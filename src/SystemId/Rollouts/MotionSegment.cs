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

    private static int FirstAfter(double[] times, double start, double settle) =>
        Enumerable.Range(0, times.Length).FirstOrDefault(i => times[i] > start && times[i] >= start + settle, times.Length);

    private static double Movement(double[][] measured, int i) => measured[i + Stride].Zip(measured[i - Stride], (after, before) => Math.Abs(after - before)).Sum();
}
