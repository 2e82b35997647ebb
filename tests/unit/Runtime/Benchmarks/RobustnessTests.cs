using System.Globalization;
using Legato.Music;
using Legato.Policy;
using Legato.Policy.Fingering;
using Legato.Policy.Planning;
using Legato.Runtime.Benchmarks;
using Legato.Sim.Parameters;
using Legato.Sim.Scene;

namespace Legato.Tests.Runtime.Benchmarks;

public sealed class RobustnessTests
{
    [Fact]
    public void TheTableBeginsWithTheSimulatorAndEveryRowDiffers()
    {
        Assert.Equal(SimParameters.Nominal, PerturbationTable.Rows[0].Parameters);
        Assert.Equal(PerturbationTable.Rows.Count, PerturbationTable.Rows.Select(r => r.Name).Distinct().Count());
        Assert.Equal(PerturbationTable.Rows.Count, PerturbationTable.Rows.Select(r => r.Parameters).Distinct().Count());
        Assert.Equal(34, PerturbationTable.Rows.Count);
    }

    [Fact]
    public void HalfOfAllIsHalfOfEveryDeviation()
    {
        SimParameters all = Row("all"), half = Row("all at half");
        Assert.Equal(all.Differences.Select(p => p.Key), half.Differences.Select(p => p.Key));
        foreach ((string name, double value) in all.Differences)
        {
            double nominal = SimParameters.Nominal[name];
            Assert.Equal(0.5 * (value - nominal), half[name] - nominal, 1e-12);
        }
    }

    [Fact]
    public void ZeroOffsetsHaveTheSpreadOfTheirName()
    {
        SimParameters row = Row("zero offsets 0.03 rad");
        double[] offsets = [.. ParameterSchema.Drives.Where(d => ParameterSchema.GroupOf(d) != "rails").Select(d => row[$"{d}.offset"])];
        Assert.InRange(Math.Sqrt(offsets.Average(x => x * x)), 0.02, 0.04);
        Assert.InRange(offsets.Average(), -0.015, 0.015);
    }

    [Fact]
    public void TheReportDoesNotDependOnThreadsAndHearsWhatThePlanMisses()
    {
        using PianoScene scene = PianoScene.Build(new SceneOptions());
        // Hands that stay where they are play silence perfectly and nothing else.
        var still = new CommandTable(scene.Actuators, 30);
        KeyRoll silence = KeyRoll.Create(SceneOptions.ControlPeriod, Enumerable.Repeat<int[]>([], 20), new byte[20]);
        KeyRoll note = KeyRoll.Create(SceneOptions.ControlPeriod, Enumerable.Repeat<int[]>([40], 20), new byte[20]);
        TriedPlan[] plans = [new(Plan("silence", still), silence), new(Plan("note", still), note)];
        Perturbation[] rows = [.. PerturbationTable.Rows.Take(3)];
        RobustnessReport one = RobustnessReport.Measure(scene, plans, rows, 1, TestContext.Current.CancellationToken);
        RobustnessReport two = RobustnessReport.Measure(scene, plans, rows, 2, TestContext.Current.CancellationToken);
        Assert.Equal(rows.Select(r => r.Name), one.Rows.Select(r => r.Perturbation));
        Assert.All(one.Rows.Zip(two.Rows), pair => Assert.Equal(pair.First.F1, pair.Second.F1));
        Assert.All(one.Rows, row => Assert.Equal((1.0, 0.0, 0.5), (row.F1[0], row.F1[1], row.Mean)));
        Assert.Null(one.RowByRow);

        // Nothing is heard of hands that stay where they are, so that nothing is corrected.
        TriedPlan[] corrected = [.. plans.Select(p => p with { Plan = p.Plan with { Feedback = true } })];
        Assert.Equal(0.5, RobustnessReport.Measure(scene, corrected, rows, 2, TestContext.Current.CancellationToken).RowByRow);
    }

    private static SongPlan Plan(string song, CommandTable commands) => new()
    {
        Song = song,
        Commands = commands,
        Pedal = new double[commands.Steps],
        LeadIn = 10,
        Score = PerformanceScore.OfRolls(KeyRoll.Create(SceneOptions.ControlPeriod, [[]], [0]), KeyRoll.Create(SceneOptions.ControlPeriod, [[]], [0])),
        RobustF1 = null,
        Fingering = new FingeringPlan([], []),
        Strategy = "none",
        OptionsHash = "",
        IsComplete = true,
        Seconds = 0,
        EnvSteps = 0,
    };

    [Fact]
    public void TheTextIsAMarkdownTableInEveryCulture()
    {
        var report = new RobustnessReport(["a", "b"],
        [
            new RobustnessRow("nominal", 1, [1, 1]),
            new RobustnessRow("late", 0.75, [0.5, 1]),
            new RobustnessRow("low", 0.25, [0, 0.5]),
        ]);
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");
            var writer = new StringWriter { NewLine = "\n" };
            report.Write(writer);
            Assert.Equal(
                """
                | rig | mean | a | b |
                |---|---|---|---|
                | nominal | 1.000 | 1.000 | 1.000 |
                | late | 0.750 | 0.500 | 1.000 |
                | low | 0.250 | 0.000 | 0.500 |
                | **mean of the perturbed** | 0.500 | 0.250 | 0.750 |

                worst: low, 0.250

                """.ReplaceLineEndings("\n"),
                writer.ToString());

            var corrected = new StringWriter { NewLine = "\n" };
            (report with { Rows = [.. report.Rows.Select(row => row with { RowByRow = 0.5 * row.Mean })] }).Write(corrected);
            Assert.StartsWith("| rig | row by row | mean | a | b |\n|---|---|---|---|---|\n| nominal | 0.500 | 1.000 | 1.000 | 1.000 |\n", corrected.ToString(), StringComparison.Ordinal);
            Assert.Contains("| **mean of the perturbed** | 0.250 | 0.500 | 0.250 | 0.750 |", corrected.ToString(), StringComparison.Ordinal);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    private static SimParameters Row(string name) => PerturbationTable.Rows.Single(r => r.Name == name).Parameters;
}
