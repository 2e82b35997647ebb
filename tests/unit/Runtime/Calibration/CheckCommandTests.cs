using System.Globalization;
using System.Text.Json.Nodes;

using Legato.Runtime.Calibration;
using Legato.Runtime.Cli;
using Legato.Sim.Parameters;
using Legato.Sim.Scene;
using Legato.SystemId.Checks;
using Legato.Tests.SystemId.Checks;

namespace Legato.Tests.Runtime.Calibration;

/// <summary>The verb <c>calibrate</c> through the command line, in this process, on recordings of seconds.</summary>
public sealed class CheckCommandTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("legato-check-").FullName;
    private readonly PianoScene _scene = PianoScene.Build(new SceneOptions { Contacts = ContactSet.None });

    public void Dispose()
    {
        _scene.Dispose();
        Directory.Delete(_root, recursive: true);
    }

    [Fact]
    public void ARunComesBackAsItWasWritten()
    {
        RawRecording written = Moving().Without(i => i is 3 or 4);
        RunImport read = RunImport.Load(RecordedRuns.Write(_root, "wiggle", written, [(0.31, 40, true), (0.42, 40, false)], lost: 2));
        Assert.Equal(written.Targets, read.Recording.Targets);
        Assert.Equal(written.Measured, read.Recording.Measured);
        Assert.Equal(written.Actuators, read.Recording.Actuators);
        Assert.Equal(written.Joints, read.Recording.Joints);
        // Stamps of the robot, not the times of the cycles that read them.
        AssertTimes(written.MeasuredTimes, read.Recording.MeasuredTimes);
        AssertTimes(written.ReadTimes, read.Recording.ReadTimes);
        AssertTimes(written.CommandTimes, read.Recording.CommandTimes);
        AssertTimes([0.31, 0.42], [.. read.Keys.Select(k => k.Time)]);
        Assert.Equal([true, false], read.Keys.Select(k => k.IsDown));
        Assert.Equal("2 messages of '/joint_states' were lost", Assert.Single(read.Recording.Losses));
        Assert.Equal(2, read.LostMessages);
        Assert.Equal("A", read.Recording.Grade);
    }

    [Fact]
    public void AKilledRunSaysThatItLost()
    {
        string folder = RecordedRuns.Write(_root, "wiggle", Moving());
        string mcap = Path.Combine(folder, "run.mcap"), summary = Path.Combine(folder, "run.json");
        File.WriteAllBytes(mcap, File.ReadAllBytes(mcap)[..^3000]);
        File.WriteAllText(summary, File.ReadAllText(summary).Replace("complete", "running", StringComparison.Ordinal));
        RunImport read = RunImport.Load(folder);
        Assert.Null(read.LostMessages);
        IReadOnlyList<string> losses = read.Recording.Losses;
        Assert.Equal(2, losses.Count);
        Assert.Contains("cut", losses[0], StringComparison.Ordinal);
        Assert.Contains("killed", losses[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task ACheckCoversTheRunsThatItNamesAndNoOthers()
    {
        string run = RecordedRuns.Write(_root, "wiggle", Moving());
        Call call = await Calibrate("check", run, "--out", "first", "--parameters", "flexion.gain", "flexion.damping", "wrist.gain", "--json");
        Assert.Equal(0, call.Code);
        Assert.True((bool)call.Json["passed"]!);
        string calibration = (string)call.Json["calibration"]!;
        Assert.Equal(Path.Combine(_root, "calibrations", "first"), calibration);

        CheckFile check = CheckFile.Load(calibration);
        Assert.Equal(SimParameters.Nominal.Hash, check.PriorHash);
        Assert.Equal(["flexion.gain", "flexion.damping"], check.Outlook!.Identifiable);
        check.Require([RunImport.Load(run)]);
        string other = RecordedRuns.Write(_root, "other", Moving());
        Assert.Contains("was not checked", Assert.Throws<InputException>(() => check.Require([RunImport.Load(other) with { Hash = "other" }])).Message, StringComparison.Ordinal);
        Assert.Contains("has changed", Assert.Throws<InputException>(() => check.Require([RunImport.Load(run) with { Hash = "other" }])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RefusedRunsAreExitCode2WithALinePerErrorAndCannotBeFitted()
    {
        int a = _scene.Joints.Require("rh_FFJ3"), b = _scene.Joints.Require("rh_MFJ3");
        RawRecording swapped = Moving().WithMeasured(row => [.. row.Select((q, j) => j == a ? row[b] : j == b ? row[a] : q)]);
        string run = RecordedRuns.Write(_root, "wiggle", swapped, lost: 5);
        Call call = await Calibrate("check", run, "--out", "first", "--json");
        Assert.Equal(2, call.Code);
        Assert.Equal(2, call.Messages.Count);
        Assert.Contains("5 messages", call.Messages[0], StringComparison.Ordinal);
        Assert.Contains("the two are swapped", call.Messages[1], StringComparison.Ordinal);
        CheckFile check = CheckFile.Load((string)call.Json["calibration"]!);
        Assert.Contains("refused", Assert.Throws<InputException>(() => check.Require([RunImport.Load(run)])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ALossIsAcceptedByNameOnly()
    {
        string run = RecordedRuns.Write(_root, "wiggle", Moving(), lost: 5);
        Assert.Equal(2, (await Calibrate("check", run, "--parameters", "flexion.gain")).Code);
        Call accepted = await Calibrate("check", run, "--parameters", "flexion.gain", "--accept-loss", Path.GetFileName(run), "--json");
        Assert.Equal(0, accepted.Code);
        Assert.True((bool)accepted.Json["runs"]![0]!["loss_accepted"]!);
        Call other = await Calibrate("check", run, "--accept-loss", "other");
        Assert.Contains("--accept-loss other: is not among the runs", Assert.Single(other.Messages), StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheSameRunTwiceIsRefused()
    {
        string run = RecordedRuns.Write(_root, "wiggle", Moving());
        Assert.Contains("stands twice", Assert.Single((await Calibrate("check", run, run)).Messages), StringComparison.Ordinal);
    }

    [Fact]
    public async Task PromoteStatusAndRollbackAgree()
    {
        string calibration = Path.Combine(_root, "calibrations", "first");
        Directory.CreateDirectory(calibration);
        File.WriteAllText(Path.Combine(calibration, ParameterStore.ParametersFile), "flexion: {gain: 0.9}\n");
        string robot = Path.Combine(Repository.Root, "hardware", "config", "robots", "sim.yaml");
        Assert.Contains("calibrate validate", Assert.Single((await Calibrate("promote", "first", "--robot", robot)).Messages), StringComparison.Ordinal);
        Assert.Contains("needs a reason", Assert.Single((await Calibrate("promote", "first", "--robot", robot, "--force", " ")).Messages), StringComparison.Ordinal);

        Call promoted = await Calibrate("promote", "first", "--robot", robot, "--force", "first light", "--json");
        Assert.Equal(0, promoted.Code);
        Assert.Equal(SimParameters.Nominal.With("flexion.gain", 0.9), SimParameters.Load((string)promoted.Json["current"]!));
        JsonNode status = (await Calibrate("status", "--json")).Json["robots"]![0]!;
        Assert.Equal((string?)promoted.Json["current"], (string?)status["file"]);
        Assert.Equal("first light", (string?)status["entry"]!["reason"]);

        Assert.Equal(0, (await Calibrate("rollback", "--robot", robot)).Code);
        Assert.Contains("nominal", (await Calibrate("status")).Output, StringComparison.Ordinal);
        string ledger = Path.Combine(_root, "calibrations", "ledger.jsonl");
        File.WriteAllText(ledger, File.ReadAllText(ledger).Replace("first light", "first night", StringComparison.Ordinal));
        Call damaged = await Calibrate("status");
        Assert.Equal(2, damaged.Code);
        Assert.Contains("line 1: is not what was written", Assert.Single(damaged.Messages), StringComparison.Ordinal);
    }

    private RawRecording Moving() => Recordings.Make(_scene, drive => drive is "rh_FFJ3" or "rh_MFJ3", seconds: 3);

    private async Task<Call> Calibrate(params string[] args)
    {
        using StringWriter output = new(CultureInfo.InvariantCulture), error = new(CultureInfo.InvariantCulture);
        var paths = new LegatoPaths(Repository.Root) { Calibrations = Path.Combine(_root, "calibrations") };
        int code = await CommandLine.RunAsync(["calibrate", .. args], new CliHost(output, error, errorIsTerminal: false, paths, TimeProvider.System), CommandLine.Verbs, CancellationToken.None);
        return new Call(code, output.ToString(), [.. error.ToString().Split('\n').Where(line => line.StartsWith("legato: ", StringComparison.Ordinal))]);
    }

    // What comes back was rounded to nanoseconds and counts from the first cycle.
    private static void AssertTimes(double[] expected, double[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 2e-9));
    }

    private sealed record Call(int Code, string Output, IReadOnlyList<string> Messages)
    {
        public JsonObject Json => JsonNode.Parse(Output)!.AsObject();
    }
}
