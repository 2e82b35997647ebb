namespace Legato.SystemId.Timing;

/// <summary>A signal sampled at times of its own.</summary>
/// <remarks>Immutable as long as nobody changes its arrays; thread-safe then.</remarks>
public sealed class TimedSignal
{
    private readonly double[] _times, _values;
    private readonly bool _isHeld;

    /// <summary>Creates a signal.</summary>
    /// <param name="times">Seconds, rising.</param>
    /// <param name="values">One per time.</param>
    /// <param name="isHeld">Whether a value holds until the next (a command), or the signal is linear in between (a measurement).</param>
    /// <exception cref="ArgumentException">Fewer than two samples, lengths that differ, or times that do not rise.</exception>
    public TimedSignal(double[] times, double[] values, bool isHeld = false)
    {
        if (times.Length != values.Length || times.Length < 2)
            throw new ArgumentException($"{times.Length} times for {values.Length} values; expected as many, two or more.", nameof(times));
        for (int i = 1; i < times.Length; i++)
        {
            if (!(times[i] > times[i - 1]))
                throw new ArgumentException($"Time {i} is not after the one before.", nameof(times));
        }
        (_times, _values, _isHeld) = (times, values, isHeld);
    }

    /// <summary>Time of the first sample, s.</summary>
    public double Start => _times[0];

    /// <summary>Time of the last sample, s.</summary>
    public double End => _times[^1];

    /// <summary>The signal at equal distances; before and after its samples it keeps the first and last value.</summary>
    /// <param name="start">First time, s.</param>
    /// <param name="period">Distance, s, above 0.</param>
    /// <param name="count">Number of samples.</param>
    public double[] Resample(double start, double period, int count)
    {
        var resampled = new double[count];
        int before = 0;
        for (int i = 0; i < count; i++)
        {
            double t = start + (i * period);
            while (before + 1 < _times.Length && _times[before + 1] <= t)
                before++;
            if (t <= _times[0] || _isHeld || before + 1 == _times.Length)
                resampled[i] = _values[before];
            else
                resampled[i] = _values[before] + ((_values[before + 1] - _values[before]) * (t - _times[before]) / (_times[before + 1] - _times[before]));
        }
        return resampled;
    }
}

/// <summary>A signal and what came of it some time later.</summary>
/// <param name="Reference">The earlier one, for example a command or a prediction.</param>
/// <param name="Measured">The later one.</param>
public sealed record SignalPair(TimedSignal Reference, TimedSignal Measured);
