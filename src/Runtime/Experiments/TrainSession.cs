using Legato.Policy.Bundles;
using Legato.Policy.Learning;
using Legato.Policy.Learning.Droq;
using Legato.Policy.Learning.Ppo;
using Legato.Policy.Learning.Training;
using Legato.Sim.Scene;
using Legato.Sim.Tasks;
using Legato.Sim.Tasks.Batches;
using Legato.Sim.Tasks.Rigs;

namespace Legato.Runtime.Experiments;

/// <summary>How to train a policy.</summary>
public sealed record TrainOptions
{
    /// <summary>Names of the learners on the command line.</summary>
    public const string Ppo = "ppo", Droq = "droq";

    /// <summary>Rigs to train on unless something else is asked for.</summary>
    public const int DefaultRigs = 96;

    /// <summary><see cref="Ppo"/> or <see cref="Droq"/>.</summary>
    public required string Learner { get; init; }

    /// <summary>What is observed, done and rewarded.</summary>
    public required TaskDefinition Task { get; init; }

    /// <summary>How long.</summary>
    public TrainingOptions Training { get; init; } = new();

    /// <summary>How far rigs differ from the simulator where nothing better is known, 0..1: what the bundle says of it.</summary>
    public double Severity { get; init; } = 0.5;

    /// <summary>Rigs to train on, 1 or more.</summary>
    public int Rigs { get; init; } = DefaultRigs;

    /// <summary>Environments side by side, 1 or more.</summary>
    public int Slots { get; init; } = 16;

    /// <summary>Seed of everything random.</summary>
    public int Seed { get; init; }

    /// <summary>A policy to begin with, network and scaling of observations; null for a new one.</summary>
    public PolicyBundle? From { get; init; }

    /// <summary>Whether a training that is stopped leaves a bundle of its best policy so far, judged; otherwise it leaves its checkpoint alone.</summary>
    public bool BundlesWhenStopped { get; init; } = true;

    /// <summary>Rigs to judge the result on; null for <see cref="TrainSession.TestRigs"/> from where those to train on are.</summary>
    public RigSet? Test { get; init; }
}

/// <summary>What training came to.</summary>
/// <param name="Bundle">The plan with the network that was best.</param>
/// <param name="Folder">Where it lies.</param>
/// <param name="Curve">Trials in order.</param>
/// <param name="Seconds">Wall-clock time, s, of all sessions together.</param>
/// <param name="EnvSteps">Control steps trained.</param>
/// <param name="Plan">How the plan alone played on rigs that nobody trained or chose on.</param>
/// <param name="Policy">How it played with the network, on the same rigs.</param>
/// <param name="EndedBecause">Why it ended early; null if it did not.</param>
public sealed record TrainedBundle(PolicyBundle Bundle, string Folder, IReadOnlyList<TrainingPoint> Curve, double Seconds, long EnvSteps, Judgement Plan, Judgement Policy, string? EndedBecause);

/// <summary>Trains a network that corrects a plan.</summary>
/// <param name="options">How.</param>
/// <param name="rigs">Where rigs come from.</param>
/// <param name="time">Measures time.</param>
public sealed class TrainSession(TrainOptions options, IRigSource rigs, TimeProvider time)
{
    /// <summary>Rigs that a policy is judged on after its training.</summary>
    public const int TestRigs = 16;

    // Rigs to choose the best policy by, and rigs to report on, have seeds of their own, the same for every training.
    private const int ChoosingSeed = 910_001, TestSeed = 920_001, ChoosingRigs = 16;

