using Legato.Sim;

namespace Legato.Policy;

/// <summary>Position targets for every control step, in the order of a layout. Row-major: step, then actuator.</summary>
public sealed class CommandTable
{
    private readonly double[] _values;

    /// <summary>A table of zeros.</summary>
    public CommandTable(JointLayout actuators, int steps)
        : this(actuators, new double[steps * actuators.Count]) { }

    /// <summary>A table over existing values.</summary>
    /// <exception cref="ArgumentException">There are no actuators, or the number of values is no multiple of theirs.</exception>
    public CommandTable(JointLayout actuators, double[] values)
    {
        if (actuators.Count == 0 || values.Length % actuators.Count != 0)
            throw new ArgumentException($"{values.Length} values do not divide into rows of {actuators.Count}.", nameof(values));
        Actuators = actuators;
        _values = values;
    }

    /// <summary>Order and units of a row.</summary>
    public JointLayout Actuators { get; }

    /// <summary>Number of rows.</summary>
    public int Steps => _values.Length / Actuators.Count;

    /// <summary>All values.</summary>
    public ReadOnlySpan<double> Values => _values;

    /// <summary>The targets of a step.</summary>
    public Span<double> this[int step] => _values.AsSpan(step * Actuators.Count, Actuators.Count);

    /// <summary>Targets of one actuator over all steps.</summary>
    public void ReadColumn(int actuator, Span<double> column)
    {
        for (int t = 0; t < column.Length; t++)
            column[t] = _values[(t * Actuators.Count) + actuator];
    }

    /// <summary>Sets the targets of one actuator, from the first step on.</summary>
    public void WriteColumn(int actuator, ReadOnlySpan<double> column)
    {
        for (int t = 0; t < column.Length; t++)
            _values[(t * Actuators.Count) + actuator] = column[t];
    }

    /// <summary>An independent copy.</summary>
    public CommandTable Clone() => new(Actuators, [.. _values]);
}
