using System.Text.Json.Nodes;
using System.Xml.Linq;

using Legato.Tests.EndToEnd;
using Legato.Tests.Processes;
using Legato.Tests.Rclcs;
using Legato.Tests.StandIn;

namespace Legato.Tests.Scenarios;

/// <summary>The catalogue of scenarios, run as an operator runs it.</summary>
[Collection(RigCollection.Name)]
public sealed class CatalogueTests(Workspace workspace) : IClassFixture<Workspace>
{
    [Fact]
    public void TheShortFormPassesInTheSimulator()
    {
        string junit = workspace.PathOf("hil.xml"), page = workspace.PathOf("hil.html");
        Outcome outcome = workspace.Run("hil", "--robot", workspace.WriteSimulation(), "--short", "--json", "--junit", junit, "--html", page);
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
        string folder = Directory.CreateDirectory(workspace.PathOf("scenarios")).FullName;
        File.WriteAllText(Path.Combine(folder, "wrong.yaml"), """
            description: Nothing goes wrong, but silence is expected.
            pain: 2
            expect: {ended: stalestate, says: [no such text], safe_within: 0.3, f1: 1, keys_up: false}
            """);
        Outcome outcome = workspace.Run("hil", "--robot", workspace.WriteSimulation(), "--scenarios", folder, "--json");
        JsonObject json = outcome.Expect(1).Json;
        Assert.Equal(1, (int)json["failed"]!);
        string reasons = string.Join('\n', json["results"]![0]!["reasons"]!.AsArray().Select(r => (string)r!));
        foreach (string expected in (string[])["ended 'completed'", "exit code 0, not 1", "was not told", "never came to a safe state", "keys down at the end: none"])
            Assert.Contains(expected, reasons, StringComparison.Ordinal);
    }

    [Fact]
    public void WiresAndProcessesOfTheStandInFailAsTheyShould()
    {
        using var domain = TestDomain.Lease();
        string[] names = ["play-killed", "rail-cable-back", "second-commander"];
        Outcome outcome = workspace.Run(["hil", "--robot", workspace.WriteStandIn(domain.Id), "--json", "--only", .. names]);
        JsonObject json = outcome.Expect(0).Json;
        Assert.Equal(names, json["results"]!.AsArray().Select(r => (string?)r!["name"]));
        Assert.All(json["results"]!.AsArray(), r => Assert.Equal("passed", (string?)r!["verdict"]));
    }

    [Fact]
    public void TheListSaysWhatARobotCannotRun()
    {
        string[] runs = Runs();
        JsonObject json = workspace.Run("hil", "--robot", Repository.PathOf("hardware", "config", "robots", "lab.yaml"), "--list", "--json").Expect(0).Json;
        JsonNode hazard = Assert.Single(json["scenarios"]!.AsArray(), s => (string?)s!["name"] == "commands-cut")!;
        Assert.Equal("could hurt real hands", (string?)hazard["skipped"]);
        Assert.Equal(runs, Runs());
    }

    private string[] Runs() => Directory.Exists(workspace.Runs) ? Directory.GetDirectories(workspace.Runs) : [];
}
