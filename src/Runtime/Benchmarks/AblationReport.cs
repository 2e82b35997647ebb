using System.Globalization;

using Legato.Policy.Planning;
using Legato.Runtime.Experiments;
using Legato.Sim.Scene;

namespace Legato.Runtime.Benchmarks;

/// <summary>How one song came out.</summary>
/// <param name="F1">F1 of the plan.</param>
/// <param name="OnsetF1">Onset F1 of the plan.</param>
/// <param name="EnvSteps">Control steps simulated.</param>
/// <param name="Seconds">Wall-clock time, s.</param>
public sealed record AblationResult(double F1, double OnsetF1, long EnvSteps, double Seconds);

/// <summary>The planner without a part.</summary>
/// <param name="Missing">What is missing.</param>
/// <param name="Results">One per song, in the order of <see cref="AblationReport.Songs"/>.</param>
public sealed record AblationRow(string Missing, IReadOnlyList<AblationResult> Results);

/// <summary>What each part of the planner is worth.</summary>
/// <param name="Songs">Columns.</param>
/// <param name="Rows">The whole planner first.</param>
public sealed record AblationReport(IReadOnlyList<string> Songs, IReadOnlyList<AblationRow> Rows)
{
    /// <summary>Plans every song without each part.</summary>
    /// <param name="scene">The scene to plan for.</param>
    /// <param name="songs">At least one.</param>
    /// <param name="rows">What to leave out.</param>
    /// <param name="said">Told after each plan.</param>
    /// <param name="cancellation">Stops.</param>
    public static AblationReport Measure(PianoScene scene, IReadOnlyList<PlayableSong> songs, IReadOnlyList<Ablation> rows, Action<string>? said, CancellationToken cancellation)
    {
        var measured = new List<AblationRow>();
        foreach (Ablation row in rows)
        {
            var results = new List<AblationResult>();
            foreach (PlayableSong song in songs)
            {
                cancellation.ThrowIfCancellationRequested();
                SongPlan plan = new SongPlanner(scene, row.Options).Plan(song.Name, song.Trajectory, null, cancellation);
                results.Add(new AblationResult(plan.Score.F1, plan.Score.OnsetF1, plan.EnvSteps, plan.Seconds));
                said?.Invoke(FormattableString.Invariant($"{row.Name}: {song.Name}: F1 {plan.Score.F1:0.000}, {plan.Seconds:0} s"));
            }
            measured.Add(new AblationRow(row.Name, results));
        }
        return new AblationReport([.. songs.Select(s => s.Name)], measured);
    }

    /// <summary>Prints a Markdown table.</summary>
    public void Write(TextWriter writer)
    {
        writer.WriteLine($"| planner | {string.Join(" | ", Songs)} | env steps |");
        writer.WriteLine($"|---|{string.Concat(Songs.Select(_ => "---|"))}---|");
        foreach (AblationRow row in Rows)
        {
            IEnumerable<string> cells = row.Results.Select(r => FormattableString.Invariant($"{r.F1:0.000} ({r.OnsetF1:0.000})"));
            writer.WriteLine($"| {row.Missing} | {string.Join(" | ", cells)} | {row.Results.Sum(r => r.EnvSteps).ToString("N0", CultureInfo.InvariantCulture)} |");
        }
    }
}
