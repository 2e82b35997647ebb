using Legato.Policy.Kinematics;
using Legato.Sim.Limits;

namespace Legato.Policy.Limits;

/// <summary>
/// The command tables that a robot's guard lets through: ranges, rates and changes of rate between control steps, and hands that can
/// always stop before they meet.
/// </summary>
/// <remarks>
/// A table begins and ends at rest. The set is convex, so that the nearest table to one outside is a quadratic program per actuator, and
/// one for both rails together; its cost is linear in the song's length. How far commands may run ahead of the joints depends on what
/// the joints do and is not part of it. Thread-safe.
/// </remarks>
/// <param name="limits">What the guard allows; their layout is that of the tables.</param>
public sealed class FeasibleCommands(MotionLimits limits)
{
    // Head room, as a part of every limit: what a solution keeps, and what makes a table count as feasible. Sums of steps are rounded.
    private const double Kept = 2e-6, Required = 1e-6;

    /// <summary>The limits.</summary>
    public MotionLimits Limits => limits;

    /// <summary>Whether the guard lets a table through as it is, whatever the joints do.</summary>
    public bool Contains(CommandTable commands) =>
        Enumerable.Range(0, commands.Actuators.Count).All(a => Contains(Whole(commands, a))) && KeepsApart(commands);

    /// <summary>Moves a table to the nearest one that is feasible; one that is feasible stays as it is, bit by bit.</summary>
    /// <param name="commands">Changed in place.</param>
    /// <param name="metric">What distance means for an actuator: a matrix over all steps, not factored; by default every change counts the same.</param>
    /// <exception cref="ArithmeticException">No solution was found.</exception>
    public void Project(CommandTable commands, Func<int, BandedSystem>? metric = null)
    {
        metric ??= _ => Identity(commands.Steps);
        (Motion? right, Motion? left) = limits.RightRail < 0 ? (null, null) : (Whole(commands, limits.RightRail), Whole(commands, limits.LeftRail));
        for (int a = 0; a < commands.Actuators.Count; a++)
        {
            Motion motion = Whole(commands, a);
            if (!Contains(motion))
                commands.WriteColumn(a, Nearest(motion, metric(a)) ?? throw new ArithmeticException($"No feasible commands were found for {commands.Actuators.Names[a]}."));
        }
        if (right is null || left is null || KeepsApart(commands))
            return;
        double[] rails = Nearest(right, left, metric) ?? throw new ArithmeticException("No commands were found that keep the hands apart.");
        for (int t = 0; t < commands.Steps; t++)
            (commands[t][limits.RightRail], commands[t][limits.LeftRail]) = (rails[2 * t], rails[(2 * t) + 1]);
    }

    /// <summary>Moves commands of one actuator to the nearest ones that are feasible between what goes before and after them.</summary>
    /// <param name="actuator">The actuator.</param>
    /// <param name="before">The two commands before; none at the table's start.</param>
    /// <param name="steps">What the commands should be; receives what they can be.</param>
    /// <param name="after">The two commands after; none at the table's end.</param>
    /// <returns>False, with nothing changed, if there is no way from what goes before to what comes after.</returns>
    public bool TryProject(int actuator, ReadOnlySpan<double> before, double[] steps, ReadOnlySpan<double> after)
    {
        var motion = new Motion(actuator, [.. before], steps, [.. after]);
        if (Contains(motion))
            return true;
        double[]? nearest = Nearest(motion, Identity(steps.Length));
        nearest?.CopyTo(steps, 0);
        return nearest is not null;
    }

    /// <summary>Whether the hands can stop before they meet in every step of a table.</summary>
    public bool KeepsApart(CommandTable commands)
    {
        if (limits.RightRail < 0)
            return true;
        double[] rails = new double[2 * commands.Steps];
        for (int t = 0; t < commands.Steps; t++)
            (rails[2 * t], rails[(2 * t) + 1]) = (commands[t][limits.RightRail], commands[t][limits.LeftRail]);
        return Motion.Apart(limits, commands.Steps, Required).All(b => b.Holds(rails));
    }

    private bool Contains(Motion motion) => motion.Bounds(limits, Required).All(b => b.Holds(motion.Values));

    private double[]? Nearest(Motion motion, BandedSystem metric)
    {
        var qp = new BandedQp(motion.Values, metric);
        foreach (Bound bound in motion.Bounds(limits, Kept))
            qp.Add(bound);
        return qp.TrySolve();
    }

    // Both rails at once, right and left in turn.
    private double[]? Nearest(Motion right, Motion left, Func<int, BandedSystem> metric)
    {
        int steps = right.Values.Length;
        BandedSystem own = metric(right.Actuator), other = metric(left.Actuator);
        var both = new BandedSystem(2 * steps, Math.Max(BandedQp.Band * 2, 2 * Math.Max(own.Band, other.Band)));
        double[] goal = new double[2 * steps];
        for (int t = 0; t < steps; t++)
        {
            (goal[2 * t], goal[(2 * t) + 1]) = (right.Values[t], left.Values[t]);
            for (int k = Math.Max(0, t - own.Band); k <= t; k++)
                both.Add(2 * t, 2 * k, own[t, k]);
            for (int k = Math.Max(0, t - other.Band); k <= t; k++)
                both.Add((2 * t) + 1, (2 * k) + 1, other[t, k]);
        }
        var qp = new BandedQp(goal, both);
        foreach ((Motion motion, int phase) in ((Motion, int)[])[(right, 0), (left, 1)])
        {
            foreach (Bound bound in motion.Bounds(limits, Kept))
            {
                double[] spread = new double[(2 * bound.Coefficients.Length) - 1];
                for (int k = 0; k < bound.Coefficients.Length; k++)
                    spread[2 * k] = bound.Coefficients[k];
                qp.Add(bound with { Start = (2 * bound.Start) + phase, Coefficients = spread });
            }
        }
        foreach (Bound bound in Motion.Apart(limits, steps, Kept))
            qp.Add(bound);
        return qp.TrySolve();
    }

    private static Motion Whole(CommandTable commands, int actuator)
    {
        double[] column = new double[commands.Steps];
        commands.ReadColumn(actuator, column);
        return new Motion(actuator, [], column, []);
    }

    private static BandedSystem Identity(int size)
    {
        var identity = new BandedSystem(size, BandedQp.Band);
        for (int t = 0; t < size; t++)
            identity.Add(t, t, 1);
        return identity;
    }
}
