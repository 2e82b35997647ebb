using System.Diagnostics;

using Legato.Music;
using Legato.Policy.Feedforward;
using Legato.Policy.Fingering;
using Legato.Policy.Kinematics;
using Legato.Policy.Refinement;
using Legato.Sim.Piano;
using Legato.Sim.Scene;
using Legato.Sim.World;

namespace Legato.Policy.Planning;

/// <summary>
/// Plans a song without learning a network: fingering, carriage, inverse kinematics, feedforward, then iterative learning in the simulator.
/// </summary>
/// <remarks>
/// Deterministic: the same scene, song and options give the same bits on any number of threads, unless the time budget cuts in.
/// The scene's parameters are those that the plan is for.
/// </remarks>
public sealed class SongPlanner(PianoScene scene, PlannerOptions options)
{
    private readonly Lock _sync = new();
    private long _envSteps;

    /// <summary>Plans.</summary>
    /// <param name="name">Name of the song.</param>
    /// <param name="trajectory">What to play.</param>
    /// <param name="progress">Called from any thread.</param>
    /// <param name="cancellation">Stops with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="ArgumentException">An option is out of range, or the trajectory's steps are not control steps.</exception>
    public SongPlan Plan(string name, NoteTrajectory trajectory, IProgress<PlanProgress>? progress = null, CancellationToken cancellation = default)
    {
        Check(trajectory);
        long start = Stopwatch.GetTimestamp();
        double Elapsed() => Stopwatch.GetElapsedTime(start).TotalSeconds;
        _envSteps = 0;
        progress?.Report(new PlanProgress(0, "posture and actuator responses", null));
        using PianoScene free = scene.WithContacts(ContactSet.None);
        PlayingPosture posture;
        using (var kinematics = new HandKinematics(scene))
            posture = PlayingPosture.Measure(kinematics, options.Style, options.Posture);
        int steps = options.LeadIn + trajectory.Count;
        var inverse = new NormOptimalInverse(StepResponses.Identify(free, posture.Pose), scene.Actuators.Count, steps, options.Roughness);
        IReadOnlyList<KeyPress> presses = KeyPress.Of(trajectory);
        KeyRoll truth = trajectory.ToKeyRoll();

        Candidate[] candidates = [.. Fingerings(presses, posture.Span)];
        double best = -1;
        Parallel.For(0, candidates.Length, new ParallelOptions { MaxDegreeOfParallelism = options.Threads, CancellationToken = cancellation }, i =>
        {
            Candidate candidate = candidates[i];
            foreach (string activity in Learn(candidate, free, posture, inverse, truth))
            {
                cancellation.ThrowIfCancellationRequested();
                lock (_sync)
                {
                    best = Math.Max(best, candidate.Score?.F1 ?? -1);
                    progress?.Report(new PlanProgress(Elapsed(), $"{candidate.Strategy}: {activity}", best < 0 ? null : best));
                }
                if (Elapsed() > options.Seconds && candidate.Score is not null)
                    break;
            }
        });

        Candidate winner = candidates.MaxBy(c => (c.Score!.F1, c.Score.OnsetF1, -Array.IndexOf(candidates, c)))!;
        return new SongPlan
        {
            Song = name,
            Commands = winner.Best!,
            Pedal = [.. Enumerable.Repeat(0.0, options.LeadIn), .. trajectory.Sustain.Select(s => (double)s)],
            LeadIn = options.LeadIn,
            Score = winner.Score!,
            Fingering = winner.Fingering,
            Strategy = winner.Strategy,
            Seconds = Elapsed(),
            EnvSteps = _envSteps,
        };
    }

