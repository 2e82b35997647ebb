using System.Diagnostics;

namespace Legato.Runtime.Benchmarks;

/// <summary>One figure, with the reference measured beside it in the same run.</summary>
/// <param name="Name">What was measured.</param>
/// <param name="Value">The figure: a median where it is a time.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="Reference">The reference of the same run, in the same unit, or null.</param>
/// <param name="ReferenceName">What the reference is.</param>
/// <param name="Ratio">Value over reference: the figure that machines can be compared by.</param>
/// <param name="Note">What else to know.</param>
public sealed record BenchmarkResult(string Name, double Value, string Unit, double? Reference = null, string? ReferenceName = null, double? Ratio = null, string? Note = null);

/// <summary>A benchmark of <c>legato bench</c>.</summary>
public interface IBenchmark
{
    /// <summary>Name on the command line.</summary>
    string Name { get; }

    /// <summary>Measures.</summary>
    IEnumerable<BenchmarkResult> Run(CancellationToken cancellation);
}

/// <summary>Timing of short pieces of work on a noisy machine: pairs and medians.</summary>
internal static class Stopwatches
{
    /// <summary>Median of the times that a piece of work takes, s.</summary>
    public static double MedianSeconds(int rounds, Action work) => Median([.. Enumerable.Range(0, rounds).Select(_ => Seconds(work))]);

    /// <summary>Times two pieces of work in turns, so that both see the same machine: the medians, and the median of the ratios.</summary>
    public static (double A, double B, double RatioOfRates) Paired(int rounds, Action a, Action b)
    {
        var times = new (double A, double B)[rounds];
        for (int i = 0; i < rounds; i++)
        {
            // Whoever comes second finds warmer caches, so the order alternates.
            if (i % 2 == 0)
                times[i] = (Seconds(a), Seconds(b));
            else
                times[i] = times[i] with { B = Seconds(b), A = Seconds(a) };
        }
        return (Median([.. times.Select(t => t.A)]), Median([.. times.Select(t => t.B)]), Median([.. times.Select(t => t.B / t.A)]));
    }

    private static double Seconds(Action work)
    {
        long start = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static double Median(double[] values)
    {
        Array.Sort(values);
        int middle = values.Length / 2;
        return values.Length % 2 == 1 ? values[middle] : 0.5 * (values[middle - 1] + values[middle]);
    }
}
