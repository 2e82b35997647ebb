using System.Globalization;
using System.Text.Json.Nodes;
using System.Xml.Linq;

using Legato.Runtime.Cli;
using Legato.Runtime.Improvement;

namespace Legato.Tests.Runtime.Improvement;

/// <summary>Reports of loops that are written down here, from figures to pages.</summary>
public sealed class LoopReportTests
{
    private static readonly string[] Songs = ["a", "b"];

    [Fact]
    public void TheBestRoundStandsAgainstEveryOtherArm()
    {
        var report = LoopReport.Of(State());

        Assert.Equal(1, report.Best);
        Assert.Equal(["round 0", "round 1", "practice on the robot", "refit without key events", "robust plan, no refit"], report.Arms.Select(a => a.Name));
        Assert.Equal(["round 0", "practice on the robot", "refit without key events", "robust plan, no refit"], report.Comparisons.Select(c => c.Than));
        Comparison first = report.Comparisons[0];
        Assert.Equal(0.2, first.Difference.Mean, 1e-9);
        Assert.Equal(6, first.Difference.Count);
        // All six pairs gain: 2 of 64 signs are as far from zero.
        Assert.Equal(2.0 / 64, first.P, 1e-12);
        Assert.All(report.Comparisons, c => Assert.InRange(c.PHolm, c.P, 1));
        Assert.Equal(4 * 2.0 / 64, first.PHolm, 1e-12);
    }

    [Fact]
    public void WhatPlayedAnewIsComparedWithWhatPlayedAfterTheChoice()
    {
        LoopState state = State();
        state.Baselines[ImprovementLoop.Ours] = Arm(0.92, (0.88, 0.9));
        state.Baselines[ImprovementLoop.AsItCame] = Arm(0.9, (0.7, 0.6));
        var report = LoopReport.Of(state);

        Assert.Equal(["practice on the robot", "refit without key events", "robust plan, no refit", "the simulator as it came"], report.Comparisons.Select(c => c.Than));
        Assert.Equal(0.24, report.Comparisons[^1].Difference.Mean, 1e-9);
        // The round fell short of its simulator; played anew, it does not.
        Assert.Empty(report.Shortfalls);
        Assert.Equal([80, 0], report.Arms.Where(a => a.Name is ImprovementLoop.Ours or ImprovementLoop.AsItCame).Select(a => a.LearningSeconds));
        string page = LoopReportPage.Write(report).ToMarkdown();
        Assert.Contains("Played anew, after it was chosen: F1 0.890", page, StringComparison.Ordinal);
        Assert.Contains("ours: round 1, played anew after it was chosen.", page, StringComparison.Ordinal);
        Assert.DoesNotContain("favours", page, StringComparison.Ordinal);
    }

    [Fact]
    public void RobotTimeIsCountedWhereItWasSpent()
    {
        var report = LoopReport.Of(State());

        // A round performs 2 songs x 3 times 10 s; its refit sees 60 s of motions and one performance per song.
        Assert.All(report.Arms, a => Assert.Equal(60, a.PlayedSeconds));
        Assert.Equal([0, 80, 110, 80, 0], report.Arms.Select(a => a.LearningSeconds));
    }

    [Fact]
    public void APieceBelowItsSimulatorIsNamedWithItsLoss()
    {
        LoopReport report = LoopReport.Of(State());
        Shortfall one = Assert.Single(report.Shortfalls);
        Assert.Equal("b", one.Song);
        string page = LoopReportPage.Write(report).ToMarkdown();
        Assert.Contains("b: the robot falls short of the simulator: F1 0.800 instead of 0.920, a loss of 0.120", page, StringComparison.Ordinal);
        Assert.DoesNotContain("a: the robot falls short", page, StringComparison.Ordinal);
    }