    private void Check(NoteTrajectory trajectory)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(options.LeadIn);
        ArgumentOutOfRangeException.ThrowIfNegative(options.FreeRollouts);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.ContactRollouts, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Threads, 1);
        ArgumentOutOfRangeException.ThrowIfZero(options.Fingerings.Count);
        ArgumentOutOfRangeException.ThrowIfNotEqual(trajectory.TimeStep, SceneOptions.ControlPeriod);
    }

    // Strategies that agree are tried once.
    private IEnumerable<Candidate> Fingerings(IReadOnlyList<KeyPress> presses, HandSpan span)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (IFingeringStrategy strategy in options.Fingerings)
        {
            FingeringPlan plan = strategy.Assign(presses, span);
            if (seen.Add(string.Join(',', plan.Presses.Select(p => $"{p.Press.Start}:{p.Press.Key}:{p.Finger}"))))
                yield return new Candidate(strategy.Name, plan);
        }
    }

    // Each yield is a point at which the caller may stop; the candidate then holds its best so far.
    private IEnumerable<string> Learn(Candidate candidate, PianoScene free, PlayingPosture posture, NormOptimalInverse inverse, KeyRoll truth)
    {
        using var kinematics = new HandKinematics(scene);
        MotionReference reference = ReferenceBuilder.Build(kinematics, posture, candidate.Fingering, options.LeadIn, truth.Count, options.Style, options.Kinematics);
        var learner = new IterativeLearning(kinematics, inverse, reference.Poses, reference.Tips);
        var commands = new CommandTable(scene.Actuators, reference.Poses.Steps);
        var trace = new RolloutTrace(commands.Steps, scene.Joints.Count);
        using (var world = new PianoWorld(free))
        {
            for (int i = 0; i <= options.FreeRollouts; i++)
            {
                Record(trace, world, commands);
                learner.Update(commands, trace, i == 0 ? 1 : 0.8, fromTips: false);
                yield return $"joint tracking {i + 1}/{options.FreeRollouts + 1}";
            }
        }
        AddForce(commands, reference.Force);
        using var piano = new PianoWorld(scene);
        for (int i = 0; i < options.ContactRollouts; i++)
        {
            Record(trace, piano, commands);
            candidate.Offer(commands, PerformanceScore.OfRolls(truth, Played(trace, truth)));
            if (candidate.Score is { F1: 1 })
                yield break;
            learner.Update(commands, trace, options.ContactGain, fromTips: true);
            yield return $"playing {i + 1}/{options.ContactRollouts}";
        }
    }

    private void Record(RolloutTrace trace, PianoWorld world, CommandTable commands)
    {
        trace.Record(world, commands);
        Interlocked.Add(ref _envSteps, commands.Steps);
    }

    private void AddForce(CommandTable commands, CommandTable force)
    {
        for (int t = 0; t < commands.Steps; t++)
        {
            for (int a = 0; a < scene.Actuators.Count; a++)
                commands[t][a] = Math.Clamp(commands[t][a] + force[t][a], scene.ControlLow[a], scene.ControlHigh[a]);
        }
    }

    // The pedal has no physics: it is where the plan puts it.
    private KeyRoll Played(RolloutTrace trace, KeyRoll truth) =>
        KeyRoll.Create(SceneOptions.ControlPeriod, Enumerable.Range(options.LeadIn, truth.Count).Select(t => Down(trace, t)), truth.Sustain.ToArray());

    private static IEnumerable<int> Down(RolloutTrace trace, int step)
    {
        for (int k = 0; k < PianoGeometry.KeyCount; k++)
        {
            if (trace.Keys(step)[k])
                yield return k;
        }
    }

    private sealed class Candidate(string strategy, FingeringPlan fingering)
    {
        public string Strategy { get; } = strategy;

        public FingeringPlan Fingering { get; } = fingering;

        public CommandTable? Best { get; private set; }

        public PerformanceScore? Score { get; private set; }

        // Learning with contacts is not monotone, so the best is kept.
        public void Offer(CommandTable commands, PerformanceScore score)
        {
            if (Score is null || score.F1 > Score.F1 || (score.F1 == Score.F1 && score.OnsetF1 > Score.OnsetF1))
                (Best, Score) = (commands.Clone(), score);
        }
    }
}
