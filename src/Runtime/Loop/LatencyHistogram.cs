using System.Numerics;

namespace Legato.Runtime.Loop;

/// <summary>Counts durations in buckets that are 1/32 of their value wide: percentiles within 3 %, the maximum exactly.</summary>
/// <remarks>For one thread; 15 kB, allocated once.</remarks>
public sealed class LatencyHistogram
{
    // 32 buckets per power of two; the first 64 nanoseconds have one each.
    private const int Bits = 5;
    private readonly long[] _buckets = new long[(63 - Bits + 1) << Bits];

    /// <summary>Number of durations recorded.</summary>
    public long Count { get; private set; }

    /// <summary>The longest one, nanoseconds; 0 when there is none.</summary>
    public long Max { get; private set; }

    /// <summary>Adds a duration in nanoseconds; a negative one counts as 0.</summary>
    public void Record(long nanoseconds)
    {
        long value = Math.Max(0, nanoseconds);
        _buckets[Index(value)]++;
        Count++;
        Max = Math.Max(Max, value);
    }

    /// <summary>Smallest duration that a share of all does not exceed, rounded up to its bucket's end.</summary>
    /// <param name="share">0..1.</param>
    public long Percentile(double share)
    {
        long rank = (long)Math.Ceiling(share * Count);
        long seen = 0;
        for (int i = 0; i < _buckets.Length; i++)
        {
            seen += _buckets[i];
            if (seen >= rank && seen > 0)
                return Math.Min(End(i), Max);
        }
        return 0;
    }

    /// <summary>Median, 99th percentile and maximum in microseconds.</summary>
    public LatencySummary Summary() => new(Percentile(0.50) / 1e3, Percentile(0.99) / 1e3, Max / 1e3);

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        Array.Clear(_buckets);
        (Count, Max) = (0, 0);
    }

    private static int Index(long value)
    {
        int shift = Math.Max(0, BitOperations.Log2((ulong)value) - Bits);
        return (shift << Bits) + (int)(value >> shift);
    }

    private static long End(int index)
    {
        int shift = Math.Max(0, (index >> Bits) - 1);
        long mantissa = index - ((long)shift << Bits);
        return ((mantissa + 1) << shift) - 1;
    }
}

/// <summary>Median, 99th percentile and maximum of a duration, microseconds.</summary>
public readonly record struct LatencySummary(double P50, double P99, double Max);
