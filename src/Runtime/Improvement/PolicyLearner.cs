using Legato.Policy.Bundles;
using Legato.Policy.Learning.Training;
using Legato.Runtime.Calibration;
using Legato.Runtime.Experiments;
using Legato.Sim.Tasks.Rigs;

namespace Legato.Runtime.Improvement;

/// <summary>
/// Reinforcement learning as a learner: a network that corrects the plan of the same simulator, trained on rigs as the last fit leaves them in doubt, or, before any fit,
/// anywhere around the simulator. It begins with the network of the round before.
/// </summary>
/// <param name="planner">Makes the plans.</param>
/// <param name="options">How to train.</param>
/// <param name="time">Measures time.</param>
/// <param name="tell">Told what is going on.</param>
public sealed class PolicyLearner(PlanLearner planner, TrainOptions options, TimeProvider time, IProgress<string> tell) : ILearner
{
    /// <inheritdoc/>
    public Trained Train(TrainRequest request, CancellationToken stop)
    {
        string planFolder = planner.Train(request, stop).Policy, song = request.Song.Name;
        IRigSource rigs = request.ParametersFile is { } file && FittedRigs.Beside(file, options.Severity) is { } fitted
            ? fitted
            : new RandomRigs(options.Severity, request.Model.Parameters);
        TrainOptions train = options with { BundlesWhenStopped = false, From = request.Previous is { } previous ? PolicyBundle.Load(previous) : null };
        string folder = Path.Combine(request.Policies, $"{song}-{options.Learner}-{Fingerprint(planFolder, rigs, train)[..12]}");

        tell.Report($"{song}: {options.Learner} on rigs of {rigs.Description}");
        TrainedBundle trained = new TrainSession(train, rigs, time).Run(
            request.Model.Scene, request.Song, PolicyBundle.Load(planFolder), folder, new TrialLines(line => tell.Report($"{song}: {line}"), train.Training.Steps), stop);
        if (trained.EndedBecause is { } reason)
            tell.Report($"{song}: training ended early: {reason}");
        // Where all is as the simulator has it.
        var simulator = new RigSet(new RandomRigs(severity: 0, request.Model.Parameters), Count: 1, Seed: 0);
        double predicted = new PolicyJudge(request.Model.Scene, request.Song.Trajectory, simulator, threads: 1).Judge(trained.Bundle, progress: null, stop).F1[0];
        return new Trained(folder, predicted, Learning: new LearningFigures(trained.EnvSteps, trained.Plan.F1.Average(), trained.Policy.F1.Average()));
    }

    // What must agree for a training to go on, or to be found again.
    private static string Fingerprint(string planFolder, IRigSource rigs, TrainOptions train)
    {
        string text = string.Join('\n', Path.GetFileName(planFolder), rigs.Description, train.Task.ToYaml(), train.From?.Manifest.Residual?.WeightsHash,
            FormattableString.Invariant($"{train.Learner} {train.Training.Steps} {train.Rigs} {train.Slots} {train.Seed}"));
        return PolicyBundle.HashOf(text);
    }
}
