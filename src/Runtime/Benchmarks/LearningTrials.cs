using Legato.Policy.Bundles;
using Legato.Policy.Learning.Training;
using Legato.Policy.Planning;
using Legato.Runtime.Experiments;
using Legato.Runtime.Safety;
using Legato.Sim.Limits;
using Legato.Sim.Parameters;
using Legato.Sim.Scene;
using Legato.Sim.Tasks.Rigs;

namespace Legato.Runtime.Benchmarks;

/// <summary>Trains and judges for <see cref="LearningStudy"/>. One training at a time.</summary>
/// <param name="setup">The model of the robot, parameters applied; it stays the caller's.</param>
/// <param name="planner">How plans are made; the same plan for all seeds.</param>
/// <param name="training">How the whole is trained; rows and seeds change their part of it.</param>
/// <param name="testRigs">Rigs to judge on.</param>
/// <param name="plans">Folder of the plans.</param>
/// <param name="time">Measures time.</param>
/// <param name="tell">Told what is going on.</param>
internal sealed class LearningTrials(RobotSetup setup, PlannerOptions planner, TrainOptions training, int testRigs, string plans, TimeProvider time, IProgress<string> tell)
{
    // Rigs that no training has: those of evaluations.
    private readonly RigSet _test = new(new RandomRigs(training.Severity, setup.Parameters), testRigs, PolicyEvaluation.FirstSeed);

    /// <summary>What all trainings have in common.</summary>
    public string Conditions => FormattableString.Invariant(
        $"{training.Learner}, {training.Training.Steps} environment steps on {training.Rigs} rigs in {training.Slots} environments, {_test.Source.Description}, judged on {testRigs} rigs, task {PolicyBundle.HashOf(training.Task.ToYaml())[..8]}");

    /// <summary>Trains a row on a song with a seed, and judges it.</summary>
    /// <param name="row">The row.</param>
    /// <param name="song">The song.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="folder">Folder of this training.</param>
    /// <param name="stop">Stops; the next call goes on.</param>
    public LearningTrial Train(LearningAblation row, PlayableSong song, int seed, string folder, CancellationToken stop)
    {
        using var bare = PianoScene.Build(setup.Scene.Options with { Embodiment = row.Embodiment });
        using PianoScene scene = bare.With(setup.Parameters);
        MotionLimits? limits = setup.Configuration.LimitsPath is { } path ? GuardLimitsFile.Load(path, scene.Actuators) : null;
        PlannerOptions options = planner with { Limits = limits, Fingerings = row.Fingering is { } fingering ? [fingering] : planner.Fingerings };
        PolicyBundle plan = NominalPolicy.FindOrPlan(scene, song, setup.Parameters.Hash, plans, options, progress: null, stop).Bundle;
        if (!row.Learns)
            return Of(new PolicyJudge(scene, song.Trajectory, _test, Environment.ProcessorCount).Judge(plan, progress: null, stop), 0, []);

        double severity = row.Randomizes ? training.Severity : 0;
        TrainOptions own = training with { Task = row.Task, Severity = severity, Seed = seed, Test = _test };
        TrainedBundle trained = new TrainSession(own, new RandomRigs(severity, setup.Parameters), time).Run(scene, song, plan, folder, new TrialLines(tell.Report, own.Training.Steps), stop);
        if (trained.EndedBecause is { } reason)
            tell.Report($"training ended early: {reason}");
        return Of(trained.Policy, trained.EnvSteps, [.. trained.Curve.Select(p => new[] { p.EnvSteps, p.F1 })]);

        LearningTrial Of(Judgement judged, long steps, double[][] curve) => new(row.Name, song.Name, seed, judged.F1.Average(), judged.OnsetF1.Average(), steps, curve);
    }
}
