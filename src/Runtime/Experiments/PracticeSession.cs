using Legato.Music;
using Legato.Policy.Bundles;
using Legato.Policy.Learning.OnRobot;
using Legato.Policy.Refinement;
using Legato.Runtime.Recording;
using Legato.Sim.Scene;

namespace Legato.Runtime.Experiments;

/// <summary>One performance of a practice.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Run">Folder of the run.</param>
/// <param name="F1">RoboPianist's F1.</param>
/// <param name="OnsetF1">Onset F1.</param>
/// <param name="Seconds">Time that the robot moved, s.</param>
public sealed record Performance(int Number, string Run, double F1, double OnsetF1, double Seconds);

/// <summary>How long to practise: whichever is reached first.</summary>
/// <param name="Performances">Most performances, 1 or more.</param>
/// <param name="Seconds">Most time that the robot may move, s.</param>
public sealed record PracticeBudget(int Performances, double Seconds = double.PositiveInfinity);

/// <summary>Plays a bundle on the robot: one whole run, guarded and recorded.</summary>
/// <param name="bundle">What to play.</param>
/// <param name="exploration">What to try, and where to keep what was seen and done; null for neither.</param>
/// <param name="stop">Ends the run early.</param>
public delegate Task<PlayReport> Perform(PolicyBundle bundle, ExplorationTape? exploration, CancellationToken stop);

/// <summary>Plays a song again and again on a robot, and learns from every recording.</summary>
/// <param name="scene">The model of the robot.</param>
/// <param name="perform">Plays on the robot.</param>
public sealed class PracticeSession(PianoScene scene, Perform perform)
{
    /// <summary>Practises; ends early when a performance is flawless.</summary>
    /// <param name="song">The song.</param>
    /// <param name="practice">Learns; it stays the caller's.</param>
    /// <param name="budget">How long.</param>
    /// <param name="played">Told after each performance.</param>
    /// <param name="stop">Ends after the performance under way; the best so far is the result.</param>
    /// <returns>The bundle that performed best, with the score that it had on the robot, and all performances.</returns>
    /// <exception cref="InputException">A run could not start, or was cut short.</exception>
    public async Task<(PolicyBundle Best, IReadOnlyList<Performance> Performances)> RunAsync(
        PlayableSong song, IPractice practice, PracticeBudget budget, Action<Performance> played, CancellationToken stop)
    {
        var done = new List<Performance>();
        double moved = 0;
        while (done.Count < budget.Performances && !stop.IsCancellationRequested && practice.Best?.Manifest.Evaluation is not { F1: 1, OnsetF1: 1 })
        {
            PolicyBundle next = practice.Next;
            double seconds = next.Commands.Steps * SceneOptions.ControlPeriod;
            if (done.Count > 0 && moved + seconds > budget.Seconds)
                break;
            PlayReport report = await perform(next, practice.Exploration, stop);
            if (report.Ended != PlayReport.Completed)
                throw new InputException($"{report.Run}: the performance ended early ({report.Ended}); nothing can be learnt from half a song");
            moved += seconds;
            PerformanceScore score = practice.Learn(Trace(RecordedRun.Read(RunFolder.Open(report.Run)), next, song), stop);
            done.Add(new Performance(done.Count + 1, report.Run, score.F1, score.OnsetF1, seconds));
            played(done[^1]);
        }
        return (practice.Best ?? throw new OperationCanceledException(stop), done);
    }

    // The state at the end of a step is what the next cycle sees.
    private RolloutTrace Trace(RecordedRun run, PolicyBundle bundle, PlayableSong song)
    {
        (string name, int leadIn) = (bundle.Manifest.Song, bundle.Manifest.LeadIn);
        if (!run.Joints.Equals(scene.Joints))
            throw new InputException($"the run of '{name}' has other joints than the model, or another order; expected {scene.Joints}");
        var trace = new RolloutTrace(bundle.Commands.Steps, scene.Joints.Count);
        var heard = KeyRoll.FromEvents(run.SongEvents(leadIn), song.Trajectory.Count);
        Dictionary<int, double[]?> after = run.Cycles.Zip(run.Cycles.Skip(1)).Where(c => c.First.Step >= 0).ToDictionary(c => c.First.Step, c => c.Second.Measured);
        double[] latest = run.Cycles.Select(c => c.Measured).FirstOrDefault(m => m is not null) ?? throw new InputException($"the run of '{name}' has no joint state; nothing can be learnt from it");
        for (int t = 0; t < trace.Steps; t++)
        {
            latest = after.GetValueOrDefault(t) ?? latest;
            trace.Set(t, latest, t < leadIn ? 0 : heard.Steps[t - leadIn]);
        }
        return trace;
    }
}
