using System.Text.Json;

using Legato.Music;
using Legato.Policy.Bundles;
using Legato.Policy.Learning.Training;
using Legato.Runtime.Calibration;
using Legato.Runtime.Experiments;
using Legato.Runtime.Improvement;
using Legato.Sim.Parameters;
using Legato.Sim.Tasks;
using Legato.Sim.Tasks.Rigs;

namespace Legato.Tests.Runtime.Improvement;

/// <summary>Two rounds of a learner with a network on a song of half a second: the second begins with the first.</summary>
[Collection("libtorch")]
public sealed class PolicyLearnerTests : IDisposable
{
    private static readonly string Config = Path.Combine(Repository.Root, "hardware", "config");

    private readonly string _folder = Directory.CreateTempSubdirectory("legato-learner-").FullName;
    private readonly List<string> _told = [];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task ARoundBeginsWithThePolicyOfTheRoundBefore()
    {
        string fitted = WriteFit();
        Trained first = await Train(null, null);
        Assert.Equal(512, first.Learning!.EnvSteps);
        Assert.InRange(first.PredictedF1!.Value, 0.5, 1);
        Assert.Contains(_told, line => line.Contains("ppo on rigs of severity 0.2 around", StringComparison.Ordinal));

        Trained second = await Train(fitted, first.Policy);
        Assert.NotEqual(first.Policy, second.Policy);
        Assert.Contains(_told, line => line.Contains("ppo on rigs of fit", StringComparison.Ordinal));
        PolicyBundle before = PolicyBundle.Load(first.Policy), after = PolicyBundle.Load(second.Policy);
        // The plan is that of the fitted simulator; the network has gone on.
        Assert.NotEqual(before.Manifest.ParametersHash, after.Manifest.ParametersHash);
        Assert.Equal(before.Manifest.Residual!.Observation, after.Manifest.Residual!.Observation);
        Assert.InRange(after.Manifest.Residual.EnvSteps, before.Manifest.Residual.EnvSteps, before.Manifest.Residual.EnvSteps + 512);
        Assert.True(Distance(before, after) < 0.3 * Distance(before, null), $"{Distance(before, after)} from the round before, {Distance(before, null)} from nothing");

        // What was trained is found again, and nothing is learnt twice.
        string checkpoint = Path.Combine(second.Policy, "training", "checkpoint.bin");
        byte[] written = await File.ReadAllBytesAsync(checkpoint, TestContext.Current.CancellationToken);
        Assert.Equal(second, await Train(fitted, first.Policy));
        Assert.Equal(written, await File.ReadAllBytesAsync(checkpoint, TestContext.Current.CancellationToken));

        Assert.Contains("ppo's network cannot go on with droq", (await Assert.ThrowsAsync<InputException>(() => Train(fitted, first.Policy, learner: TrainOptions.Droq))).Message, StringComparison.Ordinal);
        Assert.Contains("its actions are residual by 0.06", (await Assert.ThrowsAsync<InputException>(() => Train(fitted, first.Policy, change: t => t with { Action = t.Action with { Factor = 0.03 } }))).Message, StringComparison.Ordinal);
        Assert.Contains("observes action_canonical[0..45)", (await Assert.ThrowsAsync<InputException>(() => Train(fitted, first.Policy, change: t => t with { Lookahead = 1 }))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AStopLeavesNoBundle()
    {
        using var stop = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Train(null, null, tell: line =>
        {
            if (line.Contains("steps, ", StringComparison.Ordinal))
                stop.Cancel();
        }, stop: stop));
        Assert.DoesNotContain(Directory.GetDirectories(_folder, "*ppo*"), PolicyBundle.Exists);
        Assert.Single(Directory.GetFiles(_folder, "checkpoint.bin", SearchOption.AllDirectories));
    }

    private async Task<Trained> Train(string? parameters, string? previous, string learner = TrainOptions.Ppo, Func<TaskDefinition, TaskDefinition>? change = null, Action<string>? tell = null, CancellationTokenSource? stop = null)
    {
        string song = SmallSongs.Write(Path.Combine(_folder, "one.mid"), 64);
        TaskDefinition task = TaskDefinition.Load(Path.Combine(Config, "tasks", "legato.yaml"));
        var options = new TrainOptions { Learner = learner, Task = change?.Invoke(task) ?? task, Training = new TrainingOptions { Steps = 500 }, Severity = 0.2, Rigs = 2, Slots = 2, Seed = 3, Test = new RigSet(new RandomRigs(0.2, SimParameters.Nominal), 2, 7) };
        await using var model = RobotSetup.Load(Path.Combine(Config, "robots", "sim.yaml"), parameters, TimeProvider.System);
        return new PolicyLearner(new PlanLearner(3, seed: 3), options, TimeProvider.System, new Lines(tell ?? _told.Add))
            .Train(new TrainRequest(PlayableSong.Load(SongLibrary.Open(_folder), song), model, parameters, Robust: false, previous, _folder), stop?.Token ?? TestContext.Current.CancellationToken);
    }

    // Between the weights of two networks; of one and nothing, its length.
    private static double Distance(PolicyBundle a, PolicyBundle? b) => Math.Sqrt(a.Network!.Tensors.Where(t => t.Key.EndsWith("weight", StringComparison.Ordinal)).Sum(t =>
        Values(t.Value).Zip(b is null ? new float[t.Value.Count] : Values(b.Network!.Tensors[t.Key]), (x, y) => (double)(x - y) * (x - y)).Sum()));

    private static float[] Values(SafeTensor tensor)
    {
        float[] values = new float[tensor.Count];
        tensor.CopyTo(0, values);
        return values;
    }

    private string WriteFit()
    {
        string folder = Directory.CreateDirectory(Path.Combine(_folder, "calibration-0")).FullName, file = Path.Combine(folder, ParameterStore.ParametersFile);
        SimParameters fitted = SimParameters.Nominal.With("flexion.gain", 0.9);
        File.WriteAllText(file, fitted.ToYaml());
        File.WriteAllText(Path.Combine(folder, FitSession.FitFile), JsonSerializer.Serialize(new
        {
            fitted.Hash,
            Estimates = (object[])[new { Name = "flexion.gain", Unit = "1", PriorMean = 1.0, PriorSd = 0.1, Estimate = 0.9, HalfWidth95 = 0.02, AtBound = false, Frozen = (string?)null }],
            Fitted = (string[])["flexion.gain"],
            Correlation = (double[][])[[1]],
        }, CalibrationFiles.Json));
        return file;
    }

    private sealed class Lines(Action<string> tell) : IProgress<string>
    {
        public void Report(string value) => tell(value);
    }
}
