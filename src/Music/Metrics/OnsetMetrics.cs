namespace Legato.Music;

/// <summary>A key going down.</summary>
/// <param name="Time">Seconds.</param>
/// <param name="Key">0..87.</param>
public readonly record struct Onset(double Time, int Key);

/// <summary>How well the beginnings of notes were met in time.</summary>
/// <param name="Score">Precision, recall and F1 over matched onsets.</param>
/// <param name="Matches">Pairs of wanted and played onset of the same key, in order of the wanted one's time.</param>
/// <param name="Missed">Wanted onsets that nothing was played for.</param>
/// <param name="Extra">Played onsets that nobody wanted.</param>
public sealed record OnsetMetrics(
    F1Score Score, IReadOnlyList<(Onset Wanted, Onset Played)> Matches, IReadOnlyList<Onset> Missed, IReadOnlyList<Onset> Extra)
{
    /// <summary>50 ms, the tolerance that transcription research uses.</summary>
    public const double DefaultTolerance = 0.05;

    // Seconds held in doubles may miss the tolerance by rounding.
    private const double Slack = 1e-9;

    /// <summary>Played minus wanted time of each match, seconds.</summary>
    public IEnumerable<double> Errors => Matches.Select(m => m.Played.Time - m.Wanted.Time);

    /// <summary>Median of the absolute timing error, seconds; null without matches.</summary>
    public double? MedianError => Quantile(0.5);

    /// <summary>95th percentile of the absolute timing error, seconds; null without matches.</summary>
    public double? Error95 => Quantile(0.95);

    /// <summary>Mean of the signed timing error, seconds: positive is late; null without matches.</summary>
    public double? MeanSignedError => Matches.Count == 0 ? null : Errors.Average();

    /// <summary>
    /// Matches onsets one to one: the same key, times at most the tolerance apart, as many as possible, and among
    /// those the matching with the smallest total timing error.
    /// </summary>
    public static OnsetMetrics Match(IEnumerable<Onset> wanted, IEnumerable<Onset> played, double tolerance = DefaultTolerance)
    {
        var matches = new List<(Onset, Onset)>();
        var missed = new List<Onset>();
        var extra = new List<Onset>();
        ILookup<int, Onset> playedByKey = played.ToLookup(o => o.Key);
        ILookup<int, Onset> wantedByKey = wanted.ToLookup(o => o.Key);
        foreach (int key in wantedByKey.Select(g => g.Key).Union(playedByKey.Select(g => g.Key)))
        {
            Onset[] a = [.. wantedByKey[key].OrderBy(o => o.Time)];
            Onset[] b = [.. playedByKey[key].OrderBy(o => o.Time)];
            int i = 0, j = 0;
            while (i < a.Length && j < b.Length)
            {
                (int endA, int endB) = ClusterEnd(a, b, i, j, tolerance + Slack);
                MatchCluster(a[i..endA], b[j..endB], tolerance + Slack, matches, missed, extra);
                (i, j) = (endA, endB);
            }
            missed.AddRange(a[i..]);
            extra.AddRange(b[j..]);
        }
        return new OnsetMetrics(
            F1Score.FromCounts(matches.Count, extra.Count, missed.Count),
            [.. matches.OrderBy(m => m.Item1.Time)], [.. missed.OrderBy(o => o.Time)], [.. extra.OrderBy(o => o.Time)]);
    }

    // Onsets farther apart than the tolerance from all others cannot compete: the key falls into small clusters.
    private static (int EndA, int EndB) ClusterEnd(Onset[] a, Onset[] b, int i, int j, double tolerance)
    {
        double last = Math.Min(a[i].Time, b[j].Time);
        while (true)
        {
            if (i < a.Length && a[i].Time - last <= tolerance && (j >= b.Length || a[i].Time <= b[j].Time))
                last = a[i++].Time;
            else if (j < b.Length && b[j].Time - last <= tolerance)
                last = b[j++].Time;
            else
                return (i, j);
        }
    }

    // Times on a line: some best matching has no crossing pairs, so a dynamic programme over prefixes finds it.
    private static void MatchCluster(
        Onset[] a, Onset[] b, double tolerance, List<(Onset, Onset)> matches, List<Onset> missed, List<Onset> extra)
    {
        var best = new (int Matches, double Error)[a.Length + 1, b.Length + 1];
        for (int i = 1; i <= a.Length; i++)
        {
            for (int j = 1; j <= b.Length; j++)
            {
                best[i, j] = Better(best[i - 1, j], best[i, j - 1]);
                double error = Math.Abs(a[i - 1].Time - b[j - 1].Time);
                if (error <= tolerance)
                    best[i, j] = Better(best[i, j], (best[i - 1, j - 1].Matches + 1, best[i - 1, j - 1].Error + error));
            }
        }
        int x = a.Length, y = b.Length;
        while (x > 0 && y > 0)
        {
            if (best[x, y] == best[x - 1, y])
                missed.Add(a[--x]);
            else if (best[x, y] == best[x, y - 1])
                extra.Add(b[--y]);
            else
                matches.Add((a[--x], b[--y]));
        }
        missed.AddRange(a[..x]);
        extra.AddRange(b[..y]);
    }

    private static (int Matches, double Error) Better((int Matches, double Error) p, (int Matches, double Error) q) =>
        q.Matches > p.Matches || (q.Matches == p.Matches && q.Error < p.Error) ? q : p;

    // Linear between the two nearest ranks.
    private double? Quantile(double q)
    {
        double[] sorted = [.. Errors.Select(Math.Abs).Order()];
        if (sorted.Length == 0)
            return null;
        double rank = q * (sorted.Length - 1);
        int below = (int)rank;
        double above = sorted[Math.Min(below + 1, sorted.Length - 1)];
        return sorted[below] + ((rank - below) * (above - sorted[below]));
    }
}
