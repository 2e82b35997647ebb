using Legato.Policy.Bundles;
using Legato.Policy.Learning;
using Legato.Policy.Learning.Droq;
using Legato.Policy.Learning.Ppo;
using Legato.Policy.Learning.Training;
using Legato.Runtime.Statistics;
using Legato.Sim.Parameters;
using Legato.Sim.Scene;
using Legato.Sim.Tasks;
using Legato.Sim.Tasks.Batches;
using Legato.Sim.Tasks.Rigs;

namespace Legato.Runtime.Experiments;

/// <summary>How to train a policy.</summary>
public sealed record TrainOptions
{
    /// <summary><c>ppo</c> or <c>droq</c>.</summary>
    public required string Learner { get; init; }

    /// <summary>What is observed, done and rewarded.</summary>
    public required TaskDefinition Task { get; init; }

    /// <summary>How long.</summary>
    public TrainingOptions Training { get; init; } = new();

    /// <summary>How far rigs differ from the simulator, 0..1.</summary>
    public double Severity { get; init; } = 0.5;

    /// <summary>Rigs to train on, 1 or more.</summary>
    public int Rigs { get; init; } = 32;

    /// <summary>Environments side by side, 1 or more.</summary>
    public int Slots { get; init; } = 16;

    /// <summary>Seed of everything random.</summary>
    public int Seed { get; init; }
}

/// <summary>What training came to.</summary>
/// <param name="Bundle">The plan with the network that was best.</param>
/// <param name="Folder">Where it lies.</param>
/// <param name="Curve">Trials in order.</param>
/// <param name="Seconds">Wall-clock time, s, of all sessions together.</param>
/// <param name="EnvSteps">Control steps trained.</param>
/// <param name="PlanF1">F1 of the plan alone on rigs that nobody trained or chose on.</param>
/// <param name="PolicyF1">F1 with the network, on the same rigs.</param>
/// <param name="Gain">What the network gains, rig by rig.</param>
/// <param name="P">Probability of such a gain by chance (paired permutation of signs).</param>
/// <param name="EndedBecause">Why it ended early; null if it did not.</param>
public sealed record TrainedBundle(
    PolicyBundle Bundle, string Folder, IReadOnlyList<TrainingPoint> Curve, double Seconds, long EnvSteps, Estimate PlanF1, Estimate PolicyF1, Estimate Gain, double P, string? EndedBecause);

/// <summary>Trains a network that corrects a plan.</summary>
/// <param name="options">How.</param>
/// <param name="parameters">What rigs differ from: the simulator's parameters.</param>
/// <param name="time">Measures time.</param>
public sealed class TrainSession(TrainOptions options, SimParameters parameters, TimeProvider time)
{
    // Rigs to choose the best policy by, and rigs to report on, have seeds of their own, the same for every training.
    private const int ChoosingSeed = 910_001, TestSeed = 920_001, ChoosingRigs = 8, TestRigs = 16;

    /// <summary>Trains, on from where an earlier session was, and writes the bundle.</summary>
    /// <param name="scene">The hands, parameters applied.</param>
    /// <param name="song">What to play.</param>
    /// <param name="plan">The plan to correct.</param>
    /// <param name="folder">Folder of the bundle; <c>training/</c> below it has checkpoints and curve.</param>
    /// <param name="progress">Told while training; may be null.</param>
    /// <param name="stop">Ends training; the best so far is written.</param>
    /// <exception cref="InputException">The plan does not fit, or the folder cannot be used.</exception>
    /// <exception cref="LearningException">The policy fell apart.</exception>
    public TrainedBundle Run(PianoScene scene, PlayableSong song, PolicyBundle plan, string folder, IProgress<TrainingProgress>? progress, CancellationToken stop)
    {
        plan.RequireFits(scene.Actuators, 1 / SceneOptions.ControlPeriod, song.Trajectory);
        PianoTask task = SongTask.Create(options.Task, scene, song.Trajectory, plan.ToPlan());
        using var bare = PianoScene.Build(scene.Options);
        using var rigs = RigPool.Draw(bare, options.Rigs, options.Severity, options.Seed, parameters);
        using var choosing = RigPool.Draw(bare, ChoosingRigs, options.Severity, ChoosingSeed, parameters);
        using var test = RigPool.Draw(bare, TestRigs, options.Severity, TestSeed, parameters);
        using var batch = new BatchedTask(task, rigs, new BatchOptions { Slots = options.Slots, Seed = (ulong)options.Seed });
        TorchSharp.torch.set_num_threads(Environment.ProcessorCount);
        using ILearner learner = Create(batch);
        using var trial = new PolicyTrial(task, choosing, Environment.ProcessorCount);
        var trainer = new Trainer(learner, trial, options.Training, Path.Combine(folder, "training"), Identity(plan, task), time);
        trainer.Run(progress, stop);

        using var final = new PolicyTrial(task, test, Environment.ProcessorCount);
        TrialResult alone = final.RunPlan(), corrected = final.Run(learner.Act);
        double[] gains = [.. corrected.F1.Zip(alone.F1, (with, without) => with - without)];
        TrainedNetwork network = learner.Export();
        PolicyBundle bundle = plan.With(network, new ResidualManifest
        {
            Task = options.Task.ToYaml(),
            Observation = task.Observations.Layout.Ranges,
            Network = network.Description,
            WeightsHash = "",
            Learner = learner.Name,
            Severity = options.Severity,
            EnvSteps = trainer.Best?.EnvSteps ?? 0,
            PlanF1 = alone.MeanF1,
            PolicyF1 = corrected.MeanF1,
        });
        bundle = bundle with { Manifest = bundle.Manifest with { Curve = [.. trainer.Curve.Select(p => new[] { p.EnvSteps, p.F1 })] } };
        bundle.Save(folder);
        return new TrainedBundle(
            bundle, folder, trainer.Curve, trainer.Seconds, trainer.Curve[^1].EnvSteps, Resampling.Mean(alone.F1, options.Seed), Resampling.Mean(corrected.F1, options.Seed),
            Resampling.Mean(gains, options.Seed), Resampling.PairedTest(gains, options.Seed), trainer.EndedBecause);
    }

    private ILearner Create(BatchedTask batch) => options.Learner switch
    {
        "ppo" => new PpoLearner(batch, new PpoOptions(), (ulong)options.Seed),
        "droq" => new DroqLearner(batch, new DroqOptions { NormalizesObservations = true }, (ulong)options.Seed),
        _ => throw new InputException($"--learner {options.Learner}: expected ppo or droq"),
    };

    // What a checkpoint must agree with; how long to train may change.
    private string Identity(PolicyBundle plan, PianoTask task) => FormattableString.Invariant(
        $"{options.Learner}, {plan.Manifest.Song} {plan.Manifest.SongHash[..8]}, plan {plan.Manifest.OptionsHash[..8]}, {task.Observations.Layout.Size} observations, severity {options.Severity}, {options.Rigs} rigs, {options.Slots} environments, seed {options.Seed}");
}
