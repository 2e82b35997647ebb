using FsCheck;
using FsCheck.Fluent;
using Legato.Policy;
using Legato.Policy.Kinematics;
using Legato.Policy.Limits;
using Legato.Sim;
using Legato.Sim.Limits;
using Legato.Sim.Parameters;

namespace Legato.Tests.Policy.Limits;

public sealed class FeasibleCommandsTests
{
    private const double Period = 0.05;

    private static readonly JointLayout Layout = new(["rh_A_FFJ3", "rh_forearm_tx", "lh_forearm_tx"], [JointUnit.Radian, JointUnit.Metre, JointUnit.Metre]);

    private static readonly MotionLimits Limits = MotionLimits.Create(
        Layout,
        [new(-0.26, 1.57, 2, 40, 0.6), new(-0.76, 0.46, 1.5, 15, 0.12), new(-0.46, 0.76, 1.5, 15, 0.12)],
        new RailSeparation("rh_forearm_tx", "lh_forearm_tx", 0.3, 0.16));

    private static readonly FeasibleCommands Feasible = new(Limits);

    [Fact]
    public void ProjectedTablesAreWithinEveryLimitAndStayWhenProjectedAgain() =>
        Prop.ForAll(Tables().ToArbitrary(), table =>
        {
            CommandTable once = Projected(table), twice = Projected(once);
            return (Violation(once) is null).Label(Violation(once) ?? "").And(Feasible.Contains(once)).And(Same(once, twice));
        }).Holds();

    [Fact]
    public void TheMetricOfSlowDrivesIsProjectedInToo() =>
        Prop.ForAll(Tables().ToArbitrary(), table =>
        {
            CommandTable once = table.Clone();
            Feasible.Project(once, _ => Slow(table.Steps));
            return (Violation(once) is null).Label(Violation(once) ?? "").And(Feasible.Contains(once));
        }).Holds();

    [Fact]
    public void NothingFeasibleIsNearerThanTheProjection() =>
        Prop.ForAll(Tables().ToArbitrary(), Tables().ToArbitrary(), (table, other) =>
        {
            // The obtuse angle at the projection on a convex set; the hands' distance is none, so the finger's column alone.
            CommandTable near = Projected(table), feasible = Projected(other);
            double angle = 0;
            for (int t = 0; t < Math.Min(table.Steps, other.Steps) && table.Steps == other.Steps; t++)
                angle += (table[t][0] - near[t][0]) * (feasible[t][0] - near[t][0]);
            return angle <= 1e-3;
        }).Holds();

    private static CommandTable Projected(CommandTable table)
    {
        CommandTable copy = table.Clone();
        Feasible.Project(copy);
        return copy;
    }

    private static bool Same(CommandTable a, CommandTable b) => a.Values.SequenceEqual(b.Values);

    // Targets of a fifth up to five times what the limits allow, rough and smooth.
    private static Gen<CommandTable> Tables() =>
        from seed in Gen.Choose(0, int.MaxValue)
        from steps in Gen.Choose(1, 60)
        from size in Gen.Choose(0, 4)
        from hold in Gen.Choose(1, 8)
        select Random(seed, steps, Math.Pow(5, (size - 2) / 2.0), hold);

    private static CommandTable Random(int seed, int steps, double size, int hold)
    {
        var noise = new GaussianNoise(seed);
        var table = new CommandTable(Layout, steps);
        for (int t = 0; t < steps; t++)
        {
            for (int a = 0; a < Layout.Count; a++)
                table[t][a] = t % hold == 0 ? 0.3 * size * noise.Next() : table[t - 1][a];
        }
        return table;
    }

    // Hessian of |G·u|² for drives that take half of what is left in every step, with the little roughness that makes it definite.
    private static BandedSystem Slow(int steps)
    {
        const int band = 23;
        var system = new BandedSystem(steps, band);
        for (int t = 0; t < steps; t++)
        {
            int first = Math.Max(0, t - band);
            system.AddSquare(first, [.. Enumerable.Range(first, t - first + 1).Select(c => Math.Pow(0.5, t - c + 1))], 1);
            system.Add(t, t, 1e-6);
            if (t > 0)
                system.AddSquare(t - 1, [-1, 1], 1e-3);
        }
        return system;
    }

    // The first limit that a table violates, by the definition of the limits.
    private static string? Violation(CommandTable table)
    {
        for (int t = 0; t < table.Steps; t++)
        {
            for (int a = 0; a < Layout.Count; a++)
            {
                double now = table[t][a], before = table[Math.Max(0, t - 1)][a], earlier = table[Math.Max(0, t - 2)][a];
                if (now < Limits.Lower[a] || now > Limits.Upper[a])
                    return FormattableString.Invariant($"{Layout.Names[a]} at {now} in step {t}");
                if (Math.Abs(now - before) > Limits.Velocity[a] * Period)
                    return FormattableString.Invariant($"{Layout.Names[a]} goes {now - before} in step {t}");
                if (t > 0 && Math.Abs(now - (2 * before) + earlier) > Limits.Acceleration[a] * Period * Period)
                    return FormattableString.Invariant($"{Layout.Names[a]} changes its rate by {now - (2 * before) + earlier} in step {t}");
            }
            if (Limits.SeparationIn(table[t]) < Limits.MinimumSeparation)
                return FormattableString.Invariant($"the hands are {Limits.SeparationIn(table[t])} m apart in step {t}");
        }
        return null;
    }
}
