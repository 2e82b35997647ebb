using Legato.Policy.Planning;
using Legato.Runtime.Experiments;
using Legato.Sim.Scene;

namespace Legato.Runtime.Benchmarks;

/// <summary>Planning time per song, with the F1 that it buys.</summary>
public sealed class PlanningBenchmark(IReadOnlyList<PlayableSong> songs) : IBenchmark
{
    /// <inheritdoc/>
    public string Name => "planning";

    /// <inheritdoc/>
    public IEnumerable<BenchmarkResult> Run(CancellationToken cancellation)
    {
        using PianoScene scene = PianoScene.Build(new SceneOptions());
        foreach (PlayableSong song in songs)
        {
            SongPlan plan = new SongPlanner(scene, new PlannerOptions()).Plan(song.Name, song.Trajectory, null, cancellation);
            double music = song.Trajectory.Count * SceneOptions.ControlPeriod;
            yield return new BenchmarkResult($"plan_{song.Name}", plan.Seconds, "s", music, "length of the music", plan.Seconds / music,
                FormattableString.Invariant($"F1 {plan.Score.F1:0.000}, onset F1 {plan.Score.OnsetF1:0.000}, {plan.EnvSteps} environment steps, {Environment.ProcessorCount} cores"));
        }
    }
}