    [Fact]
    public void AReportReadsAlikeInEveryCultureAndAfterADiskHasHeldItsLoop()
    {
        string folder = Directory.CreateTempSubdirectory("legato-report-").FullName;
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            ReportDocument plain = LoopReportPage.Write(LoopReport.Of(State()));
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");
            State().Save(folder);
            LoopReport report = LoopReport.Of(LoopState.Load(folder));
            LoopReportPage.Save(report, folder);

            string markdown = File.ReadAllText(Path.Combine(folder, LoopReportPage.MarkdownFile));
            Assert.Equal(plain.ToMarkdown(), markdown);
            Assert.Equal(plain.ToHtml(), File.ReadAllText(Path.Combine(folder, LoopReportPage.HtmlFile)));
            Assert.Contains("| robust plan, no refit | 0.900 | 0.700 (0.670 … 0.732) | 6 | 0 s | 60 s |", markdown, StringComparison.Ordinal);
            Assert.Contains("| practice on the robot | b | – | 0.750 (0.740 … 0.760) | 0.650 (0.650 … 0.650) | 3 |", markdown, StringComparison.Ordinal);
            Assert.Contains("| round 0 | +0.200 (+0.200 … +0.200) | 6 | 0.031 | 0.125 |", markdown, StringComparison.Ordinal);
            Assert.Contains("Error on motions that the fit did not see: 2.50 before, 1.25 after", markdown, StringComparison.Ordinal);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void OnlyTheTenParametersThatMovedMostAreListed()
    {
        string page = LoopReportPage.Write(LoopReport.Of(State())).ToMarkdown();
        Assert.Equal(Enumerable.Range(2, 10).Reverse().Select(i => $"p{i}"), page.Split('\n').Where(l => l.StartsWith("| p", StringComparison.Ordinal) && l[3] != 'a' && char.IsDigit(l[3])).Select(l => l.Split(' ')[1]));
    }

    [Fact]
    public void TheHtmlIsWellFormedAndNamesAreEscaped()
    {
        LoopState state = State();
        state.Ended = "5 < 6 & so on";
        string html = LoopReportPage.Write(LoopReport.Of(state)).ToHtml();
        Assert.Contains("5 &lt; 6 &amp; so on", html, StringComparison.Ordinal);
        string body = html[html.IndexOf("<body>", StringComparison.Ordinal)..html.IndexOf("</html>", StringComparison.Ordinal)];
        XElement page = XElement.Parse(body);
        Assert.Equal(5, page.Descendants("svg").Single().Elements("rect").Count());
        Assert.DoesNotContain("http", html, StringComparison.Ordinal);
    }

    [Fact]
    public void ARobotWithoutNoiseIsSaidToHaveNone()
    {
        LoopState state = State();
        foreach (LoopArm arm in state.Rounds.Select(r => r.Arm).Concat(state.Baselines.Values))
        {
            for (int i = 0; i < arm.Performances.Count; i++)
                arm.Performances[i] = arm.Performances[i] with { F1 = 0.5 };
        }
        Assert.Contains("this robot has no noise", LoopReportPage.Write(LoopReport.Of(state)).ToMarkdown(), StringComparison.Ordinal);
        Assert.DoesNotContain("this robot has no noise", LoopReportPage.Write(LoopReport.Of(State())).ToMarkdown(), StringComparison.Ordinal);
    }

    [Fact]
    public void JsonHasTheFieldsThatItsReadersKnow()
    {
        JsonObject json = JsonNode.Parse(JsonText.Of(LoopReportJson.Of(LoopReport.Of(State()), "/loop")))!.AsObject();
        JsonNode round = json["rounds"]![1]!;
        Assert.Equal("calibration-0/params.yaml", (string?)round["parameters"]);
        Assert.Equal(0.92, (double)round["sim_f1"]!, 1e-9);
        Assert.Equal(0.85, (double)round["real_f1"]!, 1e-9);
        Assert.Equal(2, round["real_f1_ci95"]!.AsArray().Count);
        Assert.Equal("all rounds are done", (string?)json["stopped_because"]);
        Assert.Equal(3, json["baselines"]!.AsArray().Count);
        Assert.Null(json["baselines"]![0]!["sim_f1"]);
    }

    [Fact]
    public void WhatNetworksHaveLearntIsTold()
    {
        LoopState planned = State();
        Assert.DoesNotContain("networks", LoopReportPage.Write(LoopReport.Of(planned)).ToMarkdown(), StringComparison.Ordinal);
        Assert.Contains("learner plan", LoopReportPage.Write(LoopReport.Of(planned)).ToMarkdown(), StringComparison.Ordinal);

        LoopState learnt = planned with { Request = planned.Request with { Learner = "ppo", Learning = new LearningBudget(5000, 8, 0.25) } };
        learnt.Rounds[1].Arm.Policies["b"] = new Trained("policies/b", 0.92, Learning: new LearningFigures(5120, 0.81, 0.86));
        string page = LoopReportPage.Write(LoopReport.Of(learnt)).ToMarkdown();
        Assert.Contains("learner ppo (--steps 5000 --rigs 8 --severity 0.25)", page, StringComparison.Ordinal);
        Assert.Contains("| round 1 | b | 5120 | 0.810 | 0.860 |", page, StringComparison.Ordinal);
        JsonObject json = JsonNode.Parse(JsonText.Of(LoopReportJson.Of(LoopReport.Of(learnt), "/loop")))!.AsObject();
        Assert.Equal("ppo", (string?)json["learner"]);
        Assert.Equal(0.86, (double)Assert.Single(json["rounds"]![1]!["learning"]!.AsArray())!["policy_f1"]!);
    }

    // Round 1 gains 0.2 everywhere; b loses 0.12 against its simulator; the others lie between.
    private static LoopState State()
    {
        LoopArm first = Arm(0.9, (0.7, 0.6)), second = Arm(0.92, (0.9, 0.8));
        LoopArm practised = Arm(null, (0.8, 0.75), robotSeconds: 55);
        var refit = new Calibrated("calibration-0/params.yaml", "calibration-0", new HoldOutError(2.5, 1.25), Enumerable.Range(0, 12).ToDictionary(i => $"p{i}", i => i * (i % 2 == 0 ? 0.5 : -0.5)));
        return new LoopState
        {
            Request = new LoopRequest("/robots/rig.yaml", Songs, Rounds: 1, Repeats: 3, Seconds: 10, Seed: 5, Baselines: true),
            Rounds =
            [
                new LoopRound { Arm = first, Excitation = new Excited("e", "h", 60), Calibration = refit },
                new LoopRound { Arm = second, Parameters = refit.Parameters },
            ],
            Baselines = { [ImprovementLoop.Robust] = Arm(0.9, (0.74, 0.66)), [ImprovementLoop.Practice] = practised, [ImprovementLoop.NoKeys] = Arm(0.9, (0.8, 0.7)) },
            Ended = "all rounds are done",
        };
    }

    private static LoopArm Arm(double? predicted, (double A, double B) f1, double robotSeconds = 0)
    {
        var arm = new LoopArm();
        foreach ((string song, double value) in (ReadOnlySpan<(string, double)>)[("a", f1.A), ("b", f1.B)])
        {
            arm.Policies[song] = new Trained($"policies/{song}", predicted, robotSeconds);
            for (int repeat = 0; repeat < 3; repeat++)
                arm.Performances.Add(new LoopPerformance(song, repeat, $"runs/{song}-{repeat}", value + (0.01 * (repeat - 1)), value - 0.1, 10));
        }
        return arm;
    }
}
