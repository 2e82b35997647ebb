using Legato.Sim;
using Legato.Sim.Drives;
using Legato.Sim.Parameters;
using Legato.Sim.Scene;
using Legato.SystemId.Parameters;
using Legato.SystemId.Rollouts;

namespace Legato.SystemId.Excitation;

/// <summary>How blocks are measured and differentiated.</summary>
public sealed record InformationOptions
{
    /// <summary>Standard deviations of measured positions.</summary>
    public EncoderNoise Noise { get; init; } = new();

    /// <summary>Standard deviation of a key event's time, s, above 0. Default 2 ms: a keyboard's scan and jitter.</summary>
    public double EventNoise { get; init; } = 0.002;

    /// <summary>Distance of finite differences in the priors' standard deviations; default 0.1.</summary>
    public double DifferenceStep { get; init; } = 0.1;

    /// <summary>Threads at the most, 1 or more; each simulates a rig of its own. Results do not depend on it.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;
}

/// <summary>Fisher information of blocks about parameters: JᵀJ/σ² of joint readings at 20 Hz and key events, by finite differences in the simulator.</summary>
/// <remarks>
/// Per prior standard deviation of every parameter, so that the identity matrix is what the priors know. Only joints that a block moves
/// count, as in <see cref="Fitting.JointFit"/>: a joint at rest shows where friction stopped it. A key event counts where it happens on both sides of the
/// difference. Deterministic for any number of threads. Thread-safe.
/// </remarks>
/// <param name="scene">The scene without parameters; it stays the caller's.</param>
/// <param name="around">The parameters to differentiate at.</param>
/// <param name="parameters">Which parameters.</param>
/// <param name="options">Noise and steps.</param>
public sealed class BlockInformation(PianoScene scene, SimParameters around, ParameterVector parameters, InformationOptions options)
{
    // A drive moves when its target goes further than this many standard deviations of its encoder, as in the fit.
    private const double Movement = 20;

    // Events of a key that count, so that columns of a block have one length.
    private const int MostEvents = 16;

    /// <summary>The information matrices of blocks, in order.</summary>
    /// <param name="blocks">The blocks.</param>
    /// <param name="progress">Told how many of the parameters are done; may be null.</param>
    /// <param name="cancellation">Stops.</param>
    public IReadOnlyList<double[,]> Of(IReadOnlyList<ExcitationBlock> blocks, IProgress<int>? progress, CancellationToken cancellation)
    {
        // Without keys there is nothing to touch, and without contacts the simulator is several times faster.
        using PianoScene free = scene.WithContacts(ContactSet.None), touching = scene.WithContacts(ContactSet.HandKey);
        int[][] moved = [.. blocks.Select(Moved)];
        // Per block and parameter; null where the block cannot show it.
        var columns = new double[blocks.Count, parameters.Count][];
        int done = 0;
        Parallel.For(0, parameters.Count, new ParallelOptions { MaxDegreeOfParallelism = options.Threads, CancellationToken = cancellation }, p =>
        {
            int[] showing = [.. Enumerable.Range(0, blocks.Count).Where(b => Shows(parameters.Definitions[p], blocks[b], moved[b]))];
            (SimParameters low, SimParameters high, double distance) = Neighbours(p);
            BlockTrace[] before = Play(showing, low), after = Play(showing, high);
            for (int k = 0; k < showing.Length; k++)
                columns[showing[k], p] = Column(before[k], after[k], moved[showing[k]], distance);
            progress?.Report(Interlocked.Increment(ref done));
        });
        return [.. Enumerable.Range(0, blocks.Count).Select(b => Gram([.. Enumerable.Range(0, parameters.Count).Select(p => columns[b, p])]))];

        BlockTrace[] Play(int[] chosen, SimParameters rig)
        {
            var traces = new BlockTrace[chosen.Length];
            foreach (bool touches in (bool[])[false, true])
            {
                int[] own = [.. Enumerable.Range(0, chosen.Length).Where(k => blocks[chosen[k]].Keys.Count > 0 == touches)];
                if (own.Length == 0)
                    continue;
                using PianoScene changed = (touches ? touching : free).With(rig);
                using var world = new DrivenWorld(changed);
                foreach (int k in own)
                {
                    cancellation.ThrowIfCancellationRequested();
                    traces[k] = BlockTrace.Play(world, rig, blocks[chosen[k]]);
                }
            }
            return traces;
        }
    }

    // To both sides where the bounds allow it; the distance in prior standard deviations.
    private (SimParameters Low, SimParameters High, double Distance) Neighbours(int p)
    {
        ParameterDefinition definition = parameters.Definitions[p];
        double sd = parameters.Priors[p].Sd, at = around[definition.Name];
        double low = Math.Max(definition.Min, at - (options.DifferenceStep * sd)), high = Math.Min(definition.Max, at + (options.DifferenceStep * sd));
        return (around.With(definition.Name, low), around.With(definition.Name, high), (high - low) / sd);
    }

    private int[] Moved(ExcitationBlock block) =>
        [.. Enumerable.Range(0, scene.Actuators.Count).Where(a => block.Moves(a, Movement * options.Noise.Of(scene.Actuators.Units[a])))];

    private bool Shows(ParameterDefinition parameter, ExcitationBlock block, int[] moved) => parameter.Section switch
    {
        "piano" or "keys" or "keyboard" => block.Keys.Count > 0,
        "hands" => moved.Length > 0,
        "right_hand" => moved.Any(a => IsMotorOf(a, HandSide.Right)),
        "left_hand" => moved.Any(a => IsMotorOf(a, HandSide.Left)),
        string section => moved.Select(a => SceneParameters.DriveName(scene.Actuators.Names[a])).Any(drive => drive == section || ParameterSchema.GroupOf(drive) == section),
    };

    private bool IsMotorOf(int actuator, HandSide side) =>
        scene.Actuators.Units[actuator] == JointUnit.Radian && scene.Actuators.Names[actuator].StartsWith(side.Prefix(), StringComparison.Ordinal);

    // What a prior standard deviation of the parameter changes, in standard deviations of the measurements.
    private double[] Column(BlockTrace before, BlockTrace after, int[] moved, double distance)
    {
        int[] joints = [.. moved.SelectMany(scene.JointsOf)];
        var column = new List<double>((before.Readings.Length * joints.Length) + 8);
        for (int t = 0; t < before.Readings.Length; t++)
        {
            foreach (int j in joints)
                column.Add((after.Readings[t][j] - before.Readings[t][j]) / (distance * options.Noise.Of(scene.Joints.Units[j])));
        }
        for (int k = 0; k < before.Events.Length; k++)
        {
            bool isSame = before.Events[k].Length == after.Events[k].Length;
            for (int e = 0; e < MostEvents; e++)
                column.Add(isSame && e < before.Events[k].Length ? (after.Events[k][e] - before.Events[k][e]) / (distance * options.EventNoise) : 0);
        }
        return [.. column];
    }

    private static double[,] Gram(double[]?[] columns)
    {
        var information = new double[columns.Length, columns.Length];
        for (int p = 0; p < columns.Length; p++)
        {
            for (int q = 0; q <= p; q++)
            {
                if (columns[p] is { } a && columns[q] is { } b)
                    information[p, q] = information[q, p] = a.Zip(b, (x, y) => x * y).Sum();
            }
        }
        return information;
    }
}
