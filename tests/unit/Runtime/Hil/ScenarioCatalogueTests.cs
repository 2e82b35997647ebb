using System.Globalization;
using System.Text.Json;

using Legato.Music;
using Legato.RobotDriver.Chaos;
using Legato.RobotDriver.Configuration;
using Legato.Runtime.Hil;
using Legato.Tests.Sim.Parameters;

namespace Legato.Tests.Runtime.Hil;

/// <summary>The catalogue, its schema and its documentation say the same.</summary>
public sealed class ScenarioCatalogueTests
{
    private static readonly ScenarioCatalogue Catalogue = ScenarioCatalogue.Load(Path.GetDirectoryName(File("scenarios/nothing-wrong.yaml"))!);

    [Fact]
    public void EveryFileIsReadAndNamesAreUnique()
    {
        Assert.True(Catalogue.Scenarios.Count >= 40);
        Assert.Equal(Catalogue.Scenarios.Count, Catalogue.Scenarios.DistinctBy(s => s.Name).Count());
        Assert.Equal(Catalogue.Scenarios.Count, Catalogue.Scenarios.DistinctBy(s => s.Description).Count());
    }

    [Fact]
    public void EveryTroubleHasAScenario() => Assert.Equal(Enumerable.Range(1, 10), Catalogue.Scenarios.Select(s => s.Pain).Distinct().Order());

    [Fact]
    public void EveryKindOfFaultIsUsed() =>
        Assert.Empty(ScenarioReader.Kinds.Select(k => k.Name).Except(Catalogue.Scenarios.SelectMany(s => s.Faults).Select(f => f.Kind)));

    [Fact]
    public void FaultsAreKindsOfTheirName() => Assert.All(Catalogue.Scenarios.SelectMany(s => s.Faults), f => Assert.Contains(f.Kind, ScenarioReader.Kinds.Select(k => k.Name)));

    [Fact]
    public void TheJsonSchemaHasEveryKindWithItsParameters()
    {
        JsonElement root = JsonDocument.Parse(System.IO.File.ReadAllText(File("scenario.schema.json"))).RootElement;
        JsonElement faults = root.GetProperty("properties").GetProperty("faults").GetProperty("items").GetProperty("oneOf");
        string[] window = ["kind", "in", "after", "for"];
        Assert.Equal(
            ScenarioReader.Kinds.Select(k => $"{k.Name}: {string.Join(' ', k.Parameters.Order(StringComparer.Ordinal))}"),
            faults.EnumerateArray().Select(f => f.GetProperty("properties")).Select(p =>
                $"{p.GetProperty("kind").GetProperty("const")}: {string.Join(' ', p.EnumerateObject().Select(o => o.Name).Except(window).Order(StringComparer.Ordinal))}"));
        Assert.Equal(ScenarioReader.Phases, root.GetProperty("$defs").GetProperty("in").GetProperty("enum").EnumerateArray().Select(e => e.GetString()));
        Assert.Equal(
            ["description", "expect", "faults", "hazard", "pain", "play", "short"],
            root.GetProperty("properties").EnumerateObject().Select(p => p.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void TheDocumentHasARowForEveryScenarioKindAndTrouble()
    {
        string[] lines = System.IO.File.ReadAllLines(ParameterSchemaTests.RepositoryFile("docs/hil.md"));
        foreach (Scenario s in Catalogue.Scenarios)
        {
            string marks = string.Join(", ", new[] { s.IsShort ? "short" : "", s.IsHazard ? "hazard" : "" }.Where(m => m.Length > 0));
            Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"| `{s.Name}` | {s.Pain} | {s.Description} | {marks} |"), lines);
        }
        foreach (FaultKind k in ScenarioReader.Kinds)
            Assert.Contains($"| `{k.Name}` | {string.Join(", ", k.Parameters.Select(p => $"`{p}`"))} | {k.Description} |", lines);
        foreach (int pain in Enumerable.Range(1, 10))
            Assert.Single(lines, line => line.StartsWith($"| {pain} |", StringComparison.Ordinal));
    }

    [Fact]
    public void HardwareSkipsWhatCouldHurtItAndWhatNeedsTheStandIn()
    {
        var lab = RobotConfiguration.Load(File("robots/lab.yaml"));
        var standIn = RobotConfiguration.Load(File("robots/standin.yaml"));
        var sim = RobotConfiguration.Load(File("robots/sim.yaml"));
        Assert.All(Catalogue.Scenarios, s => Assert.Null(ScenarioCatalogue.SkipReason(s, standIn)));
        Assert.All(Catalogue.Scenarios.Where(s => s.IsHazard), s => Assert.Equal("could hurt real hands", ScenarioCatalogue.SkipReason(s, lab)));
        Assert.Null(Skip("reports-silent", lab));
        Assert.Null(Skip("second-commander", lab));
        Assert.Equal("'second_commander' needs hands on ROS 2", Skip("second-commander", sim));
        Assert.Equal("'wire' needs the stand-in", Skip("rail-cable", lab));
        Assert.True(Catalogue.Scenarios.Count(s => ScenarioCatalogue.SkipReason(s, sim) is null) >= 40);
    }

    [Fact]
    public void ScenariosAreChosenByNameAndMistypedOnesAreRefused()
    {
        Assert.Equal(["disk-full", "estop"], Catalogue.Select(["estop", "disk-full"], isShort: false).Select(s => s.Name));
        Assert.All(Catalogue.Select([], isShort: true), s => Assert.True(s.IsShort));
        var error = Assert.Throws<InputException>(() => Catalogue.Select(["reports-silence"], isShort: false));
        Assert.StartsWith("no scenario 'reports-silence'; did you mean 'reports-silent'?", error.Message, StringComparison.Ordinal);
    }

    private static string? Skip(string name, RobotConfiguration robot) => ScenarioCatalogue.SkipReason(Catalogue.Select([name], isShort: false)[0], robot);

    private static string File(string path) => ParameterSchemaTests.RepositoryFile($"hardware/config/{path}");
}
