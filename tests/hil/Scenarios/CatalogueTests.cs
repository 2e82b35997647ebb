using System.Text.Json.Nodes;
using System.Xml.Linq;

using Legato.Tests.EndToEnd;
using Legato.Tests.Processes;
using Legato.Tests.Rclcs;
using Legato.Tests.StandIn;

namespace Legato.Tests.Scenarios;

/// <summary>The catalogue of scenarios, run as an operator runs it.</summary>
[Collection(RigCollection.Name)]
public sealed class CatalogueTests : IDisposable
{
    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void TheShortFormPassesInTheSimulator()
    {
        string junit = _workspace.PathOf("hil.xml"), page = _workspace.PathOf("hil.html");
        Outcome outcome = _workspace.Run("hil", "--robot", _workspace.WriteSimulation(), "--short", "--json", "--junit", junit, "--html", page);
        JsonObject json = outcome.Expect(0).Json;
        int skipped = (int)json["skipped"]!;
        Assert.True((int)json["passed"]! >= 15, json.ToJsonString());
        Assert.Equal((int)json["scenarios"]!, (int)json["passed"]! + skipped);
        Assert.InRange((double)json["worst_time_to_safe_ms"]!, 1, 1500);
        XElement suites = XDocument.Load(junit).Root!;
        Assert.Equal(((string?)json["scenarios"]!.ToString(), "0", skipped.ToString(System.Globalization.CultureInfo.InvariantCulture)),
            ((string?)suites.Attribute("tests"), (string?)suites.Attribute("failures"), (string?)suites.Attribute("skipped")));
        Assert.Contains("Scenarios on sim", File.ReadAllText(page), StringComparison.Ordinal);
    }

    [Fact]
    public void AWrongExpectationFails()
    {
        string folder = Directory.CreateDirectory(_workspace.PathOf("scenarios")).FullName;
        File.WriteAllText(Path.Combine(folder, "wrong.yaml"), """
            description: Nothing goes wrong, but silence is expected.
            pain: 2
            expect: {ended: stalestate, says: [no such text], safe_within: 0.3, f1: 1, keys_up: false}
            """);
        Outcome outcome = _workspace.Run("hil", "--robot", _workspace.WriteSimulation(), "--scenarios", folder, "--json");
        JsonObject json = outcome.Expect(1).Json;
        Assert.Equal(1, (int)json["failed"]!);
        string reasons = json["results"]![0]!["reasons"]!.ToJsonString();
        foreach (string expected in (string[])["ended 'completed'", "exit code 0, not 1", "was not told", "never came to a safe state", "keys down at the end: none"])
            Assert.Contains(expected, json["results"]![0]!["reasons"]!.AsArray().Select(r => (string)r!).FirstOrDefault(r => r.Contains(expected, StringComparison.Ordinal)) ?? reasons, StringComparison.Ordinal);
    }

    [Fact]
    public void WiresAndProcessesOfTheStandInFailAsTheyShould()
    {
        using var domain = TestDomain.Lease();
        string[] names = ["play-killed", "rail-cable-back", "second-commander"];
        Outcome outcome = _workspace.Run(["hil", "--robot", _workspace.WriteStandIn(domain.Id), "--json", "--only", .. names]);
        JsonObject json = outcome.Expect(0).Json;
        Assert.Equal(names, json["results"]!.AsArray().Select(r => (string?)r!["name"]));
        Assert.All(json["results"]!.AsArray(), r => Assert.Equal("passed", (string?)r!["verdict"]));
    }

    [Fact]
    public void TheListSaysWhatARobotCannotRun()
    {
        JsonObject json = _workspace.Run("hil", "--robot", Repository.PathOf("hardware", "config", "robots", "lab.yaml"), "--list", "--json").Expect(0).Json;
        JsonNode hazard = Assert.Single(json["scenarios"]!.AsArray(), s => (string?)s!["name"] == "commands-cut")!;
        Assert.Equal("could hurt real hands", (string?)hazard["skipped"]);
        Assert.False(Directory.Exists(_workspace.Runs));
    }
}
