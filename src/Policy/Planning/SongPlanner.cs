using System.Diagnostics;

using Legato.Music;
using Legato.Policy.Feedforward;
using Legato.Policy.Fingering;
using Legato.Policy.Kinematics;
using Legato.Policy.Robustness;
using Legato.Sim.Parameters;
using Legato.Sim.Scene;

namespace Legato.Policy.Planning;

/// <summary>
/// Plans a song without learning a network: fingering, carriage, inverse kinematics, feedforward, then iterative learning in the simulator.
/// </summary>
/// <remarks>
/// A portfolio of fingerings starts; after a few rehearsals the better half goes on; of what it plays best, the targets win that
/// also play well when gains and springs are a little off. Deterministic: the same scene, song and options give the same bits on
/// any number of threads, unless the time budget cuts in. The scene's parameters are those that the plan is for.
/// </remarks>
public sealed class SongPlanner(PianoScene scene, PlannerOptions options)
{
    private readonly Lock _sync = new();

    /// <summary>Plans.</summary>
    /// <param name="name">Name of the song.</param>
    /// <param name="trajectory">What to play.</param>
    /// <param name="progress">Called from any thread.</param>
    /// <param name="cancellation">Stops with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="ArgumentException">An option is out of range, or the trajectory's steps are not control steps.</exception>
    public SongPlan Plan(string name, NoteTrajectory trajectory, IProgress<PlanProgress>? progress = null, CancellationToken cancellation = default)
    {
        Check(trajectory);
        var run = new Run(options, progress, cancellation);
        run.Report("posture and actuator responses", null);
        using PianoScene free = scene.WithContacts(ContactSet.None);
        PlanCandidate[] candidates = Candidates(trajectory, free);
        try
        {
            run.ForEach(candidates, c =>
            {
                c.Prepare(cancellation);
                Rehearse(run, c, Math.Min(options.Auditions, options.ContactRollouts));
            });
            PlanCandidate[] survivors = [.. candidates.OrderByDescending(c => c.Best[0].Merit).Take((candidates.Length + 1) / 2)];
            run.ForEach(survivors, c => Rehearse(run, c, options.ContactRollouts));
            (PlanCandidate winner, Rehearsal plan, double robust) = Choose(run, survivors);
            return new SongPlan
            {
                Song = name,
                Commands = plan.Commands,
                Pedal = [.. Enumerable.Repeat(0.0, options.LeadIn), .. trajectory.Sustain.Select(s => (double)s)],
                LeadIn = options.LeadIn,
                Score = plan.Score,
                RobustF1 = robust,
                Fingering = winner.Fingering,
                Strategy = winner.Strategy,
                Seconds = run.Elapsed,
                EnvSteps = candidates.Sum(c => c.EnvSteps),
            };
        }
        finally
        {
            foreach (PlanCandidate candidate in candidates)
                candidate.Dispose();
        }
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
    private PlanCandidate[] Candidates(NoteTrajectory trajectory, PianoScene free)
    {
        PlayingPosture posture;
        using (var kinematics = new HandKinematics(scene))
            posture = PlayingPosture.Measure(kinematics, options.Style, options.Posture);
        var inverse = new NormOptimalInverse(StepResponses.Identify(free, posture.Pose), scene.Actuators.Count, options.LeadIn + trajectory.Count, options.Roughness);
        var stage = new PlanStage(scene, free, posture, inverse, trajectory.ToKeyRoll(), options);
        IReadOnlyList<KeyPress> presses = KeyPress.Of(trajectory);
        return [.. options.Fingerings
            .Select(strategy => (strategy.Name, Plan: strategy.Assign(presses, posture.Span)))
            .DistinctBy(f => string.Join(',', f.Plan.Presses.Select(p => $"{p.Press.Start}:{p.Press.Key}:{p.Finger}")))
            .Select(f => new PlanCandidate(stage, f.Name, f.Plan))];
    }

    private void Rehearse(Run run, PlanCandidate candidate, int until)
    {
        while (candidate.Rehearsals < until && candidate.Best is not [{ Merit: 2 }, ..])
        {
            if (candidate.Rehearsals > 0 && run.IsOver)
                return;
            candidate.Rehearse();
            lock (_sync)
                run.Report($"{candidate.Strategy}: rehearsal {candidate.Rehearsals}/{options.ContactRollouts}", candidate.Best[0].Score.F1);
        }
    }

    // Half of the verdict is the scene as it is, half the doubts about it.
    private (PlanCandidate Candidate, Rehearsal Plan, double RobustF1) Choose(Run run, PlanCandidate[] survivors)
    {
        var verdicts = new (PlanCandidate Candidate, Rehearsal Plan, double RobustF1)[survivors.Length][];
        run.ForEach(survivors, c =>
        {
            verdicts[Array.IndexOf(survivors, c)] = [.. c.Best.Select(plan => (c, plan, run.IsOver ? 0 : options.Doubts.Average(d => F1On(d, c, plan))))];
            lock (_sync)
                run.Report($"{c.Strategy}: doubts", null);
        });
        return verdicts.SelectMany(v => v).MaxBy(v => (v.Plan.Score.F1 + v.RobustF1, v.Plan.Score.OnsetF1));
    }

    private double F1On(SimParameters parameters, PlanCandidate candidate, Rehearsal plan)
    {
        using var rig = new PerturbedRig(scene, parameters);
        return candidate.F1On(rig, plan.Commands);
    }

    /// <summary>Clock, threads and messages of one call.</summary>
    private sealed class Run(PlannerOptions options, IProgress<PlanProgress>? progress, CancellationToken cancellation)
    {
        private readonly long _start = Stopwatch.GetTimestamp();
        private double? _best;

        public double Elapsed => Stopwatch.GetElapsedTime(_start).TotalSeconds;

        public bool IsOver => Elapsed > options.Seconds;

        public void ForEach(PlanCandidate[] candidates, Action<PlanCandidate> work) =>
            Parallel.ForEach(candidates, new ParallelOptions { MaxDegreeOfParallelism = options.Threads, CancellationToken = cancellation }, work);

        public void Report(string activity, double? f1)
        {
            cancellation.ThrowIfCancellationRequested();
            if (f1 is { } value)
                _best = Math.Max(_best ?? 0, value);
            progress?.Report(new PlanProgress(Elapsed, activity, _best));
        }
    }
}
