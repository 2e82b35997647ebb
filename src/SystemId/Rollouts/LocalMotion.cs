using Legato.SystemId.Fitting;

namespace Legato.SystemId.Rollouts;

/// <summary>Position and velocity from noisy samples: a parabola fitted around one time (Savitzky and Golay's filter for uneven samples).</summary>
internal sealed class LocalMotion
{
    private readonly int _first;
    private readonly double _unit;
    private readonly double[] _tau, _position, _velocity, _curvature;

    /// <summary>Prepares the fit around a time for all joints of a record.</summary>
    /// <param name="times">Times of the samples, s.</param>
    /// <param name="time">Where motion is wanted, s.</param>
    /// <param name="halfWindow">Samples this near count, s; always two on each side where the record has them.</param>
    public LocalMotion(double[] times, double time, double halfWindow)
    {
        int next = Array.BinarySearch(times, time);
        next = next < 0 ? ~next : next;
        int first = Math.Min(next, Lowest(times, time - halfWindow)), last = Math.Max(next, Lowest(times, time + halfWindow) - 1);
        _first = Math.Clamp(Math.Min(first, next - 2), 0, Math.Max(0, times.Length - 5));
        last = Math.Clamp(Math.Max(last, next + 2), Math.Min(_first + 4, times.Length - 1), times.Length - 1);

        int count = last - _first + 1;
        // Times in units of the window keep the equations well conditioned.
        _unit = Math.Max(times[last] - times[_first], halfWindow);
        _tau = [.. Enumerable.Range(_first, count).Select(i => (times[i] - time) / _unit)];
        var moments = new double[3, 3];
        for (int i = 0; i < 3; i++)
        {
            for (int j = 0; j < 3; j++)
                moments[i, j] = _tau.Sum(t => Math.Pow(t, i + j));
        }
        (_position, _velocity, _curvature) = (Weights(moments, [1, 0, 0]), Weights(moments, [0, 1, 0]), Weights(moments, [0, 0, 1]));
    }

    // What each sample adds to one coefficient of the parabola.
    private double[] Weights(double[,] moments, double[] coefficient)
    {
        SymmetricMatrix.TrySolve(moments, coefficient, out double[] c);
        return [.. _tau.Select(t => c[0] + (t * (c[1] + (t * c[2]))))];
    }

    /// <summary>Position and velocity of one joint, and the root mean square of what the parabola leaves, per degree of freedom.</summary>
    public (double Position, double Velocity, double Rms) Of(double[][] samples, int joint)
    {
        (double position, double velocity, double curvature) = (0, 0, 0);
        for (int k = 0; k < _tau.Length; k++)
        {
            double value = samples[_first + k][joint];
            position += _position[k] * value;
            velocity += _velocity[k] * value;
            curvature += _curvature[k] * value;
        }
        double squares = 0;
        for (int k = 0; k < _tau.Length; k++)
        {
            double rest = samples[_first + k][joint] - position - (_tau[k] * (velocity + (_tau[k] * curvature)));
            squares += rest * rest;
        }
        return (position, velocity / _unit, Math.Sqrt(squares / Math.Max(1, _tau.Length - 3)));
    }

    private static int Lowest(double[] times, double time)
    {
        int i = Array.BinarySearch(times, time);
        return i < 0 ? ~i : i;
    }
}
