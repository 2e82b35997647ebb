using Legato.Policy.Learning;
using Legato.Policy.Learning.Droq;
using Legato.Policy.Learning.Ppo;
using Legato.Sim.Parameters;
using Legato.Sim.Scene;
using Legato.Sim.Tasks;
using Legato.Sim.Tasks.Batches;
using Legato.Sim.Tasks.Rewards;
using Legato.Sim.Tasks.Rigs;
using Legato.Tests.Sim.Tasks;

namespace Legato.Tests.Policy.Learning;

/// <summary>A task that is small enough to learn in a test: the pedal alone earns reward, 1 in every step in which it is as the song has it.</summary>
public sealed class Lessons : IDisposable
{
    private readonly PianoScene _scene = PianoScene.Build(new SceneOptions { ActionSpace = ActionSpace.Reduced });
    private readonly RigPool _rigs;

    public Lessons()
    {
        _rigs = new RigPool(_scene, [SimParameters.Nominal, SimParameters.Nominal.With("keys.stiffness", 1.2)]);
        // The plan has the pedal in the middle, where the smallest action decides.
        var definition = new TaskDefinition
        {
            Lookahead = 1,
            Observations = ["goal", "piano/keys", "rh_shadow_hand/joints_pos"],
            Action = new ActionSettings { Kind = ActionKind.Residual, Factor = 0.01 },
            Rewards = [new RewardSettings("sustain", 1)],
            RandomStart = 0,
        };
        Task = new PianoTask(definition, _scene, Scenes.Song, new PriorTable(_scene.Actuators, [.. Enumerable.Repeat(new double[_scene.Actuators.Count].Append(0.5), Scenes.Song.Steps).SelectMany(row => row)]));
    }

    public PianoTask Task { get; }

    public RigPool Rigs => _rigs;

    public PianoScene Scene => _scene;

    public BatchedTask Batch(int slots = 2) => new(Task, _rigs, new BatchOptions { Slots = slots, Threads = 2, Seed = 4 });

    public static PpoLearner Ppo(BatchedTask batch, ulong seed = 1) =>
        new(batch, new PpoOptions { Horizon = 12, Minibatch = 16, Epochs = 4, Hidden = [16], LearningRate = 3e-3, InitialLogDeviation = -0.5, TargetKl = null }, seed);

    /// <summary>One that sees more before it learns.</summary>
    public static PpoLearner Patient(BatchedTask batch) =>
        new(batch, new PpoOptions { Horizon = 64, Minibatch = 64, Epochs = 5, Hidden = [16], LearningRate = 0.01, InitialLogDeviation = -0.5, Discount = 0, TargetKl = null }, 1);

    public static DroqLearner Droq(BatchedTask batch, ulong seed = 1) =>
        new(batch, new DroqOptions { Capacity = 2_000, WarmUp = 32, StepsPerAdvance = 24, Minibatch = 64, Hidden = [32], LearningRate = 3e-3, Discount = 0, Dropout = 0.01, InitialTemperature = 1e-4, NormalizesObservations = true, TargetEntropy = -2 }, seed);

    public static ILearner Create(string name, BatchedTask batch, ulong seed = 1) => name == "ppo" ? Ppo(batch, seed) : Droq(batch, seed);

    /// <summary>What the learner does now, on what the batch observes.</summary>
    public static float[] Actions(ILearner learner, BatchedTask batch)
    {
        float[] actions = new float[batch.Actions.Length];
        learner.Act(batch.Observations, actions);
        return actions;
    }

    public void Dispose()
    {
        _rigs.Dispose();
        _scene.Dispose();
    }
}
