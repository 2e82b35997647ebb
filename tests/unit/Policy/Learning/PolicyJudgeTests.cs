using Legato.Policy.Bundles;
using Legato.Policy.Learning.Training;
using Legato.Policy.Networks;
using Legato.Policy.Planning;
using Legato.Policy.Robustness;
using Legato.Sim.Parameters;
using Legato.Sim.Scene;
using Legato.Sim.Tasks;
using Legato.Sim.Tasks.Rewards;
using Legato.Sim.Tasks.Rigs;

namespace Legato.Tests.Policy.Learning;

/// <summary>Judging a planned melody, alone and with a network that disturbs it.</summary>
public sealed class PolicyJudgeTests(PolicyJudgeTests.Melody melody) : IClassFixture<PolicyJudgeTests.Melody>
{
    private static readonly SimParameters Weak = ((string[])["wrist", "flexion", "coupled"]).Aggregate(SimParameters.Nominal, (p, group) => p.With($"{group}.gain", 0.5));

    [Fact]
    public void APlanIsJudgedAsThePlannerScoresIt()
    {
        foreach (SimParameters parameters in (ReadOnlySpan<SimParameters>)[SimParameters.Nominal, Weak])
        {
            using var rig = new PerturbedRig(melody.Scene, parameters);
            Legato.Music.PerformanceScore expected = rig.Play(melody.Plan.Commands, Rig.Melody.ToKeyRoll());
            Judgement judged = Judge(melody.Plan, new RigSet(new RandomRigs(0, parameters), 1, 0));
            Assert.Equal(expected.F1, Assert.Single(judged.F1));
            Assert.Equal(expected.OnsetF1, Assert.Single(judged.OnsetF1));
        }
    }

    [Fact]
    public void TheVerdictDoesNotDependOnThreadsNorOnHowManyRigsAreJudgedTogether()
    {
        var rigs = new RigSet(new RandomRigs(0.6, SimParameters.Nominal), 18, 5);
        Judgement one = Judge(melody.Plan, rigs, threads: 1), three = Judge(melody.Plan, rigs, threads: 3), fewer = Judge(melody.Plan, rigs with { Count = 3 });
        Assert.Equal(one.F1, three.F1);
        Assert.Equal(one.OnsetF1, three.OnsetF1);
        Assert.Equal(one.F1.Take(3), fewer.F1);
        Assert.True(one.F1.Distinct().Count() > 3);
        Assert.Equal(Judge(melody.Disturbed, rigs with { Count = 3 }, threads: 1).F1, Judge(melody.Disturbed, rigs with { Count = 3 }, threads: 3).F1);
    }

    [Fact]
    public void APlanThatIsPlayedByEarIsJudgedSo()
    {
        PolicyBundle byEar = melody.Plan with { Manifest = melody.Plan.Manifest with { Feedback = true } };
        var rigs = new RigSet(new RandomRigs(0.1, Rig.LateByOneStep), 3, 5);
        Judgement deaf = Judge(melody.Plan, rigs), one = Judge(byEar, rigs, threads: 1), two = Judge(byEar, rigs, threads: 2);
        Assert.Equal(one.F1, two.F1);
        Assert.All(one.F1.Zip(deaf.F1), pair => Assert.True(pair.First > pair.Second, $"{pair.First} by ear, {pair.Second} without"));
    }

    [Fact]
    public void ANetworkThatDoesNothingIsNoBetterNorWorseThanThePlanThatItCorrects()
    {
        PolicyBundle byEar = melody.Plan with { Manifest = melody.Plan.Manifest with { Feedback = true } };
        TrainedNetwork network = melody.Disturbed.Network!;
        var still = new TrainedNetwork(network.Description, network.Tensors.ToDictionary(t => t.Key, t => (SafeTensor)new SafeTensor<float>(t.Value.Shape, new float[t.Value.Shape.Aggregate(1, (a, b) => a * b)])));
        PolicyBundle corrected = byEar.With(still, melody.Disturbed.Manifest.Residual!);
        var rigs = new RigSet(new RandomRigs(0.1, Rig.LateByOneStep), 3, 5);
        Assert.Equal(Judge(byEar, rigs).F1, Judge(corrected, rigs).F1);
        Assert.Equal(Judge(byEar, rigs).F1, Judge(corrected.Alone(), rigs).F1);
        Assert.Equal(Judge(melody.Plan, rigs).F1, Judge(corrected.OpenLoop(), rigs).F1);
        Assert.NotEqual(Judge(corrected.Alone(), rigs).F1, Judge(corrected.OpenLoop(), rigs).F1);
    }

