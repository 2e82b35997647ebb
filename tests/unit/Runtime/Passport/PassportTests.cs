using System.Globalization;
using System.Text.Json.Nodes;
using Legato.Runtime.Cli;
using Legato.Runtime.Passport;
using Legato.Tests.Runtime.Explain;

namespace Legato.Tests.Runtime.Passport;

/// <summary>What is expected before anything moves, and what is made of it.</summary>
public sealed class PassportTests(Stage stage) : IClassFixture<Stage>
{
    private static readonly string Robot = Path.Combine(Repository.Root, "hardware", "config", "robots", "sim.yaml");

    [Fact]
    public void NineOfTenRigsComeTrue()
    {
        // Of 20 rigs each is held against the other 19: all but the two at the ends lie within.
        var random = new Random(1);
        double[] figures = [.. Enumerable.Range(0, 20).Select(_ => random.NextDouble())];
        int holds = Enumerable.Range(0, 20).Count(i => Prediction.Of(figures.Where((_, k) => k != i)).Holds(figures[i]));
        Assert.Equal(18, holds);
        Assert.Equal(new Prediction(0.4, 0.4, 0.4), Prediction.Of([0.4]));
        Assert.Equal(0.3, Prediction.Of([0.1, 0.3, 0.9]).Median);
    }

    [Fact]
    public async Task WithoutDoubtTheSimulatorPlaysAsPredicted()
    {
        string policy = Path.Combine(stage.Folder, "policy");
        stage.Bundle.Save(policy);
        JsonObject check = await Json(0, "check", stage.Song.Path, "--robot", Robot, "--policy", policy, "--rigs", "2", "--doubt", "0", "--json");
        Assert.Empty(check["objections"]!.AsArray());
        Assert.Equal(2, (int)check["rigs"]!);
        Assert.True((double)check["speed"]!["value"]! > 0.1);
        Assert.True((double)check["force"]!["value"]! > 0.01);
        JsonObject play = await Json(0, "play", stage.Song.Path, "--robot", Robot, "--policy", policy, "--passport", "2", "--doubt", "0", "--json");
        Assert.Equal((double)play["f1"]!, (double)check["f1"]!["low"]!);
        Assert.Equal((double)play["f1"]!, (double)check["f1"]!["high"]!);
        Assert.True((bool)play["as_predicted"]!);
        JsonNode kept = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine((string)play["run"]!, "run.json"), TestContext.Current.CancellationToken))!;
        Assert.Equal(2, (int)kept["passport"]!["rigs"]!);

        // Doubt widens what is expected; the same seed expects the same.
        string[] doubtful = ["check", stage.Song.Path, "--robot", Robot, "--policy", policy, "--rigs", "3", "--doubt", "1", "--json"];
        JsonObject wide = await Json(null, doubtful), again = await Json(null, doubtful);
        Assert.True((double)wide["f1"]!["low"]! < (double)wide["f1"]!["high"]!);
        Assert.Equal(wide.ToJsonString(), again.ToJsonString());
    }

    [Fact]
    public async Task WhatTheGuardWouldHoldBackIsNotPlayedUnlessAsked()
    {
        string policy = Path.Combine(stage.Folder, "policy-slow"), robot = Path.Combine(stage.Folder, "slow.yaml"), limits = Path.Combine(stage.Folder, "slow-limits.yaml");
        stage.Bundle.Save(policy);
        await File.WriteAllTextAsync(limits, SlowLimits(), TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(robot, (await File.ReadAllTextAsync(Robot, TestContext.Current.CancellationToken)).Replace("limits: simulation", $"limits: {limits}", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        string[] play = ["play", stage.Song.Path, "--robot", robot, "--policy", policy, "--passport", "1", "--doubt", "0", "--json"];
        string refusal = (string)(await Json(2, play))["error"]!;
        Assert.Matches("limit of speed|guard would change", refusal);
        Assert.Contains("--anyway", refusal, StringComparison.Ordinal);
        JsonObject played = await Json(null, [.. play, "--anyway"]);
        Assert.True((double)played["passport"]!["clamped"]! > 0.02);
    }

    [Fact]
    public async Task TheLadderEndsAtTheWrittenTempo()
    {
        JsonObject climbed = await Json(0, "play", stage.Song.Path, "--robot", Robot, "--seconds", "2", "--ladder", "--json");
        Assert.Equal([0.25, 0.5, 0.75, 1], climbed["steps"]!.AsArray().Select(s => (double)s!["tempo"]!));
        Assert.Equal(1, (double)climbed["reached"]!);
        Assert.Contains("leave --policy out", (string)(await Json(2, "play", stage.Song.Path, "--robot", Robot, "--ladder", "--policy", stage.Folder, "--json"))["error"]!, StringComparison.Ordinal);
    }

    private string SlowLimits() => "actuators:\n" + string.Concat(Enumerable.Range(0, stage.Scene.Actuators.Count).Select(a => string.Create(
        CultureInfo.InvariantCulture, $"  {stage.Scene.Actuators.Names[a]}: {{lower: {stage.Scene.ControlLow[a]}, upper: {stage.Scene.ControlHigh[a]}, velocity: 0.4, acceleration: 20, following: 1}}\n")));

    private async Task<JsonObject> Json(int? expected, params string[] arguments)
    {
        (int code, string output, string error) = await Run(arguments);
        Assert.True(expected is null || code == expected, error);
        return JsonNode.Parse(Assert.Single(output.TrimEnd('\n').Split('\n')))!.AsObject();
    }

    private async Task<(int Code, string Output, string Error)> Run(string[] arguments)
    {
        using StringWriter output = new(CultureInfo.InvariantCulture), error = new(CultureInfo.InvariantCulture);
        var paths = new LegatoPaths(Repository.Root) { Policies = Path.Combine(stage.Folder, "policies"), Runs = Path.Combine(stage.Folder, "runs") };
        int code = await CommandLine.RunAsync(arguments, new CliHost(output, TextWriter.Synchronized(error), false, paths, TimeProvider.System), CommandLine.Verbs, CancellationToken.None);
        return (code, output.ToString(), error.ToString());
    }
}
