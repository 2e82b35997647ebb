using System.Globalization;

using Legato.Runtime.Benchmarks;

namespace Legato.Tests.Runtime.Benchmarks;

public sealed class TempoSweepTests
{
    [Fact]
    public async Task SongsGoFasterUntilOneFails()
    {
        var played = new List<(string, double, string?)>();
        var sweep = new TempoSweep([0.5, 1, 1.5, 2], 0.9, (song, tempo, parameters, _) =>
        {
            played.Add((song, tempo, parameters));
            return Task.FromResult(1 - (tempo * (parameters is null ? 0.12 : 0.06)));
        });
        IReadOnlyList<TempoRow> rows = await sweep.RunAsync(["a"], [null, "fitted.yaml"], _ => { }, TestContext.Current.CancellationToken);

        Assert.Equal([("a", 0.5, null), ("a", 1, null), ("a", 0.5, "fitted.yaml"), ("a", 1, "fitted.yaml"), ("a", 1.5, "fitted.yaml"), ("a", 2, "fitted.yaml")], played);
        Assert.Equal([0.5, 1.5], rows.Select(r => r.Highest));
    }

    [Fact]
    public async Task NoTempoIsHighestWhereTheSlowestFails()
    {
        var sweep = new TempoSweep([0.5, 1], 0.9, (_, _, _, _) => Task.FromResult(0.3));
        IReadOnlyList<TempoRow> rows = await sweep.RunAsync(["a"], [null], _ => { }, TestContext.Current.CancellationToken);

        Assert.Null(Assert.Single(rows).Highest);
        CultureInfo.CurrentCulture = new CultureInfo("de-DE");
        var text = new StringWriter { NewLine = "\n" };
        TempoSweep.Write(rows, text);
        Assert.EndsWith("| a | nominal | none | 0.5: 0.300 |\n", text.ToString(), StringComparison.Ordinal);
    }
}
