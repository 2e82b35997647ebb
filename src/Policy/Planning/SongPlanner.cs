using Legato.Music;
using Legato.Policy.Fingering;
using Legato.Policy.Kinematics;
using Legato.Policy.Refinement;
using Legato.Policy.Robustness;
using Legato.Sim.Drives;
using Legato.Sim.Parameters;
using Legato.Sim.Scene;
using Legato.Sim.World;

namespace Legato.Policy.Planning;

/// <summary>
/// Plans a song without learning a network: fingering, carriage, inverse kinematics, feedforward, then iterative learning and sampling in the simulator.
/// </summary>
/// <remarks>
/// A portfolio of fingerings starts; after a few rehearsals the better half goes on; of what it plays best, the targets win that
/// also play well when gains and springs are a little off; sampling then works on what is still wrong with them. Deterministic: the same scene, song and options give the same bits on
/// any number of threads, unless the time budget cuts in. The scene's parameters are those that the plan is for.
/// </remarks>
public sealed class SongPlanner(PianoScene scene, PlannerOptions options)
{
    /// <summary>Plans anew.</summary>
    /// <param name="name">Name of the song.</param>
    /// <param name="trajectory">What to play.</param>
    /// <param name="progress">Called from any thread, one call at a time.</param>
    /// <param name="stop">Ends planning at once, as the budget does between rehearsals: the best so far is the plan.</param>
    /// <exception cref="OperationCanceledException">Stopped before anything was played.</exception>
    /// <exception cref="ArgumentException">An option is out of range, or the trajectory's steps are not control steps.</exception>
    public SongPlan Plan(string name, NoteTrajectory trajectory, IProgress<PlanProgress>? progress = null, CancellationToken stop = default)
    {
        Check(trajectory);
        var run = new PlanRun(options, progress, stop);
        using var stage = new PlanStage(scene, options, trajectory, run);
        List<PlanCandidate> candidates = Candidates(stage, trajectory);
        try
        {
            run.ForEach(candidates, (c, _) =>
            {
                // However small the budget, one of them is to play.
                if (run.IsOver && run.HasPlayed)
                    return;
                c.Prepare();
                Rehearse(run, c, Math.Min(options.Auditions, options.ContactRollouts));
            });
            PlanCandidate[] survivors = [.. candidates.Where(c => c.Best.Count > 0).OrderByDescending(c => c.Best[0].Merit).Take((candidates.Count + 1) / 2)];
            Dismiss(candidates, c => !survivors.Contains(c));
            run.ForEach(survivors, (c, _) => Rehearse(run, c, options.ContactRollouts));
            return Finish(stage, name, trajectory, [.. survivors.SelectMany(c => c.Best.Select(r => (c, r)))]);
        }
        finally
        {
            Dismiss(candidates, _ => true);
        }
    }

    /// <summary>Goes on refining a plan: its fingering stays, its targets learn on. The result plays no worse.</summary>
    /// <param name="previous">A plan of this song for a scene with these actuators.</param>
    /// <param name="trajectory">The same song.</param>
    /// <param name="progress">Called from any thread, one call at a time.</param>
    /// <param name="stop">Ends planning at once; the best so far is the plan.</param>
    /// <exception cref="OperationCanceledException">Stopped before anything was played.</exception>
    /// <exception cref="ArgumentException">An option is out of range, or the plan is for another song, lead-in or hand.</exception>
    public SongPlan Continue(SongPlan previous, NoteTrajectory trajectory, IProgress<PlanProgress>? progress = null, CancellationToken stop = default)
    {
        Check(trajectory);
        previous.RequireFits(scene, options, trajectory);
        var run = new PlanRun(options, progress, stop);
        using var stage = new PlanStage(scene, options, trajectory, run);
        using var candidate = new PlanCandidate(stage, previous.Strategy, previous.Fingering);
        candidate.Resume(previous.Commands);
        candidate.Rehearse();
        Rehearsal start = candidate.Best[0];
        run.ForEach([candidate], (c, _) => Rehearse(run, c, options.ContactRollouts));
        IEnumerable<Rehearsal> better = candidate.Best.Where(r => r != start && r.Score.F1 >= start.Score.F1);
        SongPlan plan = Finish(stage, previous.Song, trajectory, [(candidate, start), .. better.Select(r => (candidate, r))]);
        return plan with { Seconds = previous.Seconds + plan.Seconds, EnvSteps = previous.EnvSteps + plan.EnvSteps };
    }

