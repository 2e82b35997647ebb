using System.Globalization;
using System.Text.Json.Nodes;
using Legato.Music;
using Legato.Policy.Bundles;
using Legato.Runtime.Cli;

namespace Legato.Tests.Runtime.Cli;

/// <summary>The verb <c>train</c> through the command line, in this process, on a song of half a second.</summary>
[Collection("libtorch")]
public sealed class TrainVerbTests : IDisposable
{
    private static readonly string Robot = Path.Combine(Repository.Root, "hardware", "config", "robots", "sim.yaml");

    private readonly string _folder = Directory.CreateTempSubdirectory("legato-train-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("--severity 1.5", "--severity 1.5: must be 0..1")]
    [InlineData("--steps 0", "--steps 0: must be 1..")]
    [InlineData("--environments 0", "--environments 0: must be 1..1000")]
    [InlineData("--task missing.yaml", "missing.yaml")]
    [InlineData("--policy missing", "missing: no policy bundle")]
    [InlineData("--from missing", "missing: no policy bundle")]
    public async Task A_call_that_makes_no_sense_is_refused_in_one_line(string arguments, string reason)
    {
        (int code, _, string error) = await Run(["train", WriteSong(), "--robot", Robot, .. arguments.Split(' ')]);
        Assert.Equal(2, code);
        Assert.Contains(reason, Assert.Single(error.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--out x --test-rigs 0", "--test-rigs 0: must be 1..10000")]
    [InlineData("--out x --seeds 0", "--seeds 0: must be 1..100")]
    [InlineData("--out x --task TASKS/legato.yaml", "no term 'fingering'")]
    [InlineData("--out x --task TASKS/rp1m.yaml", "correct no plan")]
    [InlineData("", "--out")]
    public async Task An_ablation_that_makes_no_sense_is_refused_in_one_line(string arguments, string reason)
    {
        string tasks = Path.Combine(Repository.Root, "hardware", "config", "tasks");
        (int code, _, string error) = await Run(["bench", "learning", WriteSong(), .. arguments.Replace("TASKS", tasks, StringComparison.Ordinal).Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
        Assert.Equal(2, code);
        Assert.Contains(reason, Assert.Single(error.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_trained_policy_is_reported_goes_on_and_is_deployed()
    {
        string song = WriteSong(), bundle = Path.Combine(_folder, "trained");
        string[] train = ["train", song, "--robot", Robot, "--seconds", "5", "--environments", "2", "--rigs", "2", "--severity", "0.2", "--out", bundle, "--json", "--steps"];
        JsonObject first = await Json([.. train, "400"]);
        Assert.Equal(bundle, (string?)first["bundle"]);
        Assert.InRange((double)first["f1"]!, 0, 1);
        Assert.InRange((double)first["plan_f1"]!, 0.5, 1);
        Assert.Equal(512, (long)first["env_steps"]!);
        Assert.Equal([0, 512], first["curve"]!.AsArray().Select(p => (long)p![0]!));
        Assert.True((double)first["env_steps_per_s"]! > 0);

        JsonObject more = await Json([.. train, "1000"]);
        Assert.Equal([0, 512, 1024], more["curve"]!.AsArray().Select(p => (long)p![0]!));

        Assert.Equal("ppo", PolicyBundle.Load(bundle).Manifest.Residual!.Learner);
        JsonObject played = await Json(["play", song, "--robot", Robot, "--policy", bundle, "--json"]);
        Assert.True((double)played["f1"]! > 0.5);
        Assert.Equal(0, (long)played["guard"]!["refused"]!);
    }

    [Fact]
    public async Task Corrections_are_learnt_on_the_robot_within_the_budget()
    {
        string song = WriteSong(), bundle = Path.Combine(_folder, "practised"), reality = Path.Combine(_folder, "aside.yaml"), robot = Path.Combine(_folder, "robot.yaml");
        await File.WriteAllTextAsync(reality, "parameters:\n  piano: {y: 0.013}\n", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(robot, await File.ReadAllTextAsync(Robot, TestContext.Current.CancellationToken) + $"reality: {reality}\n", TestContext.Current.CancellationToken);
        string[] practise = ["practise", song, "--robot", robot, "--seconds", "5", "--learner", "handelbot", "--out", bundle, "--json", "--performances", "12"];
        JsonObject report = await Json(practise);
        double[] f1 = [.. report["performances"]!.AsArray().Select(p => (double)p!["f1"]!)];
        Assert.True(f1.Length == 12 || f1[^1] == 1, string.Join(' ', f1));
        Assert.True((double)report["f1"]! > f1[0], string.Join(' ', f1));
        Assert.Equal((double)report["f1"]!, PolicyBundle.Load(bundle).Manifest.Evaluation.F1);

        double seconds = (double)report["performances"]![0]!["seconds"]!;
        JsonObject brief = await Json([.. practise, "--robot-minutes", (2.5 * seconds / 60).ToString(CultureInfo.InvariantCulture)]);
        Assert.Equal(2, brief["performances"]!.AsArray().Count);
    }

    private async Task<JsonObject> Json(string[] arguments)
    {
        (int code, string output, string error) = await Run(arguments);
        Assert.True(code == 0, error);
        return JsonNode.Parse(Assert.Single(output.TrimEnd('\n').Split('\n')))!.AsObject();
    }

    private async Task<(int Code, string Output, string Error)> Run(string[] arguments)
    {
        using StringWriter output = new(CultureInfo.InvariantCulture), error = new(CultureInfo.InvariantCulture);
        var paths = new LegatoPaths(Repository.Root) { Policies = Path.Combine(_folder, "policies"), Runs = Path.Combine(_folder, "runs") };
        int code = await CommandLine.RunAsync(arguments, new CliHost(output, TextWriter.Synchronized(error), false, paths, TimeProvider.System), CommandLine.Verbs, CancellationToken.None);
        return (code, output.ToString(), error.ToString());
    }

    private string WriteSong()
    {
        string path = Path.Combine(_folder, "a.mid");
        new MidiFile(new TrackChunk([new NoteOnEvent(0, 64, 80), new NoteOffEvent(0, 64, 64) { DeltaTime = 400 }])) { TimeDivision = new TicksPerQuarterNoteTimeDivision(500) }.Write(path, overwriteFile: true);
        return path;
    }
}
