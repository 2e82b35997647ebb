using Legato.Policy.Bundles;
using Legato.Policy.Learning;
using Legato.Policy.Learning.Training;
using Legato.Runtime.Experiments;
using Legato.Sim.Parameters;
using Legato.Sim.Scene;
using Legato.Sim.Tasks;
using Legato.Sim.Tasks.Batches;
using Legato.Sim.Tasks.Rigs;

using MuJoCo;

namespace Legato.Runtime.Benchmarks;

/// <summary>Environment steps per second of a whole training, on rigs and with settings as <c>train</c> has them, against raw <c>mj_step</c> of the plan on all cores; and where the time goes.</summary>
/// <param name="song">What is trained.</param>
/// <param name="plan">The plan that is corrected.</param>
/// <param name="options">Who learns, and how.</param>
/// <param name="updates">Updates that are measured, 1 or more.</param>
public sealed class TrainingBenchmark(PlayableSong song, PolicyBundle plan, TrainOptions options, int updates = 3) : IBenchmark
{
    /// <inheritdoc/>
    public string Name => "training";

    /// <inheritdoc/>
    public IEnumerable<BenchmarkResult> Run(CancellationToken cancellation)
    {
        int cores = Environment.ProcessorCount;
        using PianoScene scene = PianoScene.Build(new SceneOptions());
        PianoTask task = SongTask.Create(options.Task, scene, song.Trajectory, plan.ToPlan());
        using var rigs = RigPool.Draw(scene, new RigSet(new RandomRigs(options.Severity, SimParameters.Nominal), options.Rigs, options.Seed));
        using var batch = new BatchedTask(task, rigs, new BatchOptions { Slots = options.Slots, Seed = (ulong)options.Seed });
        using ILearner learner = TrainSession.NewLearner(options, batch);
        MjData[] data = [.. Enumerable.Range(0, cores).Select(_ => new MjData(scene.Model))];
        try
        {
            // Simulations are made when first needed.
            learner.Advance();
            var times = new UpdateTimes(0, 0, 0, 0);
            int plays = Math.Max(1, learner.StepsPerUpdate / (cores * plan.Commands.Steps)), raw = plays * cores * plan.Commands.Steps;
            (double a, double b, double ratio) = Stopwatches.Paired(updates, Advance, () => Parallel.ForEach(data, StepRaw));
            string name = $"training_{learner.Name}";
            yield return new BenchmarkResult(name, learner.StepsPerUpdate / a, "environment steps/s", raw / b, "raw mj_step of the plan on all cores", ratio * learner.StepsPerUpdate / raw,
                FormattableString.Invariant($"{options.Slots} environments on {options.Rigs} rigs, {cores} cores, {updates} updates of {learner.StepsPerUpdate} steps; {batch.ObservationSize} observed, {batch.ActionSize} done"));
            yield return Share("physics", times.Physics, "rewards and observations included");
            yield return Share("inference", times.Inference, null);
            yield return Share("learning", times.Learning, null);
            yield return Share("rest", times.Rest, null);

            void Advance()
            {
                cancellation.ThrowIfCancellationRequested();
                times += learner.Advance().Times;
            }

            void StepRaw(MjData d)
            {
                for (int play = 0; play < plays; play++)
                    SteppingBenchmark.StepRaw(d, plan.Commands, plan.Commands.Steps, scene.Options.Substeps);
            }

            BenchmarkResult Share(string phase, double seconds, string? note) => new($"{name}_{phase}", 100 * seconds / times.Total, "% of the time", Note: note);
        }
        finally
        {
            foreach (MjData d in data)
                d.Dispose();
        }
    }
}
