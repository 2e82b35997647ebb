using Legato.Runtime.Safety;
using Legato.Sim.Limits;
using Legato.Sim.Parameters;
using Legato.Sim.Scene;
using Legato.SystemId.Excitation;
using Legato.SystemId.Parameters;

namespace Legato.Runtime.Calibration;

/// <summary>Plans excitation: makes candidates, rehearses them, asks what they tell, chooses.</summary>
/// <remarks>Deterministic. Uses all cores for the information; one plan at a time.</remarks>
/// <param name="options">The scene of the robot.</param>
/// <param name="parameters">The rig as far as it is known.</param>
/// <param name="limits">The robot's guard.</param>
/// <param name="progress">Told what is being done; may be null.</param>
public sealed class ExcitationPlanner(SceneOptions options, SimParameters parameters, MotionLimits limits, IProgress<string>? progress)
{
    // Random motions to compare with; their information is taken per second.
    private const int RandomMotions = 3;

    // Random motions that may be refused for each that is safe.
    private const int MostUnsafe = 10;

    /// <summary>Ranges and speeds of the guard, for motions.</summary>
    public static ExcitationLimits LimitsOf(MotionLimits limits) => new(limits.Layout, limits.Lower, limits.Upper, limits.Velocity, limits.Acceleration);

    /// <summary>Plans.</summary>
    /// <param name="unknowns">Parameters to learn about.</param>
    /// <param name="seconds">Time for the motions.</param>
    /// <param name="passages">More candidates, cut from songs.</param>
    /// <param name="seed">Seed of the random motions to compare with.</param>
    /// <param name="stop">Stops planning.</param>
    /// <exception cref="InputException">No candidate is safe, short enough and tells anything.</exception>
    public ExcitationPlan Plan(ParameterVector unknowns, double seconds, IReadOnlyList<ExcitationBlock> passages, int seed, CancellationToken stop)
    {
        ExcitationLimits motion = LimitsOf(limits);
        using PianoScene scene = PianoScene.Build(options);
        var free = new FreeMotions(motion);
        ExcitationBlock[] candidates = [.. free.Create(), .. Taps(scene, motion), .. passages];
        (ExcitationBlock[] safe, ExcitationBlock[] random) = Rehearse(scene, motion, candidates, [.. Enumerable.Range(0, RandomMotions).Select(i => free.Random(seed + i))], stop);

        progress?.Report($"{safe.Length} of {candidates.Length} motions are safe; computing what they tell of {unknowns.Count} parameters");
        var source = new BlockInformation(scene, parameters, unknowns, new InformationOptions());
        IReadOnlyList<double[,]> information = source.Of([.. safe, .. random], new PerTenth(progress, unknowns.Count), stop);

        IReadOnlyList<int> chosen = ExcitationDesign.Choose([.. information.Take(safe.Length)], [.. safe.Select(b => b.Seconds)], seconds);
        if (chosen.Count == 0)
            throw new InputException(FormattableString.Invariant($"no safe motion within {seconds} s tells anything of these parameters; allow more time, or choose others with --parameters"));
        (Posterior planned, Posterior beside) = (new Posterior(unknowns.Count), new Posterior(unknowns.Count));
        foreach (int b in chosen)
            planned.Add(information[b]);
        double length = chosen.Sum(b => safe[b].Seconds), share = length / random.Sum(b => b.Seconds);
        foreach (double[,] one in information.Skip(safe.Length))
            beside.Add(one, share);
        return ExcitationPlan.Of([.. chosen.Select(b => safe[b])], ExcitationDesign.Predict(unknowns, planned, beside));
    }

    /// <summary>Random motions in free air, without asking what they tell: to judge fits that have not seen them.</summary>
    /// <param name="seconds">Motions are added until they take as long.</param>
    /// <param name="seed">Seed of the first; every further one has the next.</param>
    /// <param name="stop">Stops.</param>
    /// <exception cref="InputException">No random motion is safe.</exception>
    public ExcitationPlan Random(double seconds, int seed, CancellationToken stop)
    {
        ExcitationLimits motion = LimitsOf(limits);
        using PianoScene scene = PianoScene.Build(options);
        using var rehearsal = new BlockRehearsal(scene, parameters, motion);
        var free = new FreeMotions(motion);
        var safe = new List<ExcitationBlock>();
        for (int i = 0; safe.Sum(b => b.Seconds) < seconds; i++)
        {
            stop.ThrowIfCancellationRequested();
            if (i > MostUnsafe * (safe.Count + 1))
                throw new InputException("no random motion is safe on this robot; see to its limits");
            if (rehearsal.MakeSafe(free.Random(seed + i)) is { } block && Passes(new Guard(limits), block))
                safe.Add(block);
        }
        return ExcitationPlan.Of(safe, []);
    }

    private IReadOnlyList<ExcitationBlock> Taps(PianoScene scene, ExcitationLimits motion)
    {
        progress?.Report("looking for keys in reach");
        using PianoScene known = scene.With(parameters);
        using var taps = new TapMotions(known, motion);
        return taps.Create();
    }

    private (ExcitationBlock[] Safe, ExcitationBlock[] Random) Rehearse(PianoScene scene, ExcitationLimits motion, ExcitationBlock[] candidates, ExcitationBlock[] random, CancellationToken stop)
    {
        progress?.Report($"rehearsing {candidates.Length} motions");
        var safe = new ExcitationBlock?[candidates.Length + random.Length];
        ExcitationBlock[] all = [.. candidates, .. random];
        Parallel.For(0, all.Length, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = stop }, () => new BlockRehearsal(scene, parameters, motion), (i, _, rehearsal) =>
        {
            ExcitationBlock? block = rehearsal.MakeSafe(all[i]);
            safe[i] = block is not null && Passes(new Guard(limits), block) ? block : null;
            return rehearsal;
        }, rehearsal => rehearsal.Dispose());
        return ([.. safe.Take(candidates.Length).OfType<ExcitationBlock>()], [.. safe.Skip(candidates.Length).OfType<ExcitationBlock>()]);
    }

    // What the guard would change is not what was planned.
    private static bool Passes(Guard guard, ExcitationBlock block)
    {
        guard.Reset(block.Targets[0]);
        foreach (double[] row in block.Targets)
            guard.Apply(SceneOptions.ControlPeriod, [], row);
        return guard.Counts is { Clamped: 0, Refused: 0 };
    }

    private sealed class PerTenth(IProgress<string>? progress, int all) : IProgress<int>
    {
        public void Report(int value)
        {
            if (value * 10 / all != (value - 1) * 10 / all)
                progress?.Report($"{value} of {all} parameters");
        }
    }
}
