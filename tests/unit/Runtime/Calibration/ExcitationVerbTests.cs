using System.Globalization;
using System.Text.Json.Nodes;
using Legato.Runtime.Calibration;
using Legato.Runtime.Cli;
using Legato.Runtime.Experiments;
using Legato.Runtime.Recording;
using Legato.Runtime.Safety;
using Legato.Sim.Scene;
using Legato.SystemId.Excitation;

namespace Legato.Tests.Runtime.Calibration;

/// <summary>Planned motions on disk, and the verb <c>calibrate</c> through the command line, in this process.</summary>
public sealed class ExcitationVerbTests : IDisposable
{
    private static readonly string Config = Path.Combine(Repository.Root, "hardware", "config");

    private readonly string _folder = Directory.CreateTempSubdirectory("legato-excite-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string PlanFolder => Path.Combine(_folder, "plan");

    [Theory]
    [InlineData(null)]
    [InlineData("mild.yaml")]
    public async Task APlanIsRecordedAndReadBackAsItWasPlanned(string? reality)
    {
        ExcitationBundle bundle = WriteBundle();
        string[] onReality = reality is null ? [] : ["--reality", Path.Combine(Config, "realities", reality)];
        Call call = await Calibrate(["record", PlanFolder, "--robot", Path.Combine(Config, "robots", "sim.yaml"), "--json", .. onReality]);
        Assert.True(call.Code == 0, call.Messages);

        RunFolder folder = RunFolder.Open((string)call.Json["run"]!);
        Assert.Equal("excitation", (string?)folder.Summary["kind"]);
        Assert.Equal(bundle.Manifest.Hash, (string?)folder.Summary["excitation"]!["hash"]);
        Assert.Equal(bundle.Manifest.Blocks[1].Label, (string?)folder.Summary["excitation"]!["blocks"]![1]!["label"]);
        Assert.Equal(RunFolderState.Complete, folder.State);
        Assert.Equal(reality is null, RunScene.IsSimulated(folder));

        RecordedRun run = RecordedRun.Read(folder);
        double[][] sent = [.. run.Cycles.Where(c => c.Step >= 0).Select(c => c.Sent)];
        Assert.Equal(bundle.Targets, sent);
        Assert.True(bundle.Actuators.Equals(run.Actuators));
        int wrist = run.Joints.Require("rh_WRJ1"), target = run.Actuators.Require("rh_A_WRJ1");
        double[] measured = [.. run.Cycles.Where(c => c.Step >= 0).Select(c => c.Measured![wrist])];
        double commanded = sent.Max(row => row[target]) - sent.Min(row => row[target]);
        Assert.InRange(measured.Max() - measured.Min(), 0.5 * commanded, 1.5 * commanded);
        Assert.Empty(run.Keys);
    }

    [Fact]
    public void ABundleComesBackAsItWasAndADamagedOneIsRefused()
    {
        ExcitationBundle written = WriteBundle(), read = ExcitationBundle.Load(PlanFolder);
        Assert.Equal(written.Targets, read.Targets);
        Assert.Equal(written.Manifest.Blocks.Select(b => b.Label), read.Manifest.Blocks.Select(b => b.Label));
        Assert.Equal(written.Manifest.Blocks[^1].Keys, read.Manifest.Blocks[^1].Keys);
        Assert.Equal(written.Manifest.Predicted, read.Manifest.Predicted);

        string targets = Path.Combine(PlanFolder, "targets.safetensors");
        byte[] bytes = File.ReadAllBytes(targets);
        bytes[^1] ^= 1;
        File.WriteAllBytes(targets, bytes);
        Assert.Contains("are not those", Assert.Throws<InputException>(() => ExcitationBundle.Load(PlanFolder)).Message, StringComparison.Ordinal);
        Assert.Contains("calibrate plan", Assert.Throws<InputException>(() => ExcitationBundle.Load(_folder)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AnotherRobotIsRefusedByName()
    {
        using PianoScene small = PianoScene.Build(new SceneOptions { ActionSpace = ActionSpace.Reduced });
        string message = Assert.Throws<InputException>(() => WriteBundle().RequireFits(small.Actuators)).Message;
        Assert.Contains("actuator 2 is rh_A_THJ5", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--seconds 2", "--seconds 2: must be 5..3600")]
    [InlineData("--parameters flexio", "--parameters flexio: no parameter and no section")]
    [InlineData("--parameters flexion.gai", "no parameter 'flexion.gai'")]
    [InlineData("--policy nothing", "nothing: no policy bundle")]
    public async Task ACallThatMakesNoSenseIsRefusedInOneLine(string arguments, string reason)
    {
        Call call = await Calibrate(["plan", "--out", PlanFolder, .. arguments.Split(' ')]);
        Assert.Equal(2, call.Code);
        Assert.Contains(reason, call.Messages, StringComparison.Ordinal);
        Assert.Single(call.Messages.TrimEnd('\n').Split('\n'));
        Assert.False(Directory.Exists(PlanFolder));
    }

    [Fact]
    public void SectionsStandForTheirParametersAndNothingForTheUsualOnes()
    {
        Assert.Equal(["piano.x", "piano.y", "piano.z", "piano.yaw", "rh_FFJ3.gain"], ExcitationChoice.Of(["piano", "rh_FFJ3.gain", "piano.z"]));
        Assert.Contains("keys.stiffness", ExcitationChoice.Of([]));
    }

    private ExcitationBundle WriteBundle()
    {
        using PianoScene scene = PianoScene.Build(new SceneOptions());
        var motions = new FreeMotions(ExcitationPlanner.LimitsOf(Legato.Sim.Limits.MotionLimits.Simulation(scene.Actuators, scene.ControlLow, scene.ControlHigh)));
        ExcitationBlock[] blocks = [.. motions.Create().Where(b => b.Label is "wrist pitch steps" or "rails in depth steps")];
        Assert.Equal(2, blocks.Length);
        var bundle = ExcitationBundle.Of(ExcitationPlan.Of(blocks, [new PredictedInterval("wrist.gain", "1", 0.6, 0.01, 0.02, true)]), scene.Actuators, "none");
        bundle.Save(PlanFolder);
        return bundle;
    }

    private async Task<Call> Calibrate(params string[] arguments)
    {
        using var output = new StringWriter(CultureInfo.InvariantCulture);
        using var error = new StringWriter(CultureInfo.InvariantCulture);
        var paths = new LegatoPaths(Repository.Root) { Runs = Path.Combine(_folder, "runs") };
        var cli = new CliHost(output, error, errorIsTerminal: false, paths, TimeProvider.System);
        int code = await CommandLine.RunAsync(["calibrate", .. arguments], cli, CommandLine.Verbs, TestContext.Current.CancellationToken);
        string text = output.ToString();
        return new Call(code, text.StartsWith('{') ? JsonNode.Parse(text)!.AsObject() : [], error.ToString());
    }

    private sealed record Call(int Code, JsonObject Json, string Messages);
}
