namespace Legato.SystemId.Rollouts;

/// <summary>A part of a record that is simulated from its own measured start.</summary>
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
        var segments = new List<MotionSegment>();
        for (int s = 0; s < starts.Count; s++)
        {
            int end = s + 1 < starts.Count ? starts[s + 1] : times.Length - 1;
            int first = starts[s];
            while (first <= end && (times[first] <= times[starts[s]] || times[first] < times[starts[s]] + settle))
                first++;
            if (first <= end)
                segments.Add(new MotionSegment(times[starts[s]], first, end));
        }
        return segments;
    }

    private static double Movement(double[][] measured, int i) => measured[i + Stride].Zip(measured[i - Stride], (after, before) => Math.Abs(after - before)).Sum();
}