    // Where new plans and continued ones end: the verdict, and what is to be refined of the winner alone.
    private SongPlan Finish(PlanStage stage, string name, NoteTrajectory trajectory, IReadOnlyList<(PlanCandidate, Rehearsal)> finalists)
    {
        PlanRun run = stage.Run;
        if (finalists.Count == 0)
            throw new OperationCanceledException(run.Stop);
        (PlanCandidate winner, Rehearsal plan, double? robust) = Choose(stage, finalists);
        if (options.Sampling is { } sampling && plan.Score.F1 < 1 && !run.IsOver)
        {
            SamplingResult refined = winner.Refine(plan.Commands, sampling);
            plan = plan with { Commands = refined.Commands, Score = refined.Score };
            robust = RobustF1(stage, [plan.Commands])?[0];
        }
        var made = new SongPlan
        {
            Song = name,
            Commands = plan.Commands,
            Pedal = [.. Enumerable.Repeat(0.0, options.LeadIn), .. trajectory.Sustain.Select(s => (double)s)],
            LeadIn = options.LeadIn,
            Feedback = options.Feedback,
            Score = plan.Score,
            RobustF1 = robust,
            Fingering = winner.Fingering,
            Strategy = winner.Strategy,
            OptionsHash = options.Hash,
            IsComplete = !run.IsOver,
            Seconds = run.Elapsed,
            EnvSteps = run.EnvSteps,
        };
        return options.Feedback ? Watched(made) : made;
    }

    // Whoever corrects the plan compares with what it does where all is as planned.
    private SongPlan Watched(SongPlan plan)
    {
        using var kinematics = new HandKinematics(scene);
        using var world = new DrivenWorld(scene);
        var trace = new RolloutTrace(plan.Commands.Steps, scene.Joints.Count);
        trace.Record(world, plan.Commands);
        return plan with { Motion = trace.Motion(kinematics), Sounds = trace.Sounds(plan.LeadIn) };
    }

    private void Check(NoteTrajectory trajectory)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(options.LeadIn);
        ArgumentOutOfRangeException.ThrowIfNegative(options.FreeRollouts);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Auditions, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.ContactRollouts, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Threads, 1);
        ArgumentOutOfRangeException.ThrowIfZero(options.Fingerings.Count);
        ArgumentOutOfRangeException.ThrowIfNotEqual(trajectory.TimeStep, SceneOptions.ControlPeriod);
    }

    // Strategies that agree are tried once.
    private List<PlanCandidate> Candidates(PlanStage stage, NoteTrajectory trajectory)
    {
        stage.Run.Report("fingering");
        IReadOnlyList<KeyPress> presses = KeyPress.Of(trajectory);
        return [.. options.Fingerings
            .Select(strategy => (strategy.Name, Plan: strategy.Assign(presses, stage.Posture.Span)))
            .DistinctBy(f => string.Join(',', f.Plan.Presses.Select(p => $"{p.Press.Start}:{p.Press.Key}:{p.Finger}")))
            .Select(f => new PlanCandidate(stage, f.Name, f.Plan))];
    }

    // A candidate's tables and worlds are large: they go as soon as it does.
    private static void Dismiss(List<PlanCandidate> candidates, Predicate<PlanCandidate> who)
    {
        foreach (PlanCandidate candidate in candidates.FindAll(who))
            candidate.Dispose();
        candidates.RemoveAll(who);
    }

    private static void Rehearse(PlanRun run, PlanCandidate candidate, int until)
    {
        while (candidate.Rehearsals < until && candidate.Best is not [{ Merit: 2 }, ..])
        {
            if (candidate.Rehearsals > 0 && run.IsOver)
                return;
            candidate.Rehearse();
        }
    }

    // Half of the verdict is the scene as it is, half the doubts about it.
    private (PlanCandidate Candidate, Rehearsal Plan, double? RobustF1) Choose(PlanStage stage, IReadOnlyList<(PlanCandidate Candidate, Rehearsal Plan)> finalists)
    {
        double[]? robust = RobustF1(stage, [.. finalists.Select(f => f.Plan.Commands)]);
        return finalists.Select((f, i) => (f.Candidate, f.Plan, Robust: robust?[i])).MaxBy(v => (v.Plan.Score.F1 + (v.Robust ?? 0), v.Plan.Score.OnsetF1));
    }

    // Mean F1 of each on the doubts; null if time ran out, as doubts about some only would compare unlike things.
    private double[]? RobustF1(PlanStage stage, IReadOnlyList<CommandTable> plans)
    {
        PlanRun run = stage.Run;
        var robust = new double?[plans.Count];
        run.ForEach(plans, (plan, i) =>
        {
            if (run.IsOver)
                return;
            run.Report($"doubts {i + 1}/{plans.Count}");
            robust[i] = options.Doubts.Average(d => F1On(stage, d, plan));
        });
        return robust.All(r => r is not null) ? [.. robust.Select(r => r!.Value)] : null;
    }

    private static double F1On(PlanStage stage, SimParameters doubt, CommandTable commands)
    {
        using var rig = new PerturbedRig(stage.Scene, doubt);
        var trace = new RolloutTrace(commands.Steps, stage.Scene.Joints.Count);
        stage.Perform(rig, commands, trace);
        return trace.Score(stage.Truth).F1;
    }
}
