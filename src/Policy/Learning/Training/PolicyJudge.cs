using Legato.Music;
using Legato.Policy.Bundles;
using Legato.Policy.Networks;
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
    /// <param name="progress">Told after every control step; may be null.</param>
    /// <param name="stop">Breaks off.</param>
    /// <exception cref="InputException">The bundle is of another song, robot or rate, or its network does not fit.</exception>
    /// <exception cref="OperationCanceledException">Stopped.</exception>
    public Judgement Judge(PolicyBundle bundle, IProgress<JudgingProgress>? progress = null, CancellationToken stop = default)
    {
        bundle.RequireFits(scene.Actuators, 1 / SceneOptions.ControlPeriod, song);
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
