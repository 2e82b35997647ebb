using Legato.Music;
using Legato.Policy;
using Legato.Policy.Bundles;
using Legato.Policy.Fingering;
using Legato.Policy.Learning.OnRobot;
using Legato.Policy.Learning.Training;
using Legato.Policy.Networks;
using Legato.Policy.Planning;
using Legato.RobotDriver;
using Legato.Runtime.Experiments;
using Legato.Sim;
using Legato.Sim.Parameters;
using Legato.Sim.Scene;
using Legato.Sim.Tasks;
using Legato.Sim.Tasks.Rewards;
using Legato.Sim.Tasks.Rigs;

namespace Legato.Tests.Runtime.Experiments;

/// <summary>A network in a bundle: it does on a robot what it did in training, and a bundle that does not fit is refused.</summary>
public sealed class ResidualPolicyTests : IDisposable
{
    private const int LeadIn = 2;
    private static readonly NoteTrajectory Song = NoteTrajectory.FromScore(new Score("test", [new ScoreNote(0, 0.4, 39, 80)], [new SustainChange(0.1, 127)]));

    private readonly PianoScene _scene = PianoScene.Build(new SceneOptions());
    private readonly string _folder = Directory.CreateTempSubdirectory("legato-residual-").FullName;

    private string Weights => Path.Combine(_folder, "weights.safetensors");

    public void Dispose()
    {
        _scene.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(3, false)]
    [InlineData(1, true)]
    public void OnARobotTheNetworkSendsWhatItSendsInTraining(int hold, bool feedback)
    {
        PolicyBundle bundle = Bundle(["action_canonical", "goal", "lh_shadow_hand/joints_pos", "lh_shadow_hand/joints_vel", "piano/keys", "prior", "rh_shadow_hand/joints_pos"], out PianoTask task, hold, feedback);
        bundle.Save(_folder);
        PolicyBundle loaded = PolicyBundle.Load(_folder);
        var policy = new ResidualPolicy(loaded, _scene, Song);
        FeedForwardNetwork network = loaded.Network!.Build("test");
        using TaskEnvironment training = task.NewEnvironment([new SimRig(_scene, SimParameters.Nominal)]);
        training.Reset();

        // The robot has the same joints in another order.
        var layout = new JointLayout(_scene.Joints.Names.Reverse(), _scene.Joints.Units.Reverse());
        var measured = new RobotState(layout);
        float[] observation = new float[network.Inputs], action = new float[network.Outputs];
        double[] targets = new double[_scene.Actuators.Count];
        UInt128 down = 0;
        bool moved = false;
        for (int t = 0; t < policy.Steps; t++)
        {
            for (int j = 0; j < layout.Count; j++)
            {
                measured.Positions[j] = training.State.ReportedPositions[layout.Count - 1 - j];
                measured.Velocities[j] = training.State.ReportedVelocities[layout.Count - 1 - j];
            }
            for (byte k = 0; k < 88; k++)
            {
                bool was = (down >> k & 1) != 0, now = (training.State.ReportedKeys >> k & 1) != 0;
                if (was != now)
                    policy.Hear(new KeyEvent(k, now, 64, t));
            }
            down = training.State.ReportedKeys;
            policy.Act(t, measured, 0, targets, out double pedal);

            training.Observe(observation);
            network.Evaluate(observation, action);
            training.Step(action);
            Assert.Equal(training.State.Command, targets.Append(pedal));
            moved |= Math.Abs(targets[0] - loaded.Commands[t][0]) > 1e-4;
        }
        Assert.True(moved);
    }

    [Fact]
    public void WhatIsTriedIsDoneWithinItsLimitsAndKept()
    {
        PolicyBundle bundle = Bundle(["goal", "piano/keys"], out PianoTask task, hold: 2);
        float[] limits = new float[task.Actions.Size];
        limits[3] = 0.5f;
        var tape = new ExplorationTape(bundle.Commands.Steps, 2, task.Observations.Layout.Size, limits);
        tape.Noise(1).Fill(9);
        var policy = new ResidualPolicy(bundle, _scene, Song, tape);
        var measured = new RobotState(_scene.Joints);
        double[] targets = new double[_scene.Actuators.Count];
        double reach = 0.1 * 0.5 * (_scene.ControlHigh[3] - _scene.ControlLow[3]);
        double[] moved = [.. Enumerable.Range(0, 6).Select(t =>
        {
            policy.Act(t, measured, 0, targets, out _);
            Assert.Equal(bundle.Commands[t][4], targets[4]);
            return targets[3] - bundle.Commands[t][3];
        })];
        Assert.Equal(moved[0], moved[1], 1e-12);
        Assert.Equal(reach, moved[2], 1e-8);
        Assert.Equal(reach, moved[3], 1e-8);
        Assert.InRange(moved[4], -reach, reach - 1e-6);
        Assert.Equal((0.5f, 0f), (tape.Action(1)[3], tape.Action(1)[4]));
        Assert.Equal([true, true, true, false], Enumerable.Range(0, 4).Select(tape.IsTaken));
        float[] observed = new float[task.Observations.Layout.Size];
        task.Observations.Write(new TaskState(_scene, task.Song) { Step = 2, EpisodeStep = 2 }, observed);
        Assert.Equal(observed, tape.Observation(1));
    }

