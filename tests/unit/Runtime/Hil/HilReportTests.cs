using System.Globalization;
using System.Text.Json.Nodes;
using System.Xml.Linq;

using Legato.Runtime.Cli;
using Legato.Runtime.Hil;

namespace Legato.Tests.Runtime.Hil;

/// <summary>Reports read the same wherever they are written.</summary>
public sealed class HilReportTests : IDisposable
{
    private readonly CultureInfo _culture = CultureInfo.CurrentCulture;

    public HilReportTests() => CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");

    private static HilReport Report { get; } = new("sim", new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
    [
        new("estop", 0, ScenarioVerdict.Passed, [], 1.25, Facts(212.5)),
        new("estop", 1, ScenarioVerdict.Failed, ["keys down at the end: 3", "exit <code> 0"], 0.5, Facts(412.5)),
        new("rail-cable", 0, ScenarioVerdict.Skipped, ["'wire' needs the stand-in"], 0, null),
    ]);

    public void Dispose() => CultureInfo.CurrentCulture = _culture;

    [Fact]
    public void JUnitHasTheCountsAndEveryCase()
    {
        XElement root = XDocument.Parse(JUnitReport.Write(Report)).Root!;
        XElement suite = Assert.Single(root.Elements("testsuite"));
        foreach (XElement element in (XElement[])[root, suite])
        {
            Assert.Equal(
                ("3", "1", "0", "1", "1.750"),
                ((string?)element.Attribute("tests"), (string?)element.Attribute("failures"), (string?)element.Attribute("errors"), (string?)element.Attribute("skipped"), (string?)element.Attribute("time")));
        }
        Assert.Equal("2026-01-02T03:04:05", (string?)suite.Attribute("timestamp"));
        XElement[] cases = [.. suite.Elements("testcase")];
        Assert.Equal(["estop", "estop (2)", "rail-cable"], cases.Select(c => (string?)c.Attribute("name")));
        Assert.Equal(["1.250", "0.500", "0.000"], cases.Select(c => (string?)c.Attribute("time")));
        Assert.Empty(cases[0].Elements("failure"));
        Assert.Equal("keys down at the end: 3\nexit <code> 0", (string?)cases[1].Element("failure"));
        Assert.Equal("'wire' needs the stand-in", (string?)cases[2].Element("skipped")?.Attribute("message"));
        // What a device said may hold anything.
        Assert.Contains("a\uFFFDb", (string?)cases[0].Element("system-out"), StringComparison.Ordinal);
    }

    [Fact]
    public void JsonHasTheCountsAndTheWorstTime()
    {
        JsonNode json = JsonNode.Parse(JsonText.Of(Report.ToJson()))!;
        Assert.Equal((3, 1, 1, 1), ((int)json["scenarios"]!, (int)json["passed"]!, (int)json["failed"]!, (int)json["skipped"]!));
        Assert.Equal((412.5, "estop"), ((double)json["worst_time_to_safe_ms"]!, (string?)json["worst_scenario"]));
        Assert.Equal("skipped", (string?)json["results"]![2]!["verdict"]);
    }

    [Fact]
    public void ThePageNamesWhatFailedAndWhatWasNotRun()
    {
        string page = HilPage.Write(Report, []).ToHtml();
        Assert.Contains("3 scenarios in 2 s; 1 passed, 1 failed, 1 skipped", page, StringComparison.Ordinal);
        Assert.Contains("class=\"warning\">estop: keys down at the end: 3; exit &lt;code&gt; 0", page, StringComparison.Ordinal);
        Assert.Contains("<td>rail-cable</td><td>&#39;wire&#39; needs the stand-in</td>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("412,5", page, StringComparison.Ordinal);
    }

    private static ScenarioFacts Facts(double safe) => new() { Ended = "stopped", Exit = 1, Told = "a\u0001b", TimeToSafeMs = safe, Recording = RecordingState.Whole };
}
