using Legato.Music;

namespace Legato.SystemId.Keys;

/// <summary>A key event and the time in which the simulation may answer it.</summary>
/// <param name="Key">0..87.</param>
/// <param name="Down">True for down.</param>
/// <param name="Time">When it was heard, s.</param>
/// <param name="From">Earliest time of the answer, s.</param>
/// <param name="To">Latest time of the answer, s.</param>
internal readonly record struct HeardEvent(int Key, bool Down, double Time, double From, double To)
{
    /// <summary>The events of a record. Windows of a key's equal events never overlap, so that no answer counts twice.</summary>
    /// <param name="record">The record.</param>
    /// <param name="window">Largest distance of an answer, s.</param>
    public static HeardEvent[] Of(KeyRecord record, double window)
    {
        TimedKeyEvent[] events = [.. record.Events];
        return [.. events.Select((e, i) =>
        {
            double before = events.Take(i).LastOrDefault(o => o.Key == e.Key && o.Down == e.Down, new(double.NegativeInfinity, 0, false)).Time;
            double after = events.Skip(i + 1).FirstOrDefault(o => o.Key == e.Key && o.Down == e.Down, new(double.PositiveInfinity, 0, false)).Time;
            return new HeardEvent(e.Key, e.Down, e.Time, Math.Max(e.Time - window, 0.5 * (before + e.Time)), Math.Min(e.Time + window, 0.5 * (e.Time + after)));
        })];
    }

    /// <summary>How much later than heard the simulated key answers, s, and whether it does at all.</summary>
    /// <remarks>
    /// Without an answer, a key that never comes down counts as late to press and early to release, by the window and up to
    /// twice that for how far it stays above its activation: so the misfit stays bounded and still shows the way.
    /// </remarks>
    /// <param name="depth">Angle of the key after each step, as a fraction of the angle at which it sounds.</param>
    /// <param name="start">Time of the first, with the keyboard's latency, s.</param>
    /// <param name="step">Time between two, s.</param>
    public (double Lateness, bool Answered) Answer(ReadOnlySpan<double> depth, double start, double step)
    {
        int first = Math.Clamp((int)Math.Ceiling((From - start) / step), 0, depth.Length - 1);
        int last = Math.Clamp((int)Math.Floor((To - start) / step), 0, depth.Length - 1);
        double best = double.PositiveInfinity, deepest = depth[first];
        for (int k = first; k < last; k++)
        {
            deepest = Math.Max(deepest, depth[k + 1]);
            if (Down ? depth[k] >= 1 || depth[k + 1] < 1 : depth[k] < 1 || depth[k + 1] >= 1)
                continue;
            double lateness = start + ((k + ((1 - depth[k]) / (depth[k + 1] - depth[k]))) * step) - Time;
            best = Math.Abs(lateness) < Math.Abs(best) ? lateness : best;
        }
        if (double.IsFinite(best))
            return (best, true);
        double missing = Math.Clamp(1 - deepest, 0, 1);
        bool isLate = Down ? depth[first] < 1 : depth[last] >= 1;
        return (isLate ? (To - Time) * (1 + missing) : (From - Time) * (1 + missing), false);
    }
}
