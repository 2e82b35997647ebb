using Legato.Sim.Limits;

namespace Legato.Runtime.Safety;

/// <summary>A move of all actuators from one pose to another along the minimum-jerk profile 10τ³ − 15τ⁴ + 6τ⁵ (Flash and Hogan, 1985).</summary>
/// <remarks>Begins and ends at rest. For one thread; <see cref="Plan"/> and <see cref="At"/> allocate nothing.</remarks>
public sealed class MinimumJerkMove(int actuators)
{
    // Peaks of the profile's first and second derivative for a unit distance in unit time: 15/8 and 10/√3.
    private const double PeakVelocity = 1.875, PeakAcceleration = 5.773502691896258;

    // Head room below the limits, so that sampling never touches them.
    private const double Share = 0.9;

    private readonly double[] _from = new double[actuators], _to = new double[actuators];

    /// <summary>Number of cycles after which <see cref="At"/> gives the goal.</summary>
    public int Cycles { get; private set; }

    /// <summary>Where the move ends.</summary>
    public ReadOnlySpan<double> Goal => _to;

    /// <summary>Plans a move that stays within the rates of the limits.</summary>
    /// <param name="from">Pose at rest.</param>
    /// <param name="to">Goal.</param>
    /// <param name="limits">Highest velocities and accelerations.</param>
    /// <param name="minimum">Shortest duration, seconds.</param>
    /// <param name="dt">Seconds per cycle.</param>
    public void Plan(ReadOnlySpan<double> from, ReadOnlySpan<double> to, MotionLimits limits, double minimum, double dt)
    {
        from.CopyTo(_from);
        to.CopyTo(_to);
        double duration = minimum;
        for (int i = 0; i < _from.Length; i++)
        {
            double distance = Math.Abs(_to[i] - _from[i]);
            duration = Math.Max(duration, PeakVelocity * distance / (Share * limits.Velocity[i]));
            duration = Math.Max(duration, Math.Sqrt(PeakAcceleration * distance / (Share * limits.Acceleration[i])));
        }
        Cycles = Math.Max(1, (int)Math.Ceiling(duration / dt));
    }

    /// <summary>The pose at a cycle: 0 gives the start, <see cref="Cycles"/> and later the goal.</summary>
    public void At(int cycle, Span<double> pose)
    {
        double t = Math.Clamp((double)cycle / Cycles, 0, 1);
        double share = t * t * t * (10 + (t * ((6 * t) - 15)));
        for (int i = 0; i < _from.Length; i++)
            pose[i] = cycle >= Cycles ? _to[i] : _from[i] + (share * (_to[i] - _from[i]));
    }
}
