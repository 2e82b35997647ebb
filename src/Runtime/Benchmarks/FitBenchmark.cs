using Legato.Music;
using Legato.Policy.Bundles;
using Legato.Sim.Drives;
using Legato.Sim.Parameters;
using Legato.Sim.Piano;
using Legato.Sim.Scene;
using Legato.SystemId.Keys;
using Legato.SystemId.Rollouts;

using MuJoCo;

namespace Legato.Runtime.Benchmarks;

/// <summary>Roll-outs of a fit to key events, one per rig and segment of multiple shooting and building each rig included, against raw <c>mj_step</c> on all cores.</summary>
public sealed class FitBenchmark(PolicyBundle bundle) : IBenchmark
{
    private const int Rounds = 5;

    // As many as a fit changes at once.
    private const int Rigs = 12;

    /// <inheritdoc/>
    public string Name => "fit";

    /// <inheritdoc/>
    public IEnumerable<BenchmarkResult> Run(CancellationToken cancellation)
    {
        int cores = Environment.ProcessorCount;
        using PianoScene scene = PianoScene.Build(new SceneOptions());
        KeyRecord record = Record(scene);
        var replay = new KeyReplay(scene, record);
        SimParameters[] rigs = [.. Enumerable.Range(1, Rigs).Select(seed => ParameterDoubts.Draw(seed, 0.05))];
        double seconds = replay.Segments.Sum(s => record.Motion.MeasuredTimes[s.Last] - s.Start);
        long steps = (long)(rigs.Length * seconds / scene.Model.Timestep), perCore = steps / cores / scene.Options.Substeps;
        MjData[] data = [.. Enumerable.Range(0, cores).Select(_ => new MjData(scene.Model))];
        try
        {
            (double fit, double raw, double ratio) = Stopwatches.Paired(Rounds, () => replay.Predict(rigs), () => Parallel.ForEach(data, StepRaw));
            int rollouts = rigs.Length * replay.Segments.Count;
            yield return new BenchmarkResult("fit_rollouts", rollouts / fit, "roll-outs/s", Note: FormattableString.Invariant($"of {seconds / replay.Segments.Count:0.0} s each on {cores} threads"));
            yield return new BenchmarkResult("fit_stepping", steps / fit, "physics steps/s", steps / raw, "raw mj_step of the same commands on all cores", ratio);
        }
        finally
        {
            foreach (MjData d in data)
                d.Dispose();
        }

        void StepRaw(MjData own)
        {
            for (long left = perCore; left > 0; left -= bundle.Commands.Steps)
                SteppingBenchmark.StepRaw(own, bundle.Commands, (int)Math.Min(left, bundle.Commands.Steps), scene.Options.Substeps);
        }
    }

    // What the rig itself would have reported.
    private KeyRecord Record(PianoScene scene)
    {
        using var world = new DrivenWorld(scene);
        world.Reset();
        int steps = bundle.Commands.Steps;
        double[] times = [.. Enumerable.Range(1, steps).Select(t => t * SceneOptions.ControlPeriod)];
        double[][] targets = [.. Enumerable.Range(0, steps).Select(t => bundle.Commands[t].ToArray())], measured = [.. times.Select(_ => new double[scene.Joints.Count])];
        var events = new List<TimedKeyEvent>();
        var down = new bool[PianoGeometry.KeyCount];
        for (int t = 0; t < steps; t++)
        {
            world.StepControl(targets[t]);
            world.World.ReadJoints(measured[t], []);
            for (int key = 0; key < down.Length; key++)
            {
                if (world.World.KeysDown[key] != down[key])
                    events.Add(new TimedKeyEvent(times[t], key, down[key] = !down[key]));
            }
        }
        return new KeyRecord(new MotionRecord(scene.Actuators, [.. times.Select(t => t - SceneOptions.ControlPeriod)], targets, scene.Joints, times, measured), events);
    }
}