    /// <summary>Trains, on from where an earlier session was, and writes the bundle.</summary>
    /// <param name="scene">The hands, parameters applied.</param>
    /// <param name="song">What to play.</param>
    /// <param name="plan">The plan to correct.</param>
    /// <param name="folder">Folder of the bundle; <c>training/</c> below it has checkpoints and curve.</param>
    /// <param name="progress">Told while training; may be null.</param>
    /// <param name="stop">Ends training; see <see cref="TrainOptions.BundlesWhenStopped"/>.</param>
    /// <exception cref="InputException">The plan or the policy to begin with does not fit, or the folder cannot be used.</exception>
    /// <exception cref="LearningException">The policy fell apart.</exception>
    /// <exception cref="OperationCanceledException">Stopped, and no bundle was wanted then.</exception>
    public TrainedBundle Run(PianoScene scene, PlayableSong song, PolicyBundle plan, string folder, IProgress<TrainingProgress>? progress, CancellationToken stop)
    {
        plan.RequireFits(scene.Actuators, 1 / SceneOptions.ControlPeriod, song.Trajectory);
        PianoTask task = SongTask.Create(options.Task, scene, song.Trajectory, plan.ToPlan());
        using var bare = PianoScene.Build(scene.Options);
        using var training = RigPool.Draw(bare, new RigSet(rigs, options.Rigs, options.Seed));
        using var choosing = RigPool.Draw(bare, new RigSet(rigs, ChoosingRigs, ChoosingSeed));
        using var batch = new BatchedTask(task, training, new BatchOptions { Slots = options.Slots, Seed = (ulong)options.Seed, Staggered = true });
        using ILearner learner = NewLearner(options, batch);
        if (options.From is { } from)
            Begin(learner, from, task);
        using var trial = new PolicyTrial(task, choosing, Environment.ProcessorCount);
        var trainer = new Trainer(learner, trial, options.Training, Path.Combine(folder, "training"), Identity(plan), time);
        trainer.Run(progress, stop);
        CancellationToken judging = options.BundlesWhenStopped ? CancellationToken.None : stop;
        judging.ThrowIfCancellationRequested();

        TrainedNetwork network = learner.Export();
        var residual = new ResidualManifest
        {
            Task = options.Task.ToYaml(),
            Observation = task.Observations.Layout.Ranges,
            Network = network.Description,
            WeightsHash = "",
            Learner = learner.Name,
            Severity = options.Severity,
            EnvSteps = (trainer.Best?.EnvSteps ?? 0) + Observed(options.From),
            PlanF1 = 0,
            PolicyF1 = 0,
        };
        var judge = new PolicyJudge(scene, song.Trajectory, options.Test ?? new RigSet(rigs, TestRigs, TestSeed), Environment.ProcessorCount);
        PolicyBundle alone = plan.Alone();
        Judgement without = judge.Judge(alone, stop: judging), with = judge.Judge(alone.With(network, residual), stop: judging);
        PolicyBundle bundle = alone.With(network, residual with { PlanF1 = without.F1.Average(), PolicyF1 = with.F1.Average() });
        bundle = bundle with { Manifest = bundle.Manifest with { Curve = [.. trainer.Curve.Select(p => new[] { p.EnvSteps, p.F1 })] } };
        bundle.Save(folder);
        return new TrainedBundle(bundle, folder, trainer.Curve, trainer.Seconds, trainer.Curve[^1].EnvSteps, without, with, trainer.EndedBecause);
    }

    /// <summary>A learner that has learnt nothing yet; libtorch gets all cores.</summary>
    /// <param name="options">Which, and its seed.</param>
    /// <param name="batch">What it practises on; it must outlive the learner.</param>
    internal static ILearner NewLearner(TrainOptions options, BatchedTask batch)
    {
        TorchSharp.torch.set_num_threads(Environment.ProcessorCount);
        return options.Learner switch
        {
            TrainOptions.Ppo => new PpoLearner(batch, new PpoOptions(), (ulong)options.Seed),
            TrainOptions.Droq => new DroqLearner(batch, new DroqOptions { NormalizesObservations = true }, (ulong)options.Seed),
            _ => throw new InputException($"--learner {options.Learner}: expected ppo or droq"),
        };
    }

    // Refuses what would observe or do something else under the same names.
    private void Begin(ILearner learner, PolicyBundle from, PianoTask task)
    {
        string who = $"policy for '{from.Manifest.Song}'";
        if (from is not { Network: { } network, Manifest.Residual: { } residual })
            throw new InputException($"{who}: has no network to begin with; leave it out, or name one that 'legato train' made");
        if (!task.Observations.Layout.Ranges.SequenceEqual(residual.Observation))
            throw new InputException($"{who}: observes {string.Join(' ', residual.Observation.Select(o => $"{o.Name}[{o.Start}..{o.Start + o.Length})"))}, this training {task.Observations.Layout}; begin with a policy of the same task, or anew");
        ActionSettings action = TaskDefinition.Parse(residual.Task, $"{who}, task").Action;
        if (action != options.Task.Action)
            throw new InputException($"{who}: its actions are {Words(action)}, those of this training {Words(options.Task.Action)}; begin with a policy of the same task, or anew");
        if (!from.Commands.Actuators.Equals(task.Prior?.Actuators))
            throw new InputException($"{who}: drives other actuators than this robot's, or in another order; begin with a policy for this robot, or anew");
        try
        {
            learner.Begin(network, residual.EnvSteps);
        }
        catch (ArgumentException e)
        {
            throw new InputException($"{who}: {residual.Learner}'s network cannot go on with {learner.Name}: {e.Message.ReplaceLineEndings(" ")}; begin with one of the same learner, or anew", e);
        }
    }

    private static string Words(ActionSettings action) =>
        FormattableString.Invariant($"{action.Kind} by {action.Factor}, pedal of the {action.Pedal}").ToLowerInvariant();

    private static long Observed(PolicyBundle? from) => from?.Manifest.Residual?.EnvSteps ?? 0;

    // What a checkpoint must agree with; how long to train may change.
    private string Identity(PolicyBundle plan)
    {
        string from = options.From?.Manifest.Residual is { } residual ? $", from {residual.WeightsHash[..8]}" : "";
        return FormattableString.Invariant(
            $"{options.Learner}, {plan.Manifest.Song} {plan.Manifest.SongHash[..8]}, plan {plan.Manifest.OptionsHash[..8]}{(plan.Manifest.Feedback ? " by ear" : "")}, task {PolicyBundle.HashOf(options.Task.ToYaml())[..8]}, {rigs.Description}, {options.Rigs} rigs, {options.Slots} environments, seed {options.Seed}{from}");
    }
}
