using System.Globalization;

using Legato.Music;
using Legato.Policy.Bundles;
using Legato.Policy.Planning;
using Legato.Sim.Scene;

namespace Legato.Runtime.Experiments;

/// <summary>A song's figures over several seeds.</summary>
/// <param name="Median">Median; the mean of the two in the middle of an even number.</param>
/// <param name="Min">Smallest.</param>
/// <param name="Max">Largest.</param>
public sealed record Spread(double Median, double Min, double Max)
{
    /// <summary>The spread of at least one value.</summary>
    public static Spread Of(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return new Spread(0.5 * (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]), sorted[0], sorted[^1]);
    }
}

/// <summary>One plan of a song.</summary>
public sealed record RepertoireRun(int Seed, string Bundle, double F1, double OnsetF1, double Precision, double Recall, int Unreachable, double Seconds, long EnvSteps, string Strategy)
{
    /// <summary>The run of a bundle.</summary>
    public static RepertoireRun Of(int seed, string folder, PolicyManifest manifest) => new(
        seed, folder, manifest.Evaluation.F1, manifest.Evaluation.OnsetF1, manifest.Evaluation.Precision, manifest.Evaluation.Recall,
        manifest.Unreachable.Count, manifest.Seconds, manifest.EnvSteps, manifest.Strategy);
}

/// <summary>A song with its plans, one per seed, or what is wrong with it.</summary>
public sealed record RepertoireRow(string Song, IReadOnlyList<RepertoireRun> Runs, string? Error)
{
    /// <summary>F1 over the seeds; null where there is no plan.</summary>
    public Spread? F1 => SpreadOf(r => r.F1);

    /// <summary>Onset F1 over the seeds; null where there is no plan.</summary>
    public Spread? OnsetF1 => SpreadOf(r => r.OnsetF1);

    /// <summary>A figure over the seeds; null where there is no plan.</summary>
    public Spread? SpreadOf(Func<RepertoireRun, double> figure) => Runs.Count == 0 ? null : Spread.Of(Runs.Select(figure));
}

/// <summary>Plans the songs of a folder, one after the other, and keeps the bundles as <see cref="NominalPolicy"/> does.</summary>
public sealed class Repertoire(PianoScene scene, string parametersHash, string policies, PlannerOptions options)
{
    /// <summary>Plans a song with seeds from the options' one upwards, or finds its bundles; a song that cannot be played is a row too.</summary>
    /// <exception cref="OperationCanceledException">Stopped.</exception>
    public RepertoireRow Plan(SongLibrary library, string name, double tempo, int seeds, IProgress<PlanProgress>? progress, CancellationToken stop)
    {
        var runs = new List<RepertoireRun>();
        try
        {
            var song = PlayableSong.Load(library, name, tempo);
            for (int seed = options.Seed; seed < options.Seed + seeds; seed++)
            {
                stop.ThrowIfCancellationRequested();
                (PolicyBundle bundle, string folder) = NominalPolicy.FindOrPlan(scene, song, parametersHash, policies, options with { Seed = seed }, progress, stop);
                runs.Add(RepertoireRun.Of(seed, folder, bundle.Manifest));
            }
            return new RepertoireRow(name, runs, null);
        }
        catch (InputException e)
        {
            return new RepertoireRow(name, runs, e.Message);
        }
    }

    /// <summary>The rows as a table in Markdown: medians, for F1 with their range where there are several seeds.</summary>
    public static IEnumerable<string> ToMarkdown(IEnumerable<RepertoireRow> rows)
    {
        yield return "| song | F1 | onset F1 | precision | recall | out of reach | seconds | steps | fingering |";
        yield return "|---|---|---|---|---|---|---|---|---|";
        foreach (RepertoireRow row in rows)
        {
            string[] cells = row.Error is { } error
                ? [error, .. Enumerable.Repeat("–", 7)]
                : [
                    WithRange(row.F1!), WithRange(row.OnsetF1!), Median(r => r.Precision, "0.000"), Median(r => r.Recall, "0.000"),
                    Median(r => r.Unreachable, "0.#"), Median(r => r.Seconds, "0.0"), Median(r => r.EnvSteps, "0"),
                    string.Join(", ", row.Runs.Select(r => r.Strategy).Distinct()),
                ];
            yield return "| " + string.Join(" | ", cells.Prepend(row.Song).Select(c => c.Replace("|", "\\|", StringComparison.Ordinal))) + " |";

            string Median(Func<RepertoireRun, double> figure, string format) => row.SpreadOf(figure)!.Median.ToString(format, CultureInfo.InvariantCulture);
        }
    }

    private static string WithRange(Spread s) => s.Min == s.Max
        ? string.Create(CultureInfo.InvariantCulture, $"{s.Median:0.000}")
        : string.Create(CultureInfo.InvariantCulture, $"{s.Median:0.000} ({s.Min:0.000}–{s.Max:0.000})");
}