    [Fact]
    public void TheNetworkIsHeard()
    {
        var rigs = new RigSet(new RandomRigs(0, SimParameters.Nominal), 1, 0);
        Assert.Equal(Judge(melody.Plan, rigs).F1, Judge(melody.Disturbed.OpenLoop(), rigs).F1);
        Assert.NotEqual(Judge(melody.Plan, rigs).F1, Judge(melody.Disturbed, rigs).F1);
    }

    [Fact]
    public void ProgressEndsWhereTheWorkDoes()
    {
        var told = new Told();
        new PolicyJudge(melody.Scene, Rig.Melody, new RigSet(new RandomRigs(0, SimParameters.Nominal), 17, 0), threads: 2).Judge(melody.Plan, told, TestContext.Current.CancellationToken);
        Assert.Equal(17L * melody.Plan.Commands.Steps, told.All[^1].AllSteps);
        Assert.Equal(told.All[^1].AllSteps, told.All[^1].Steps);
        Assert.Equal(told.All.Select(p => p.Steps).Order(), told.All.Select(p => p.Steps));
    }

    [Fact]
    public void AnotherSongIsRefusedAndAStopIsHeeded()
    {
        var judge = new PolicyJudge(melody.Scene, Rig.Song((39, 0)), new RigSet(new RandomRigs(0, SimParameters.Nominal), 1, 0), threads: 1);
        Assert.Contains("other notes than this song", Assert.Throws<InputException>(() => judge.Judge(melody.Plan, stop: TestContext.Current.CancellationToken)).Message, StringComparison.Ordinal);
        Assert.Throws<OperationCanceledException>(() => new PolicyJudge(melody.Scene, Rig.Melody, new RigSet(new RandomRigs(0, SimParameters.Nominal), 1, 0), threads: 1).Judge(melody.Plan, stop: new CancellationToken(true)));
    }

    private Judgement Judge(PolicyBundle bundle, RigSet rigs, int threads = 2) =>
        new PolicyJudge(melody.Scene, Rig.Melody, rigs, threads).Judge(bundle, stop: TestContext.Current.CancellationToken);

    private sealed class Told : IProgress<JudgingProgress>
    {
        public List<JudgingProgress> All { get; } = [];

        public void Report(JudgingProgress value) => All.Add(value);
    }

    public sealed class Melody : IDisposable
    {
        public Melody()
        {
            SongPlan plan = new SongPlanner(Scene, Rig.Quick with { ContactRollouts = 2 }).Plan("melody", Rig.Melody, null, CancellationToken.None);
            Plan = PolicyBundle.Of(plan, Rig.Melody, "scene", SimParameters.Nominal.Hash);
            var definition = new TaskDefinition
            {
                Lookahead = 0,
                Observations = ["piano/keys", "prior", "rh_shadow_hand/joints_pos"],
                Action = new ActionSettings { Kind = ActionKind.Residual, Factor = 0.1, Pedal = PedalSource.Song },
                Rewards = [new RewardSettings("mimic", 1)],
            };
            PianoTask task = SongTask.Create(definition, Scene, Rig.Melody, plan);
            int outputs = task.Actions.Size;
            var description = new NetworkDescription { Inputs = task.Observations.Layout.Size, Layers = [new LinearLayer(outputs)] };
            var random = new Random(4);
            var network = new TrainedNetwork(description, description.Tensors().ToDictionary(
                t => t.Name, t => (SafeTensor)new SafeTensor<float>(t.Shape, [.. Enumerable.Range(0, t.Shape.Aggregate(1, (a, b) => a * b)).Select(_ => (float)(random.NextDouble() - 0.5))])));
            Disturbed = Plan.With(network, new ResidualManifest
            {
                Task = definition.ToYaml(),
                Observation = task.Observations.Layout.Ranges,
                Network = description,
                WeightsHash = "",
                Learner = "chance",
                Severity = 0,
                EnvSteps = 0,
                PlanF1 = 1,
                PolicyF1 = 1,
            });
        }

        public PianoScene Scene { get; } = PianoScene.Build(new SceneOptions());

        public PolicyBundle Plan { get; }

        public PolicyBundle Disturbed { get; }

        public void Dispose() => Scene.Dispose();
    }
}
