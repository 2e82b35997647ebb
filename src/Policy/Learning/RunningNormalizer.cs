namespace Legato.Policy.Learning;

/// <summary>Scales observations to mean 0 and variance 1 by what has been seen so far, and cuts them at ±<see cref="Limit"/>.</summary>
/// <remarks>
/// Moments of batches are merged as Chan, Golub and LeVeque do (1979), in double precision. Elements that never change come out as 0. One thread at a time.
/// Nothing allocates after construction.
/// </remarks>
public sealed class RunningNormalizer
{
    /// <summary>Largest value that comes out.</summary>
    public const float Limit = 10;

    private const double Epsilon = 1e-8;

    // Stands for the deviation of an element that has not changed.
    private const float Unchanged = 1e30f;

    private readonly double[] _mean, _squares, _rowMean, _scale;
    private double _count;

    /// <summary>One that has seen nothing: it passes on what it gets, cut.</summary>
    /// <param name="size">Elements of an observation.</param>
    public RunningNormalizer(int size) => (_mean, _squares, _rowMean, _scale) = (new double[size], new double[size], new double[size], new double[size]);

    /// <summary>Elements of an observation.</summary>
    public int Size => _mean.Length;

    /// <summary>Takes rows into account.</summary>
    /// <param name="rows">Row-major, a row per observation.</param>
    public void Observe(ReadOnlySpan<float> rows)
    {
        int count = rows.Length / Size;
        if (count == 0)
            return;
        Array.Clear(_rowMean);
        for (int r = 0; r < count; r++)
        {
            for (int i = 0; i < Size; i++)
                _rowMean[i] += rows[(r * Size) + i];
        }
        double total = _count + count;
        for (int i = 0; i < Size; i++)
        {
            _rowMean[i] /= count;
            double squares = 0;
            for (int r = 0; r < count; r++)
            {
                double d = rows[(r * Size) + i] - _rowMean[i];
                squares += d * d;
            }
            double delta = _rowMean[i] - _mean[i];
            _mean[i] += delta * count / total;
            _squares[i] += squares + (delta * delta * _count * count / total);
        }
        _count = total;
    }

    /// <summary>Scales rows.</summary>
    public void Apply(ReadOnlySpan<float> rows, Span<float> scaled)
    {
        for (int i = 0; i < Size; i++)
            _scale[i] = Scale(i);
        for (int at = 0; at < rows.Length; at += Size)
        {
            for (int i = 0; i < Size; i++)
                scaled[at + i] = (float)Math.Clamp((rows[at + i] - _mean[i]) * _scale[i], -Limit, Limit);
        }
    }

    /// <summary>Copies mean and standard deviation; that of an element that has not changed is so large that nothing is left of it.</summary>
    public void CopyTo(Span<float> mean, Span<float> deviation)
    {
        for (int i = 0; i < Size; i++)
            (mean[i], deviation[i]) = ((float)_mean[i], (float)Math.Min(1 / Scale(i), Unchanged));
    }

    /// <summary>Goes on from what <see cref="CopyTo"/> gave of another one.</summary>
    /// <param name="mean">Its means.</param>
    /// <param name="deviation">Its standard deviations.</param>
    /// <param name="count">Observations that it had seen, 0 or more; the more, the slower new ones change it.</param>
    public void Begin(ReadOnlySpan<float> mean, ReadOnlySpan<float> deviation, long count)
    {
        _count = count;
        for (int i = 0; i < Size; i++)
        {
            double variance = deviation[i] >= Unchanged ? 0 : Math.Max(Epsilon, ((double)deviation[i] * deviation[i]) - Epsilon);
            (_mean[i], _squares[i]) = (mean[i], variance * count);
        }
    }

    /// <summary>Writes what it has seen.</summary>
    public void Save(BinaryWriter writer)
    {
        writer.Write(Size);
        writer.Write(_count);
        foreach (double value in _mean)
            writer.Write(value);
        foreach (double value in _squares)
            writer.Write(value);
    }

    /// <summary>Goes back to what was written.</summary>
    /// <exception cref="InvalidDataException">It is of observations of another size.</exception>
    public void Load(BinaryReader reader)
    {
        int size = reader.ReadInt32();
        if (size != Size)
            throw new InvalidDataException($"statistics of {size} observations, expected {Size}");
        _count = reader.ReadDouble();
        for (int i = 0; i < Size; i++)
            _mean[i] = reader.ReadDouble();
        for (int i = 0; i < Size; i++)
            _squares[i] = reader.ReadDouble();
    }

    private double Scale(int i)
    {
        if (_count == 0)
            return 1;
        double variance = _squares[i] / _count;
        return variance < Epsilon ? 0 : 1 / Math.Sqrt(variance + Epsilon);
    }
}
