namespace Legato.Policy.Kinematics;

/// <summary>Symmetric positive definite system with a narrow band, by Cholesky. Factor once, solve for many right-hand sides.</summary>
public sealed class BandedSystem
{
    private readonly int _size;
    private readonly int _band;
    private readonly double[] _a;

    /// <summary>A zero matrix of the given size; <paramref name="band"/> diagonals below the main one.</summary>
    public BandedSystem(int size, int band)
    {
        (_size, _band) = (size, band);
        _a = new double[size * (band + 1)];
    }

    /// <summary>Adds to an element of the lower triangle; the upper one mirrors it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The element is not on or below the diagonal within the band.</exception>
    public void Add(int row, int column, double value)
    {
        if (row - column is var below && (below < 0 || below > _band))
            throw new ArgumentOutOfRangeException(nameof(column), column, $"Row {row} keeps columns {row - _band}..{row}.");
        _a[(row * (_band + 1)) + below] += value;
    }

    /// <summary>Adds w·ccᵀ for a row of coefficients that starts at a column.</summary>
    public void AddSquare(int start, ReadOnlySpan<double> coefficients, double weight)
    {
        for (int i = 0; i < coefficients.Length; i++)
        {
            for (int j = 0; j <= i; j++)
                Add(start + i, start + j, weight * coefficients[i] * coefficients[j]);
        }
    }

    /// <summary>Replaces the matrix by its Cholesky factor.</summary>
    /// <exception cref="ArithmeticException">The matrix is not positive definite.</exception>
    public void Factor()
    {
        int w = _band + 1;
        for (int i = 0; i < _size; i++)
        {
            for (int j = Math.Max(0, i - _band); j <= i; j++)
            {
                double sum = _a[(i * w) + i - j];
                for (int k = Math.Max(0, i - _band); k < j; k++)
                    sum -= _a[(i * w) + i - k] * _a[(j * w) + j - k];
                if (i == j)
                {
                    // Written so that NaN is refused too.
                    if (!(sum > 0))
                        throw new ArithmeticException("The banded matrix is not positive definite.");
                    _a[i * w] = Math.Sqrt(sum);
                }
                else
                {
                    _a[(i * w) + i - j] = sum / _a[j * w];
                }
            }
        }
    }

    /// <summary>
    /// Largest change of the factor from the row above the middle one to the middle one, relative to the diagonal: 0 where a matrix that repeats along its diagonals has a factor that does too.
    /// </summary>
    public double Drift
    {
        get
        {
            int w = _band + 1;
            ReadOnlySpan<double> middle = _a.AsSpan(_size / 2 * w, w), above = _a.AsSpan(((_size / 2) - 1) * w, w);
            double drift = 0;
            for (int k = 0; k < w; k++)
                drift = Math.Max(drift, Math.Abs(middle[k] - above[k]));
            return drift / middle[0];
        }
    }

    /// <summary>Solves in place with the factor.</summary>
    /// <param name="b">Right-hand side. If it is longer than the matrix, the factor's middle row stands for as many more: right where there is no <see cref="Drift"/>.</param>
    public void Solve(Span<double> b)
    {
        int w = _band + 1, size = b.Length, middle = _size / 2, more = size - _size;
        for (int i = 0; i < size; i++)
        {
            ReadOnlySpan<double> row = _a.AsSpan(Row(i) * w, w);
            double sum = b[i];
            for (int k = Math.Max(0, i - _band); k < i; k++)
                sum -= row[i - k] * b[k];
            b[i] = sum / row[0];
        }
        for (int i = size - 1; i >= 0; i--)
        {
            double sum = b[i];
            for (int k = i + 1; k <= Math.Min(size - 1, i + _band); k++)
                sum -= _a[(Row(k) * w) + k - i] * b[k];
            b[i] = sum / _a[Row(i) * w];
        }

        int Row(int i) => i <= middle ? i : Math.Max(middle, i - more);
    }
}
