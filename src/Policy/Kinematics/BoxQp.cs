namespace Legato.Policy.Kinematics;

/// <summary>
/// Minimises ½ xᵀHx + gᵀx over a box, by projected Newton steps on the free variables
/// (Bertsekas, "Projected Newton methods for optimization problems with simple constraints", 1982).
/// </summary>
/// <remarks>For small dense problems; H is symmetric positive definite. One thread per instance; allocates nothing after construction.</remarks>
public sealed class BoxQp(int size)
{
    private const int MaxIterations = 30;
    private readonly double[] _factor = new double[size * size];
    private readonly double[] _gradient = new double[size];
    private readonly double[] _step = new double[size];
    private readonly double[] _trial = new double[size];
    private readonly int[] _free = new int[size];

    /// <summary>Solves; <paramref name="x"/> holds the start (clamped into the box) and receives the solution.</summary>
    /// <param name="h">Row-major, size × size.</param>
    /// <param name="g">Linear term.</param>
    /// <param name="low">Lower bounds.</param>
    /// <param name="high">Upper bounds.</param>
    /// <param name="x">Start and solution.</param>
    /// <returns>Iterations taken.</returns>
    public int Solve(ReadOnlySpan<double> h, ReadOnlySpan<double> g, ReadOnlySpan<double> low, ReadOnlySpan<double> high, Span<double> x)
    {
        for (int i = 0; i < size; i++)
            x[i] = Math.Clamp(x[i], low[i], high[i]);
        for (int iteration = 0; iteration < MaxIterations; iteration++)
        {
            int free = 0;
            double norm = 0;
            for (int i = 0; i < size; i++)
            {
                double d = g[i];
                for (int j = 0; j < size; j++)
                    d += h[(i * size) + j] * x[j];
                _gradient[i] = d;
                bool heldLow = x[i] <= low[i] && d > 0, heldHigh = x[i] >= high[i] && d < 0;
                if (heldLow || heldHigh)
                    continue;
                _free[free++] = i;
                norm = Math.Max(norm, Math.Abs(d));
            }
            if (norm < 1e-10)
                return iteration;
            NewtonStep(h, free);
            if (!Descend(h, g, low, high, x, free))
                return iteration;
        }
        return MaxIterations;
    }

    private void NewtonStep(ReadOnlySpan<double> h, int free)
    {
        for (int a = 0; a < free; a++)
        {
            for (int b = 0; b <= a; b++)
            {
                double sum = h[(_free[a] * size) + _free[b]];
                for (int k = 0; k < b; k++)
                    sum -= _factor[(a * size) + k] * _factor[(b * size) + k];
                _factor[(a * size) + b] = a == b ? Math.Sqrt(Math.Max(sum, 1e-14)) : sum / _factor[(b * size) + b];
            }
        }
        for (int a = 0; a < free; a++)
        {
            double sum = -_gradient[_free[a]];
            for (int k = 0; k < a; k++)
                sum -= _factor[(a * size) + k] * _step[k];
            _step[a] = sum / _factor[(a * size) + a];
        }
        for (int a = free - 1; a >= 0; a--)
        {
            double sum = _step[a];
            for (int k = a + 1; k < free; k++)
                sum -= _factor[(k * size) + a] * _step[k];
            _step[a] = sum / _factor[(a * size) + a];
        }
    }

    // Shortens the step along the box until the cost falls.
    private bool Descend(ReadOnlySpan<double> h, ReadOnlySpan<double> g, ReadOnlySpan<double> low, ReadOnlySpan<double> high, Span<double> x, int free)
    {
        double before = Cost(h, g, x);
        for (double scale = 1; scale > 1e-6; scale *= 0.5)
        {
            x.CopyTo(_trial);
            for (int a = 0; a < free; a++)
                _trial[_free[a]] = Math.Clamp(x[_free[a]] + (scale * _step[a]), low[_free[a]], high[_free[a]]);
            if (Cost(h, g, _trial) < before - 1e-15)
            {
                _trial.CopyTo(x);
                return true;
            }
        }
        return false;
    }

    private double Cost(ReadOnlySpan<double> h, ReadOnlySpan<double> g, ReadOnlySpan<double> x)
    {
        double cost = 0;
        for (int i = 0; i < size; i++)
        {
            double row = 0;
            for (int j = 0; j < size; j++)
                row += h[(i * size) + j] * x[j];
            cost += x[i] * ((0.5 * row) + g[i]);
        }
        return cost;
    }
}
