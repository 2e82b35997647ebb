using Legato.Runtime.Experiments;
using Legato.Runtime.Statistics;

namespace Legato.Runtime.Benchmarks;

/// <summary>How learning without a part came out.</summary>
/// <param name="Name">What is missing.</param>
/// <param name="F1">Over songs and seeds.</param>
/// <param name="OnsetF1">Over songs and seeds.</param>
/// <param name="Difference">Of F1 to the whole, pair by pair: the same song, the same seed; null for the whole itself.</param>
/// <param name="PHolm">Of the paired permutation test, corrected for the number of rows; null for the whole.</param>
/// <param name="EnvSteps">Control steps of all its trainings.</param>
public sealed record LearningRow(string Name, Estimate F1, Estimate OnsetF1, Estimate? Difference, double? PHolm, long EnvSteps);

/// <summary>A point of a row's mean learning curve.</summary>
/// <param name="EnvSteps">Control steps.</param>
/// <param name="F1">Mean over the row's trainings.</param>
public readonly record struct LearningCurvePoint(double EnvSteps, double F1);

/// <summary>What each part of learning is worth, in figures. A function of its trials.</summary>
/// <param name="Rows">The whole first.</param>
/// <param name="Trials">Every training.</param>
public sealed record LearningReport(IReadOnlyList<LearningRow> Rows, IReadOnlyList<LearningTrial> Trials)
{
    /// <summary>Computes the figures.</summary>
    /// <param name="trials">Every row with the same songs and seeds; the whole (<see cref="LearningAblationTable.Full"/>) among them.</param>
    /// <param name="seed">Seed of bootstrap and tests.</param>
    /// <exception cref="ArgumentException">A row lacks a song or a seed of the whole.</exception>
    public static LearningReport Of(IReadOnlyList<LearningTrial> trials, int seed)
    {
        // By song and seed, so that the n-th trials of all rows are pairs.
        Dictionary<string, LearningTrial[]> byRow = trials.GroupBy(t => t.Row, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => g.OrderBy(t => t.Song, StringComparer.Ordinal).ThenBy(t => t.Seed).ToArray(), StringComparer.Ordinal);
        LearningTrial[] full = byRow[LearningAblationTable.Full];
        if (byRow.Values.FirstOrDefault(row => !row.Select(t => (t.Song, t.Seed)).SequenceEqual(full.Select(t => (t.Song, t.Seed)))) is { } odd)
            throw new ArgumentException($"'{odd[0].Row}' has not the songs and seeds of '{LearningAblationTable.Full}'.", nameof(trials));
        string[] others = [.. trials.Select(t => t.Row).Distinct().Where(name => name != LearningAblationTable.Full)];
        PairedFigures[] pairs = [.. others.Select(name => PairedFigures.Of([.. byRow[name].Select(t => t.F1)], [.. full.Select(t => t.F1)], seed))];
        IReadOnlyList<double> holm = Resampling.Holm([.. pairs.Select(p => p.P)]);
        return new LearningReport([Row(full, null, null), .. others.Select((name, i) => Row(byRow[name], pairs[i].Difference, holm[i]))], trials);

        LearningRow Row(LearningTrial[] row, Estimate? difference, double? p) => new(
            row[0].Row, Resampling.Mean([.. row.Select(t => t.F1)], seed), Resampling.Mean([.. row.Select(t => t.OnsetF1)], seed), difference, p, row.Sum(t => t.EnvSteps));
    }

    /// <summary>A row's mean curve, at the steps that all its trainings have reached.</summary>
    public IReadOnlyList<LearningCurvePoint> CurveOf(string row)
    {
        LearningTrial[] own = [.. Trials.Where(t => t.Row == row)];
        return [.. own.SelectMany(t => t.Curve).GroupBy(p => p[0]).Where(g => g.Count() == own.Length).OrderBy(g => g.Key).Select(g => new LearningCurvePoint(g.Key, g.Average(p => p[1])))];
    }
}
