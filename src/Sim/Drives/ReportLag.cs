namespace Legato.Sim.Drives;

/// <summary>The past of measured values, to report them late: a delay of its own for every value.</summary>
/// <remarks>
/// Time is counted in physics steps; between two of them the report is interpolated. A lag of zero reports the newest
/// values unchanged. One thread at a time. Nothing allocates after construction.
/// </remarks>
public sealed class ReportLag
{
    private readonly double[] _lag;
    private readonly double[] _history;
    private readonly int _depth;
    private int _newest;

    /// <summary>Creates it with a past of zeros.</summary>
    /// <param name="lag">Lag of every value, steps, 0 or more.</param>
    public ReportLag(ReadOnlySpan<double> lag)
    {
        _lag = lag.ToArray();
        _depth = (int)Math.Ceiling(_lag.DefaultIfEmpty(0).Max()) + 2;
        _history = new double[_depth * _lag.Length];
    }

    /// <summary>Makes these values the whole past.</summary>
    public void Reset(ReadOnlySpan<double> values)
    {
        for (int d = 0; d < _depth; d++)
            values.CopyTo(_history.AsSpan(d * _lag.Length));
    }

    /// <summary>Appends the values of a step.</summary>
    public void Push(ReadOnlySpan<double> values)
    {
        _newest = (_newest + 1) % _depth;
        values.CopyTo(_history.AsSpan(_newest * _lag.Length, _lag.Length));
    }

    /// <summary>Copies what is reported now.</summary>
    public void Read(Span<double> values)
    {
        for (int i = 0; i < _lag.Length; i++)
        {
            int whole = (int)_lag[i];
            double fraction = _lag[i] - whole;
            double late = Past(i, whole);
            values[i] = fraction == 0 ? late : late + (fraction * (Past(i, whole + 1) - late));
        }
    }

    private double Past(int i, int steps) => _history[((_newest - steps + _depth) % _depth * _lag.Length) + i];
}
