using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Legato.Sim.Limits;

/// <summary>Limits of one actuator; radians or metres, and seconds. An infinite value switches a limit off.</summary>
/// <param name="Lower">Lowest position.</param>
/// <param name="Upper">Highest position, not below <paramref name="Lower"/>.</param>
/// <param name="Velocity">Highest rate of the command, &gt; 0, per second.</param>
/// <param name="Acceleration">Highest change of that rate, &gt; 0, per second squared.</param>
/// <param name="Following">Largest distance between a command and the measured position, &gt; 0.</param>
public readonly record struct ActuatorLimit(
    double Lower,
    double Upper,
    double Velocity = double.PositiveInfinity,
    double Acceleration = double.PositiveInfinity,
    double Following = double.PositiveInfinity);

/// <summary>How close the two hands may come along the rails.</summary>
/// <param name="Right">Actuator of the right hand's lateral rail.</param>
/// <param name="Left">Actuator of the left hand's lateral rail.</param>
/// <param name="Offset">Right hand's mounting point minus the left hand's, metres, towards the high notes.</param>
/// <param name="Minimum">Smallest allowed distance right minus left, metres.</param>
public sealed record RailSeparation(string Right, string Left, double Offset, double Minimum);

/// <summary>Distances that the hands keep in the robot's model, m, below the 30 mm within which they are measured.</summary>
/// <param name="Hands">To each other.</param>
/// <param name="Piano">To the piano's frame; its keys do not count.</param>
public sealed record ClearanceLimit(double Hands, double Piano)
{
    /// <summary>The largest distance that can be asked for, m.</summary>
    public const double Largest = 0.025;
}

/// <summary>Limits of every actuator of a rig, one array per limit, in the order of <see cref="Layout"/>.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
public sealed class MotionLimits
{
    private readonly double[] _lower, _upper, _velocity, _acceleration, _following;

    private MotionLimits(JointLayout layout, IReadOnlyList<ActuatorLimit> limits, RailSeparation? separation, ClearanceLimit? clearance)
    {
        (Layout, Clearance) = (layout, clearance);
        _lower = [.. limits.Select(l => l.Lower)];
        _upper = [.. limits.Select(l => l.Upper)];
        _velocity = [.. limits.Select(l => l.Velocity)];
        _acceleration = [.. limits.Select(l => l.Acceleration)];
        _following = [.. limits.Select(l => l.Following)];
        RightRail = LeftRail = -1;
        if (separation is not null)
        {
            RightRail = layout.Require(separation.Right);
            LeftRail = layout.Require(separation.Left);
            RailOffset = separation.Offset;
            MinimumSeparation = separation.Minimum;
        }
    }

    /// <summary>Names, order and units of the actuators.</summary>
    public JointLayout Layout { get; }

    /// <summary>Lowest positions.</summary>
    public ReadOnlySpan<double> Lower => _lower;

    /// <summary>Highest positions.</summary>
    public ReadOnlySpan<double> Upper => _upper;

    /// <summary>Highest rates per second.</summary>
    public ReadOnlySpan<double> Velocity => _velocity;

    /// <summary>Highest accelerations per second squared.</summary>
    public ReadOnlySpan<double> Acceleration => _acceleration;

    /// <summary>Largest distances between command and measured position.</summary>
    public ReadOnlySpan<double> Following => _following;

    /// <summary>Index of the right hand's lateral rail, or −1 where no separation is kept.</summary>
    public int RightRail { get; }

    /// <summary>Index of the left hand's lateral rail, or −1 where no separation is kept.</summary>
    public int LeftRail { get; }

    /// <summary>Right mounting point minus left mounting point, metres.</summary>
    public double RailOffset { get; }

    /// <summary>Smallest distance of the hands, metres.</summary>
    public double MinimumSeparation { get; }

    /// <summary>What the hands keep clear of in the robot's model; null where only the rails are looked at.</summary>
    public ClearanceLimit? Clearance { get; }

    /// <summary>Identifies what a plan has to keep to: what is left out here is judged by the model that plans too.</summary>
    public string Hash
    {
        get
        {
            IEnumerable<double> numbers = [.. _lower, .. _upper, .. _velocity, .. _acceleration, .. _following, RightRail, LeftRail, RailOffset, MinimumSeparation];
            string text = string.Join('\n', Layout.Names.Concat(numbers.Select(v => v.ToString("R", CultureInfo.InvariantCulture))));
            return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
        }
    }

    /// <summary>Creates the limits of a rig.</summary>
    /// <param name="layout">The actuators.</param>
    /// <param name="limits">One entry per actuator, in the layout's order.</param>
    /// <param name="separation">Distance that the hands keep, or null for none.</param>
    /// <param name="clearance">Room that the hands leave in the robot's model, or null.</param>
    /// <exception cref="InputException">A limit makes no sense (names the actuator), or the counts differ.</exception>
    public static MotionLimits Create(JointLayout layout, IReadOnlyList<ActuatorLimit> limits, RailSeparation? separation = null, ClearanceLimit? clearance = null)
    {
        if (limits.Count != layout.Count)
            throw new InputException($"{limits.Count} limits for {layout.Count} actuators");
        for (int i = 0; i < limits.Count; i++)
        {
            ActuatorLimit l = limits[i];
            string name = layout.Names[i];
            // Written so that NaN fails too.
            if (!(l.Lower <= l.Upper))
                throw new InputException(FormattableString.Invariant($"limits of {name}: lower {l.Lower} is above upper {l.Upper}"));
            if (!(l.Velocity > 0) || !(l.Acceleration > 0) || !(l.Following > 0))
                throw new InputException($"limits of {name}: velocity, acceleration and following must be above zero");
        }
        if (separation is not null && !(double.IsFinite(separation.Offset) && double.IsFinite(separation.Minimum)))
            throw new InputException("separation of the rails: offset and minimum must be finite");
        if (clearance is not null && !(clearance.Hands is >= 0 and <= ClearanceLimit.Largest && clearance.Piano is >= 0 and <= ClearanceLimit.Largest))
            throw new InputException(FormattableString.Invariant($"clearance: hands and piano must be within 0..{ClearanceLimit.Largest} m"));
        return new MotionLimits(layout, limits, separation, clearance);
    }

    /// <summary>
    /// Limits for a purely simulated rig: the actuators' ranges and nothing else, so that a simulated run is the plan's own motion.
    /// </summary>
    /// <exception cref="InputException">As in <see cref="Create"/>.</exception>
    public static MotionLimits Simulation(JointLayout layout, ReadOnlySpan<double> lower, ReadOnlySpan<double> upper)
    {
        if (lower.Length != layout.Count || upper.Length != layout.Count)
            throw new InputException($"{lower.Length} lower and {upper.Length} upper limits for {layout.Count} actuators");
        var limits = new ActuatorLimit[layout.Count];
        for (int i = 0; i < limits.Length; i++)
            limits[i] = new ActuatorLimit(lower[i], upper[i]);
        return Create(layout, limits);
    }

    /// <summary>Distance of the hands along the rails in a pose, metres; infinite where no separation is kept.</summary>
    public double SeparationIn(ReadOnlySpan<double> pose) =>
        RightRail < 0 ? double.PositiveInfinity : RailOffset + pose[RightRail] - pose[LeftRail];
}
