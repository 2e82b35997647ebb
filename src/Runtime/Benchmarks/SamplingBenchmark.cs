using Legato.Policy;
using Legato.Policy.Kinematics;
using Legato.Policy.Planning;
using Legato.Policy.Refinement;
using Legato.Runtime.Experiments;
using Legato.Sim;
using Legato.Sim.Scene;

using MuJoCo;

namespace Legato.Runtime.Benchmarks;

/// <summary>Environment steps per second of the planner while it samples, all bookkeeping included, against raw <c>mj_step</c> on all cores.</summary>
public sealed class SamplingBenchmark(PlayableSong song) : IBenchmark
{
    private const int Rounds = 3;

    // About what a song with a few faults takes: with less, the first play of the song, which is one thread's work, weighs more than it does in a plan.
    private const int EnvSteps = 12000;

    // Makes the raw steps take as long as the others, or a machine's good or bad second would decide.
    private const int RawPlays = 16;

    // Both hands this far beside their keys make faults from the first note to the last, m.
    private const double Aside = 0.012;

    /// <inheritdoc/>
    public string Name => "sampling";

    /// <inheritdoc/>
    public IEnumerable<BenchmarkResult> Run(CancellationToken cancellation)
    {
        int cores = Environment.ProcessorCount;
        using PianoScene scene = PianoScene.Build(new SceneOptions());
        var options = new PlannerOptions { Sampling = null, ContactRollouts = 2 };
        SongPlan plan = new SongPlanner(scene, options).Plan(song.Name, song.Trajectory, null, cancellation);
        using var kinematics = new HandKinematics(scene);
        var tips = new TipReference(scene, plan.Fingering, plan.LeadIn, song.Trajectory.Count, kinematics.TipRadius, options.Style);
        var refiner = new SamplingRefiner([scene], kinematics, tips, song.Trajectory.ToKeyRoll(), plan.LeadIn, new SamplingOptions { EnvSteps = EnvSteps }, seed: 1, cores);
        CommandTable spoilt = Spoil(plan.Commands, scene);
        MjData[] data = [.. Enumerable.Range(0, cores).Select(_ => new MjData(scene.Model))];
        try
        {
            long sampled = 0;
            long raw = (long)RawPlays * cores * spoilt.Steps;
            (double a, double b, double ratio) = Stopwatches.Paired(Rounds, Sample, () => Parallel.ForEach(data, StepRaw));
            yield return new BenchmarkResult("sampling_stepping", sampled / a, "environment steps/s", raw / b, "raw mj_step of the same commands on all cores", ratio * sampled / raw,
                FormattableString.Invariant($"{cores} threads, {sampled} environment steps a round"));

            void StepRaw(MjData d)
            {
                for (int play = 0; play < RawPlays; play++)
                    SteppingBenchmark.StepRaw(d, spoilt, spoilt.Steps, scene.Options.Substeps);
            }

            void Sample() => sampled = refiner.Refine(spoilt, cancellation: cancellation).EnvSteps;
        }
        finally
        {
            foreach (MjData d in data)
                d.Dispose();
        }
    }

    private static CommandTable Spoil(CommandTable commands, PianoScene scene)
    {
        CommandTable spoilt = commands.Clone();
        foreach (HandSide side in (HandSide[])[HandSide.Right, HandSide.Left])
        {
            int carriage = scene.Actuators.Require(side.Prefix() + "forearm_tx");
            for (int t = 0; t < spoilt.Steps; t++)
                spoilt[t][carriage] += Aside;
        }
        return spoilt;
    }
}
