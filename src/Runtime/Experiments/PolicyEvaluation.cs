using Legato.Policy.Bundles;
using Legato.Policy.Learning.Training;
using Legato.RobotDriver.StandIn;
using Legato.Sim.Tasks.Rigs;

using Serilog;

namespace Legato.Runtime.Experiments;

/// <summary>How a bundle played, a figure per rig.</summary>
/// <param name="Unit">What each figure stands for, in the plural: <c>rigs</c>, <c>realities</c>, <c>performances</c>.</param>
/// <param name="F1">RoboPianist's.</param>
/// <param name="OnsetF1">Onset F1.</param>
/// <param name="Diverged">Simulations that broke down.</param>
/// <param name="Runs">Folders of the recorded runs; empty where nothing is recorded.</param>
public sealed record PlayedRigs(string Unit, IReadOnlyList<double> F1, IReadOnlyList<double> OnsetF1, int Diverged, IReadOnlyList<string> Runs);

/// <summary>Simulated robots to perform on.</summary>
/// <param name="Robot">YAML of a simulated robot.</param>
/// <param name="Parameters">YAML of the simulator's parameters; null for nominal ones.</param>
/// <param name="Files">YAML files of realities, at least one.</param>
/// <param name="Repeats">Performances on each, 1 or more.</param>
/// <param name="Seed">Seed of the first performance's noise; every further one on the same reality has the next.</param>
public sealed record RealitySet(string Robot, string? Parameters, IReadOnlyList<string> Files, int Repeats, int Seed);

/// <summary>Plays bundles on rigs that nobody trained on. The same rigs, in the same order, for every bundle.</summary>
/// <param name="setup">The model of the robot; it stays the caller's.</param>
/// <param name="song">What the bundles play.</param>
/// <param name="tempo">The song's tempo as a fraction of the written one, for the runs.</param>
/// <param name="runs">Folder of all runs.</param>
/// <param name="time">Wall clock and timers.</param>
/// <param name="log">Receives what the operator should know.</param>
public sealed class PolicyEvaluation(RobotSetup setup, PlayableSong song, double tempo, string runs, TimeProvider time, ILogger log)
{
    /// <summary>Seeds from here on belong to evaluations: rigs of training, choice and test have others.</summary>
    public const int FirstSeed = 1_000_001;

    /// <summary>Plays on rigs drawn at random, as training judges its result; nothing is recorded.</summary>
    /// <exception cref="InputException">The bundle does not fit.</exception>
    /// <exception cref="OperationCanceledException">Stopped.</exception>
    public PlayedRigs OnRigs(PolicyBundle bundle, RigSet rigs, IProgress<JudgingProgress>? progress, CancellationToken stop)
    {
        Judgement judged = new PolicyJudge(setup.Scene, song.Trajectory, rigs, Environment.ProcessorCount).Judge(bundle, progress, stop);
        return new PlayedRigs("rigs", judged.F1, judged.OnsetF1, judged.Diverged, []);
    }

    /// <summary>Performs on realities: whole guarded and recorded runs. Of several realities each counts once, with its mean; of a single one every performance counts.</summary>
    /// <param name="bundle">What to play.</param>
    /// <param name="folder">Its folder, for the runs.</param>
    /// <param name="realities">On what.</param>
    /// <param name="progress">Told after every performance; may be null.</param>
    /// <param name="stop">Stops; the hands lift.</param>
    /// <exception cref="InputException">A file is wrong, the bundle does not fit, or a performance ended early.</exception>
    /// <exception cref="OperationCanceledException">Stopped.</exception>
    public async Task<PlayedRigs> OnRealitiesAsync(PolicyBundle bundle, string folder, RealitySet realities, IProgress<JudgingProgress>? progress, CancellationToken stop)
    {
        // A mistake in the last one is to be found before the first is played.
        foreach (string reality in realities.Files)
            _ = Reality.Load(reality);
        var reports = new List<PlayReport>();
        long steps = bundle.Commands.Steps;
        foreach (string reality in realities.Files)
        {
            for (int repeat = 0; repeat < realities.Repeats; repeat++)
            {
                stop.ThrowIfCancellationRequested();
                await using var robot = RobotSetup.Load(realities.Robot, realities.Parameters, time, reality, realities.Seed + repeat);
                await robot.StartAsync(stop);
                PlayReport report = await new PlaySession(runs, time, log).RunAsync(PlayRequest.For(robot, song, bundle, folder) with { Tempo = tempo }, stop);
                stop.ThrowIfCancellationRequested();
                reports.Add(report.Ended == PlayReport.Completed ? report : throw new InputException($"{report.Run}: the performance on {reality} ended early ({report.Ended}); see to the robot, then evaluate again"));
                progress?.Report(new JudgingProgress(reports.Count * steps, realities.Files.Count * realities.Repeats * steps));
            }
        }
        bool isOne = realities.Files.Count == 1;
        return new PlayedRigs(isOne ? "performances" : "realities", Units(r => r.F1), Units(r => r.OnsetF1), Diverged: 0, [.. reports.Select(r => r.Run)]);

        double[] Units(Func<PlayReport, double> figure) => [.. reports.Select(figure).Chunk(isOne ? 1 : realities.Repeats).Select(chunk => chunk.Average())];
    }
}
