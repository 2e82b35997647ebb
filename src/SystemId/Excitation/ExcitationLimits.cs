using System.Globalization;

using Legato.Sim;

namespace Legato.SystemId.Excitation;

/// <summary>Ranges and speeds that a motion keeps, one entry per actuator; radians or metres, and seconds.</summary>
/// <remarks>
/// Immutable and thread-safe. Where a rig has no limit of speed (a simulation), that of the slowest finger joints of Shadow's
/// robot description holds, and a carriage moves at 1 m/s: excitation of a simulation is then fit for a hand.
/// </remarks>
public sealed class ExcitationLimits
{
    private const double Rounding = 1e-9;

    private readonly double[] _lower, _upper, _velocity, _acceleration;

    /// <summary>Creates limits.</summary>
    /// <param name="actuators">Names and units.</param>
    /// <param name="lower">Lowest positions.</param>
    /// <param name="upper">Highest positions.</param>
    /// <param name="velocity">Highest rates, above 0; may be +∞.</param>
    /// <param name="acceleration">Highest changes of these rates, above 0; may be +∞.</param>
    /// <exception cref="ArgumentException">Not one entry per actuator.</exception>
    public ExcitationLimits(JointLayout actuators, ReadOnlySpan<double> lower, ReadOnlySpan<double> upper, ReadOnlySpan<double> velocity, ReadOnlySpan<double> acceleration)
    {
        int n = actuators.Count;
        if (lower.Length != n || upper.Length != n || velocity.Length != n || acceleration.Length != n)
            throw new ArgumentException($"limits of {lower.Length}, {upper.Length}, {velocity.Length} and {acceleration.Length} entries for {n} actuators", nameof(lower));
        (Actuators, _lower, _upper, _velocity, _acceleration) = (actuators, lower.ToArray(), upper.ToArray(), velocity.ToArray(), acceleration.ToArray());
        for (int i = 0; i < n; i++)
        {
            bool isRail = actuators.Units[i] == JointUnit.Metre;
            _velocity[i] = double.IsFinite(_velocity[i]) ? _velocity[i] : isRail ? 1 : 2;
            _acceleration[i] = double.IsFinite(_acceleration[i]) ? _acceleration[i] : isRail ? 10 : 40;
        }
    }

    /// <summary>Names and units.</summary>
    public JointLayout Actuators { get; }

    /// <summary>Lowest positions.</summary>
    public ReadOnlySpan<double> Lower => _lower;

    /// <summary>Highest positions.</summary>
    public ReadOnlySpan<double> Upper => _upper;

    /// <summary>Highest rates; finite.</summary>
    public ReadOnlySpan<double> Velocity => _velocity;

    /// <summary>Highest changes of rates; finite.</summary>
    public ReadOnlySpan<double> Acceleration => _acceleration;

    /// <summary>The first thing in which targets break these limits, in words; null if they keep them.</summary>
    /// <param name="targets">Targets per control step, beginning and ending at rest.</param>
    /// <param name="period">Seconds from one to the next.</param>
    public string? Fault(IReadOnlyList<double[]> targets, double period)
    {
        for (int i = 0; i < Actuators.Count; i++)
        {
            double before = 0;
            for (int t = 0; t < targets.Count; t++)
            {
                double value = targets[t][i], rate = t == 0 ? 0 : (value - targets[t - 1][i]) / period, change = (rate - before) / period;
                before = rate;
                if (!(value >= _lower[i] - Rounding && value <= _upper[i] + Rounding))
                    return Word(i, t, "position", value);
                if (Math.Abs(rate) > _velocity[i] + Rounding)
                    return Word(i, t, "rate", rate);
                if (Math.Abs(change) > _acceleration[i] + (Rounding / period))
                    return Word(i, t, "acceleration", change);
            }
        }
        return null;
    }

    private string Word(int actuator, int step, string what, double value) =>
        string.Create(CultureInfo.InvariantCulture, $"{what} {value:G4} of {Actuators.Names[actuator]} at step {step} is outside its limits");
}
