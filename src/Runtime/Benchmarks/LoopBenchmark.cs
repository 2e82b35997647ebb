using Legato.Runtime.Loop;

namespace Legato.Runtime.Benchmarks;

/// <summary>Lateness of a 20 Hz thread with absolute deadlines, with and without real-time priority.</summary>
public sealed class LoopBenchmark : IBenchmark
{
    private const int Cycles = 100;
    private const long PeriodNs = 50_000_000;

    /// <inheritdoc/>
    public string Name => "loop";

    /// <inheritdoc/>
    public IEnumerable<BenchmarkResult> Run(CancellationToken cancellation)
    {
        (LatencySummary plain, _) = Measure(promote: false);
        cancellation.ThrowIfCancellationRequested();
        (LatencySummary realTime, string grant) = Measure(promote: true);
        yield return new BenchmarkResult("loop_lateness_p50", realTime.P50, "us", plain.P50, "normal priority", Note: grant);
        yield return new BenchmarkResult("loop_lateness_p99", realTime.P99, "us", plain.P99, "normal priority", Note: grant);
        yield return new BenchmarkResult("loop_lateness_max", realTime.Max, "us", plain.Max, "normal priority", Note: $"{Cycles} cycles of 50 ms");
    }

    private static (LatencySummary Summary, string Grant) Measure(bool promote)
    {
        var clock = new MonotonicClock();
        var histogram = new LatencyHistogram();
        string grant = "normal priority";
        var thread = new Thread(() =>
        {
            if (promote)
                grant = RealTimeThread.TryPromote(lockMemory: false).Summary;
            long start = clock.Now + PeriodNs;
            for (int i = 0; i < Cycles; i++)
            {
                long deadline = start + (i * PeriodNs);
                clock.SleepUntil(deadline);
                histogram.Record(clock.Now - deadline);
            }
        });
        thread.Start();
        thread.Join();
        return (histogram.Summary(), grant);
    }
}
