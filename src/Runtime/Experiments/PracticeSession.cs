using Legato.Music;
using Legato.Policy.Bundles;
using Legato.Policy.Planning;
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

/// <summary>Plays a song again and again on a robot, and learns a better plan from every recording. A network of the bundle is left out.</summary>
/// <param name="scene">The model of the robot.</param>
/// <param name="options">Planner options.</param>
/// <param name="play">Plays a bundle on the robot: one whole run, guarded and recorded.</param>
public sealed class PracticeSession(PianoScene scene, PlannerOptions options, Func<PolicyBundle, CancellationToken, Task<PlayReport>> play)
{
    /// <summary>Practises; ends early when a performance is flawless.</summary>
    /// <param name="song">The song.</param>
    /// <param name="bundle">What to begin with.</param>
    /// <param name="performances">Most performances.</param>
    /// <param name="played">Told after each.</param>
    /// <param name="stop">Ends after the performance under way; the best so far is the result.</param>
    /// <returns>The bundle that performed best, with the score that it had on the robot, and all performances.</returns>
    /// <exception cref="InputException">A run could not start, or was cut short.</exception>
    public async Task<(PolicyBundle Best, IReadOnlyList<Performance> Performances)> RunAsync(
        PlayableSong song, PolicyBundle bundle, int performances, Action<Performance> played, CancellationToken stop)
    {
        using var practice = new Practice(scene, options, bundle.ToPlan(), song.Trajectory, stop);
        PolicyBundle alone = bundle.WithoutNetwork();
        var done = new List<Performance>();
        while (done.Count < performances && !stop.IsCancellationRequested && practice.Best is not { Score: { F1: 1, OnsetF1: 1 } })
        {
            SongPlan next = practice.Next;
            PlayReport report = await play(alone with { Commands = next.Commands }, stop);
            if (report.Ended != PlayReport.Completed)
                throw new InputException($"{report.Run}: the performance ended early ({report.Ended}); nothing can be learnt from half a song");
            PerformanceScore score = practice.Learn(Trace(RecordedRun.Read(RunFolder.Open(report.Run)), next, song));
            done.Add(new Performance(done.Count + 1, report.Run, score.F1, score.OnsetF1, next.Commands.Steps * SceneOptions.ControlPeriod));
            played(done[^1]);
        }
        SongPlan best = practice.Best ?? throw new OperationCanceledException(stop);
        return (PolicyBundle.Of(best, song.Trajectory, PlanSession.Describe(scene), bundle.Manifest.ParametersHash), done);
    }

    // The state at the end of a step is what the next cycle sees.
    private RolloutTrace Trace(RecordedRun run, SongPlan plan, PlayableSong song)
    {
        if (!run.Joints.Equals(scene.Joints))
            throw new InputException($"the run of '{plan.Song}' has other joints than the model, or another order; expected {scene.Joints}");
        var trace = new RolloutTrace(plan.Commands.Steps, scene.Joints.Count);
        var heard = KeyRoll.FromEvents(run.SongEvents(plan.LeadIn), song.Trajectory.Count);
        Dictionary<int, double[]?> after = run.Cycles.Zip(run.Cycles.Skip(1)).Where(c => c.First.Step >= 0).ToDictionary(c => c.First.Step, c => c.Second.Measured);
        double[] latest = run.Cycles.Select(c => c.Measured).FirstOrDefault(m => m is not null) ?? throw new InputException($"the run of '{plan.Song}' has no joint state; nothing can be learnt from it");
        for (int t = 0; t < trace.Steps; t++)
        {
            latest = after.GetValueOrDefault(t) ?? latest;
            trace.Set(t, latest, t < plan.LeadIn ? 0 : heard.Steps[t - plan.LeadIn]);
        }
        return trace;
    }
}
