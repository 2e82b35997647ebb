using Legato.Policy;
using Legato.Policy.Bundles;
using Legato.Policy.Planning;
using Legato.Sim.Scene;
using Legato.Sim.World;

using MuJoCo;

namespace Legato.Runtime.Benchmarks;

/// <summary>Environment stepping against raw <c>mj_step</c> of the same model and commands, on one thread and on two.</summary>
public sealed class SteppingBenchmark(PolicyBundle bundle) : IBenchmark
{
    private const int Rounds = 9;
    private readonly int _steps = Math.Min(bundle.Commands.Steps, 120);

    /// <inheritdoc/>
    public string Name => "stepping";

    /// <inheritdoc/>
    public IEnumerable<BenchmarkResult> Run(CancellationToken cancellation)
    {
        using PianoScene scene = PianoScene.Build(new SceneOptions());
        using var world = new PianoWorld(scene);
        using var data = new MjData(scene.Model);
        double physicsSteps = _steps * scene.Options.Substeps;
        (double environment, double raw, double ratio) = Stopwatches.Paired(Rounds, () => StepWorld(world), () => StepRaw(data, bundle.Commands, _steps, scene.Options.Substeps));
        yield return new BenchmarkResult("environment_stepping", physicsSteps / environment, "physics steps/s", physicsSteps / raw, "raw mj_step", ratio);
        cancellation.ThrowIfCancellationRequested();

        using var second = new PianoWorld(scene);
        (double two, double one, double speedUp) = Stopwatches.Paired(Rounds, () => Parallel.Invoke(() => StepWorld(world), () => StepWorld(second)), () => StepWorld(world));
        yield return new BenchmarkResult("two_threads", 2 * physicsSteps / two, "physics steps/s", physicsSteps / one, "one thread", 2 * speedUp);
    }

    private void StepWorld(PianoWorld world)
    {
        world.Reset();
        for (int t = 0; t < _steps; t++)
        {
            world.SetTargets(bundle.Commands[t]);
            world.StepControl();
        }
    }

    /// <summary>Plays commands with nothing but <c>mj_step</c>.</summary>
    internal static void StepRaw(MjData data, CommandTable commands, int steps, int substeps)
    {
        data.Reset();
        data.Forward();
        for (int t = 0; t < steps; t++)
        {
            commands[t].CopyTo(data.Ctrl);
            for (int s = 0; s < substeps; s++)
                data.Step();
        }
    }
}
