using System.Globalization;
using Legato.Music;
using Legato.Policy.Planning;
using Legato.Policy.Robustness;
using Legato.Sim.Scene;

namespace Legato.Runtime.Benchmarks;

/// <summary>A plan to be tried.</summary>
/// <param name="Plan">The plan.</param>
/// <param name="Truth">What the song asks for after the lead-in.</param>
public sealed record TriedPlan(SongPlan Plan, KeyRoll Truth);

/// <summary>F1 of every plan on one perturbed rig.</summary>
/// <param name="Perturbation">Name of the row.</param>
/// <param name="Mean">Mean over the songs.</param>
/// <param name="F1">One per song, in the order of <see cref="RobustnessReport.Songs"/>.</param>
public sealed record RobustnessRow(string Perturbation, double Mean, IReadOnlyList<double> F1)
{
    /// <summary>Mean over the songs of the same plans played row by row, whatever is heard; null where plans are played so anyway.</summary>
    public double? RowByRow { get; init; }
}

/// <summary>How plans sound on rigs that differ from the one that they were made for.</summary>
/// <param name="Songs">Columns.</param>
/// <param name="Rows">The simulator itself first, then <see cref="PerturbationTable"/>'s rigs.</param>
public sealed record RobustnessReport(IReadOnlyList<string> Songs, IReadOnlyList<RobustnessRow> Rows)
{
    /// <summary>Mean of each song over all perturbed rigs.</summary>
    public IReadOnlyList<double> SongMeans => [.. Songs.Select((_, i) => Perturbed.Average(row => row.F1[i]))];

    /// <summary>Mean over songs and perturbed rigs.</summary>
    public double Mean => Perturbed.Average(row => row.Mean);

    /// <summary>The perturbed rig with the lowest mean.</summary>
    public RobustnessRow Worst => Perturbed.MinBy(row => row.Mean)!;

    /// <summary>Mean over songs and perturbed rigs of plans that are played row by row, whatever is heard; null where all are played so anyway.</summary>
    public double? RowByRow => Perturbed.Average(row => row.RowByRow);

    private IEnumerable<RobustnessRow> Perturbed => Rows.Skip(1);

    /// <summary>Plays every plan on every rig, without planning anything again.</summary>
    /// <param name="scene">The scene that the plans are for.</param>
    /// <param name="plans">At least one.</param>
    /// <param name="rows">The rigs; the first one is the simulator itself.</param>
    /// <param name="threads">Rigs at a time; the report is the same with any number.</param>
    /// <param name="cancellation">Stops between rigs.</param>
    public static RobustnessReport Measure(PianoScene scene, IReadOnlyList<TriedPlan> plans, IReadOnlyList<Perturbation> rows, int threads, CancellationToken cancellation)
    {
        var measured = new RobustnessRow[rows.Count];
        Parallel.For(0, rows.Count, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation }, r =>
        {
            using var rig = new PerturbedRig(scene, rows[r].Parameters);
            double[] f1 = [.. plans.Select(plan => rig.Play(plan.Plan, plan.Truth).F1)];
            measured[r] = new RobustnessRow(rows[r].Name, f1.Average(), f1)
            {
                RowByRow = plans.Any(plan => plan.Plan.Feedback) ? plans.Average(plan => rig.Play(plan.Plan.Commands, plan.Truth).F1) : null,
            };
        });
        return new RobustnessReport([.. plans.Select(p => p.Plan.Song)], measured);
    }

    /// <summary>Prints a Markdown table.</summary>
    public void Write(TextWriter writer)
    {
        bool isCorrected = RowByRow is not null;
        writer.WriteLine($"| rig |{(isCorrected ? " row by row |" : "")} mean | {string.Join(" | ", Songs)} |");
        writer.WriteLine($"|---|{(isCorrected ? "---|" : "")}---|{string.Concat(Songs.Select(_ => "---|"))}");
        foreach (RobustnessRow row in Rows)
            writer.WriteLine($"| {row.Perturbation} |{Plain(row.RowByRow)} {Text(row.Mean)} | {string.Join(" | ", row.F1.Select(Text))} |");
        writer.WriteLine($"| **mean of the perturbed** |{Plain(RowByRow)} {Text(Mean)} | {string.Join(" | ", SongMeans.Select(Text))} |");
        writer.WriteLine();
        writer.WriteLine($"worst: {Worst.Perturbation}, {Text(Worst.Mean)}");
    }

    private static string Plain(double? f1) => f1 is { } plain ? $" {Text(plain)} |" : "";

    private static string Text(double f1) => f1.ToString("0.000", CultureInfo.InvariantCulture);
}
