using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Legato.Policy.Kinematics;

/// <summary>Symmetric positive definite system with a narrow band, by Cholesky. Factor once, solve for many right-hand sides.</summary>
/// <remarks>One thread per instance while it is filled and factored. The same numbers give the same bits on any machine.</remarks>
public sealed class BandedSystem
{
    private readonly int _size;
    private readonly int _band;

    // Row by row, columns row − band … row: neighbours in a row are neighbours in memory.
    private readonly double[] _a;

    /// <summary>A zero matrix of the given size; <paramref name="band"/> diagonals below the main one.</summary>
    public BandedSystem(int size, int band)
    {
        (_size, _band) = (size, band);
        _a = new double[size * (band + 1)];
    }

    /// <summary>Diagonals below the main one.</summary>
    public int Band => _band;

    /// <summary>An element on or below the diagonal, within the band.</summary>
    public double this[int row, int column] => _a[At(row, column)];

    /// <summary>Adds to an element of the lower triangle; the upper one mirrors it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The element is not on or below the diagonal within the band.</exception>
    public void Add(int row, int column, double value)
    {
        if (row - column is var below && (below < 0 || below > _band))
            throw new ArgumentOutOfRangeException(nameof(column), column, $"Row {row} keeps columns {row - _band}..{row}.");
        _a[At(row, column)] += value;
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

    /// <summary>All elements zero again.</summary>
    public void Clear() => Array.Clear(_a);

    /// <summary>Takes over the elements of a system of the same size and band.</summary>
    /// <exception cref="ArgumentException">Size or band differ.</exception>
    public void CopyFrom(BandedSystem other)
    {
        if (other._size != _size || other._band != _band)
            throw new ArgumentException($"A system of {other._size} unknowns with band {other._band} does not fit one of {_size} with band {_band}.", nameof(other));
        other._a.CopyTo(_a, 0);
    }

    /// <summary>An independent copy.</summary>
    public BandedSystem Clone()
    {
        var copy = new BandedSystem(_size, _band);
        copy.CopyFrom(this);
        return copy;
    }

    /// <summary>The product of the symmetric matrix, not factored, with a vector.</summary>
    public void Multiply(ReadOnlySpan<double> x, Span<double> product)
    {
        product.Clear();
        for (int i = 0; i < _size; i++)
        {
            product[i] += _a[At(i, i)] * x[i];
            for (int j = Math.Max(0, i - _band); j < i; j++)
            {
                product[i] += _a[At(i, j)] * x[j];
                product[j] += _a[At(i, j)] * x[i];
            }
        }
    }

    /// <summary>Takes an unknown out of the system: its row and column become those of the identity.</summary>
    public void Fix(int unknown)
    {
        for (int column = Math.Max(0, unknown - _band); column < unknown; column++)
            _a[At(unknown, column)] = 0;
        for (int row = unknown + 1; row <= Math.Min(_size - 1, unknown + _band); row++)
            _a[At(row, unknown)] = 0;
        _a[At(unknown, unknown)] = 1;
    }

    /// <summary>Replaces the matrix by its Cholesky factor.</summary>
    /// <exception cref="ArithmeticException">The matrix is not positive definite.</exception>
    public void Factor()
    {
        for (int i = 0; i < _size; i++)
        {
            int first = Math.Max(0, i - _band);
            for (int j = first; j <= i; j++)
            {
                double sum = _a[At(i, j)] - Dot(_a.AsSpan(At(i, first), j - first), _a.AsSpan(At(j, first), j - first));
                // Written so that NaN is refused too.
                if (i == j && !(sum > 0))
                    throw new ArithmeticException("The banded matrix is not positive definite.");
                _a[At(i, j)] = i == j ? Math.Sqrt(sum) : sum / _a[At(j, j)];
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
            return drift / middle[_band];
        }
    }

    /// <summary>Solves in place with the factor.</summary>
    /// <param name="b">Right-hand side. If it is longer than the matrix, the factor's middle row stands for as many more: right where there is no <see cref="Drift"/>.</param>
    public void Solve(Span<double> b)
    {
        int size = b.Length, middle = _size / 2, more = size - _size;
        for (int i = 0; i < size; i++)
        {
            int row = Row(i), first = Math.Max(0, i - _band);
            b[i] = (b[i] - Dot(_a.AsSpan(At(row, row) - (i - first), i - first), b[first..i])) / _a[At(row, row)];
        }
        for (int i = size - 1; i >= 0; i--)
        {
            int row = Row(i);
            b[i] /= _a[At(row, row)];
            for (int k = Math.Max(0, i - _band); k < i; k++)
                b[k] -= _a[At(row, row) - (i - k)] * b[i];
        }

        int Row(int i) => i <= middle ? i : Math.Max(middle, i - more);
    }

    private int At(int row, int column) => (row * (_band + 1)) + _band - (row - column);

    // Four lanes on every machine, so that sums are rounded the same everywhere.
    private static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        ReadOnlySpan<Vector256<double>> va = MemoryMarshal.Cast<double, Vector256<double>>(a), vb = MemoryMarshal.Cast<double, Vector256<double>>(b);
        Vector256<double> lanes = Vector256<double>.Zero;
        for (int i = 0; i < va.Length; i++)
            lanes += va[i] * vb[i];
        double sum = Vector256.Sum(lanes);
        for (int i = 4 * va.Length; i < a.Length; i++)
            sum += a[i] * b[i];
        return sum;
    }
}
