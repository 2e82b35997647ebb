using Legato.Policy.Planning;
using Legato.Runtime.Benchmarks;

namespace Legato.Tests.Runtime.Benchmarks;

public sealed class AblationTests
{
    [Fact]
    public void EveryRowLeavesOutSomethingElse()
    {
        IReadOnlyList<Ablation> rows = AblationTable.Rows(new PlannerOptions());
        Assert.Equal(new PlannerOptions().Hash, rows[0].Options.Hash);
        Assert.Equal(rows.Count, rows.Select(r => r.Name).Distinct().Count());
        // Fingerings hash by their names.
        Assert.Equal(rows.Count, rows.Select(r => r.Options.Hash).Distinct().Count());
        Assert.All(rows.Skip(1), r => Assert.Null(r.Options.Sampling));
    }

    [Fact]
    public void TheTableHasASongPerColumnAndAllStepsOfARow()
    {
        var report = new AblationReport(["a", "b"], [new AblationRow("no x", [new(0.5, 0.25, 1000, 1), new(1, 1, 234, 1)])]);
        var writer = new StringWriter();
        report.Write(writer);
        Assert.Equal(
            ["| planner | a | b | env steps |", "|---|---|---|---|", "| no x | 0.500 (0.250) | 1.000 (1.000) | 1,234 |"],
            writer.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries));
    }
}
