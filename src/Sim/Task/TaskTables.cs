using Legato.Sim.Scene;

namespace Legato.Sim.Tasks;

/// <summary>A plan's commands: absolute position targets and pedal for every control step, lead-in first.</summary>
/// <remarks>Immutable and thread-safe. Beyond its last row that row holds.</remarks>
public sealed class PriorTable
{
    private readonly double[] _values;

    /// <summary>A table of a copy of these values.</summary>
    /// <param name="actuators">Order and units of the targets.</param>
    /// <param name="values">Row-major; a row is a target per actuator (rad or m), then the pedal (0..1).</param>
    /// <exception cref="ArgumentException">There is no row, the last one is not complete, or a value is not finite.</exception>
    public PriorTable(JointLayout actuators, ReadOnlySpan<double> values)
    {
        Width = actuators.Count + 1;
        if (values.Length == 0 || values.Length % Width != 0)
            throw new ArgumentException($"{values.Length} values do not divide into rows of {Width}.", nameof(values));
        foreach (double value in values)
        {
            if (!double.IsFinite(value))
                throw new ArgumentException($"{value} is no target.", nameof(values));
        }
        Actuators = actuators;
        _values = values.ToArray();
    }

    /// <summary>Order and units of the targets.</summary>
    public JointLayout Actuators { get; }

    /// <summary>Numbers in a row: one per actuator, and the pedal.</summary>
    public int Width { get; }

    /// <summary>Number of rows.</summary>
    public int Steps => _values.Length / Width;

    /// <summary>Targets and pedal of a step.</summary>
    public ReadOnlySpan<double> this[int step] => _values.AsSpan(Math.Clamp(step, 0, Steps - 1) * Width, Width);
}

/// <summary>Where a demonstration has the fingertips at the end of every control step, lead-in first.</summary>
/// <remarks>Immutable and thread-safe. Beyond its last row that row holds.</remarks>
public sealed class TipTable
{
    private readonly double[] _values;

    /// <summary>A table of a copy of these values.</summary>
    /// <param name="tips">Fingertips in a row, in the order of <see cref="PianoScene.Fingers"/>.</param>
    /// <param name="values">Row-major: step, tip, then x, y, z in the world, m.</param>
    /// <exception cref="ArgumentException">There is no row, or the last one is not complete.</exception>
    public TipTable(int tips, ReadOnlySpan<double> values)
    {
        Width = 3 * tips;
        if (values.Length == 0 || values.Length % Width != 0)
            throw new ArgumentException($"{values.Length} values do not divide into rows of {Width}.", nameof(values));
        _values = values.ToArray();
    }

    /// <summary>Numbers in a row.</summary>
    public int Width { get; }

    /// <summary>Number of rows.</summary>
    public int Steps => _values.Length / Width;

    /// <summary>All tips of a step.</summary>
    public ReadOnlySpan<double> this[int step] => _values.AsSpan(Math.Clamp(step, 0, Steps - 1) * Width, Width);
}