    [Fact]
    public void ActingAllocatesNothing()
    {
        PolicyBundle bundle = Bundle(["goal", "piano/keys", "rh_shadow_hand/joints_pos"], out PianoTask task);
        var tape = new ExplorationTape(bundle.Commands.Steps, 1, task.Observations.Layout.Size, new float[task.Actions.Size]);
        var policy = new ResidualPolicy(bundle, _scene, Song, tape);
        var measured = new RobotState(_scene.Joints);
        double[] targets = new double[_scene.Actuators.Count];
        policy.Act(0, measured, 0, targets, out _);
        Assert.Equal(0, Allocations.Fewest(() =>
        {
            policy.Hear(new KeyEvent(40, true, 64, 0));
            policy.Act(1, measured, 0, targets, out _);
        }));
    }

    [Fact]
    public void WhatNoRigReportsIsRefused()
    {
        PolicyBundle bundle = Bundle(["goal", "piano/state"], out _);
        Assert.Contains("observes piano/state, which no rig reports", Assert.Throws<InputException>(() => new ResidualPolicy(bundle, _scene, Song)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void OtherObservationsThanInTrainingAreRefused()
    {
        PolicyBundle bundle = Bundle(["goal", "piano/keys"], out PianoTask task);
        ResidualManifest residual = bundle.Manifest.Residual! with { Task = task.Definition with { Lookahead = 4 } is var other ? other.ToYaml() : "" };
        bundle = bundle with { Manifest = bundle.Manifest with { Residual = residual } };
        Assert.Contains("was trained on other observations", Assert.Throws<InputException>(() => new ResidualPolicy(bundle, _scene, Song)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void DamagedWeightsAreRefused()
    {
        Bundle(["goal", "piano/keys"], out _).Save(_folder);
        byte[] file = File.ReadAllBytes(Weights);
        file[^3] ^= 1;
        File.WriteAllBytes(Weights, file);
        Assert.Contains("not the weights that policy.json speaks of", Refusal(), StringComparison.Ordinal);
        File.Delete(Weights);
        Assert.Contains("weights.safetensors: missing", Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void ANetworkForAnotherRobotIsRefused()
    {
        PolicyBundle bundle = Bundle(["goal", "piano/keys"], out _);
        TrainedNetwork small = RandomNetwork(7, 3);
        bundle.With(small, bundle.Manifest.Residual! with { Network = small.Description }).Save(_folder);
        Assert.Contains("a network of 7 inputs and 3 outputs, expected", Refusal(), StringComparison.Ordinal);
    }

    private string Refusal() => Assert.Throws<InputException>(() => PolicyBundle.Load(_folder)).Message;

    private PolicyBundle Bundle(string[] observations, out PianoTask task, int hold = 1, bool feedback = false)
    {
        int steps = Song.Count + LeadIn, n = _scene.Actuators.Count;
        var plan = new SongPlan
        {
            Song = "test",
            Commands = new CommandTable(_scene.Actuators, [.. Enumerable.Range(0, steps * n).Select(i => 0.05 * (1 + Math.Sin(i)))]),
            Pedal = [.. Enumerable.Range(0, steps).Select(t => t % 2.0)],
            Feedback = feedback,
            LeadIn = LeadIn,
            RobustF1 = null,
            Score = PerformanceScore.OfRolls(Song.ToKeyRoll(), Song.ToKeyRoll()),
            Fingering = new FingeringPlan([new FingeredPress(new KeyPress(39, 0, 8), 1)], []),
            Strategy = "test",
            OptionsHash = "0123456789",
            IsComplete = true,
            Seconds = 1,
            EnvSteps = 1,
        };
        var definition = new TaskDefinition
        {
            Lookahead = 2,
            Observations = observations,
            Action = new ActionSettings { Kind = ActionKind.Residual, Factor = 0.1, Hold = hold },
            Rewards = [new RewardSettings("key_press", 1)],
        };
        task = SongTask.Create(definition, _scene, Song, plan);
        TrainedNetwork network = RandomNetwork(task.Observations.Layout.Size, n + 1);
        return PolicyBundle.Of(plan, Song, "scene", "0123").With(network, new ResidualManifest
        {
            Task = definition.ToYaml(),
            Observation = task.Observations.Layout.Ranges,
            Network = network.Description,
            WeightsHash = "",
            Learner = "test",
            Severity = 0,
            EnvSteps = 0,
            PlanF1 = 1,
            PolicyF1 = 1,
        });
    }

    private static TrainedNetwork RandomNetwork(int inputs, int outputs)
    {
        var random = new Random(3);
        var description = new NetworkDescription { Inputs = inputs, Layers = [new LinearLayer(8), new ActivationLayer(ActivationFunction.Gelu), new LinearLayer(outputs)] };
        return new TrainedNetwork(description, description.Tensors().ToDictionary(
            t => t.Name, t => (SafeTensor)new SafeTensor<float>(t.Shape, [.. Enumerable.Range(0, t.Shape.Aggregate(1, (a, b) => a * b)).Select(_ => (float)(random.NextDouble() - 0.5))])));
    }
}
