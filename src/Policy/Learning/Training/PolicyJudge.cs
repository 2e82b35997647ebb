using Legato.Music;
using Legato.Policy.Bundles;
using Legato.Policy.Feedback;
using Legato.Policy.Networks;
using Legato.Policy.Planning;
using Legato.Policy.Refinement;
using Legato.Sim.Drives;
using Legato.Sim.Scene;
using Legato.Sim.Tasks;
using Legato.Sim.Tasks.Rigs;

namespace Legato.Policy.Learning.Training;

/// <summary>How a bundle played on rigs, a figure per rig in their order.</summary>
/// <param name="F1">RoboPianist's.</param>
/// <param name="OnsetF1">Within ±50 ms, on the grid of control steps.</param>
/// <param name="Diverged">Simulations that broke down; nothing is heard from then on.</param>
public sealed record Judgement(IReadOnlyList<double> F1, IReadOnlyList<double> OnsetF1, int Diverged);

/// <summary>Told while bundles are judged.</summary>
/// <param name="Steps">Control steps played, of all rigs together.</param>
/// <param name="AllSteps">Control steps to play.</param>
public readonly record struct JudgingProgress(long Steps, long AllSteps);

/// <summary>Judges bundles as they are deployed, evaluated without libtorch, on simulated rigs.</summary>
/// <remarks>The rigs are the same for every bundle, so that bundles are compared rig by rig. The same bits for any number of threads. One call at a time.</remarks>
/// <param name="scene">The hands that the bundles are for; it stays the caller's.</param>
/// <param name="song">What they play.</param>
/// <param name="rigs">On what.</param>
/// <param name="threads">Threads that step the rigs.</param>
public sealed class PolicyJudge(PianoScene scene, NoteTrajectory song, RigSet rigs, int threads)
{
    // As many rigs are in memory at a time.
    private const int Together = 16;

    /// <summary>Plays a bundle once on every rig.</summary>
    /// <param name="bundle">The bundle.</param>
    /// <param name="progress">Told after every control step, or after every rig where the bundle is corrected by what is heard; may be null.</param>
    /// <param name="stop">Breaks off.</param>
    /// <exception cref="InputException">The bundle is of another song, robot or rate, or its network does not fit.</exception>
    /// <exception cref="OperationCanceledException">Stopped.</exception>
    public Judgement Judge(PolicyBundle bundle, IProgress<JudgingProgress>? progress = null, CancellationToken stop = default)
    {
        bundle.RequireFits(scene.Actuators, 1 / SceneOptions.ControlPeriod, song);
        if (bundle.Manifest.Feedback)
            return JudgeCorrected(bundle.ToPlan(), progress, stop);
        PianoTask task = SongTask.Of(bundle, scene, song);
        PolicyAction act = ActionOf(bundle);
        using var bare = PianoScene.Build(scene.Options);
        var scores = new List<PerformanceScore>();
        int diverged = 0;
        for (int first = 0; first < rigs.Count; first += Together)
        {
            int count = Math.Min(Together, rigs.Count - first), done = first;
            using RigPool pool = RigPool.Draw(bare, rigs, first, count);
            using var trial = new PolicyTrial(task, pool, threads);
            TrialResult result = trial.Run(act, t => progress?.Report(new JudgingProgress(((long)done * task.Song.Steps) + ((t + 1L) * count), (long)rigs.Count * task.Song.Steps)), stop);
            scores.AddRange(result.Scores);
            diverged += result.Rigs.Count(r => r.Diverged);
        }
        return new Judgement([.. scores.Select(s => s.F1)], [.. scores.Select(s => s.OnsetF1)], diverged);
    }

    private Judgement JudgeCorrected(SongPlan plan, IProgress<JudgingProgress>? progress, CancellationToken stop)
    {
        using var bare = PianoScene.Build(scene.Options);
        KeyRoll truth = song.ToKeyRoll();
        var model = FeedbackModel.Of(scene, plan);
        var scores = new PerformanceScore[rigs.Count];
        long played = 0;
        int diverged = 0;
        Parallel.For(0, rigs.Count, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = stop }, r =>
        {
            using RigPool pool = RigPool.Draw(bare, rigs, r, 1);
            using var world = new DrivenWorld(pool.Rigs[0].Scene);
            var trace = new RolloutTrace(plan.Commands.Steps, scene.Joints.Count);
            trace.Record(world, plan.ToPlayer(scene.Fingers, model));
            scores[r] = trace.Score(truth);
            lock (scores)
            {
                diverged += world.World.Data.Diverged ? 1 : 0;
                played += plan.Commands.Steps;
                progress?.Report(new JudgingProgress(played, (long)rigs.Count * plan.Commands.Steps));
            }
        });
        return new Judgement([.. scores.Select(s => s.F1)], [.. scores.Select(s => s.OnsetF1)], diverged);
    }

    private static PolicyAction ActionOf(PolicyBundle bundle)
    {
        if (bundle.Network is null)
            return (_, actions) => actions.Clear();
        FeedForwardNetwork network = bundle.Network.Build($"policy for '{bundle.Manifest.Song}'");
        return (observations, actions) =>
        {
            for (int row = 0; row * network.Outputs < actions.Length; row++)
                network.Evaluate(observations.Slice(row * network.Inputs, network.Inputs), actions.Slice(row * network.Outputs, network.Outputs));
        };
    }
}
