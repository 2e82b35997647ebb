using System.Diagnostics;

using Legato.RobotDriver;
using Legato.Runtime.Loop;
using Legato.Runtime.Recording;
using Legato.Runtime.Safety;

namespace Legato.Runtime.Benchmarks.Soak;

/// <summary>Counts late cycles on the control thread, and looks at memory and at the recording from a thread of its own.</summary>
/// <param name="runs">Folder that the run's folder appears in.</param>
internal sealed class SoakWitness(string runs) : IRunObserver, IDisposable
{
    private const double Mebibyte = 1 << 20;

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50), MemoryPeriod = TimeSpan.FromSeconds(5);

    private readonly List<(double Seconds, double Megabytes)> _memory = [];
    private readonly ManualResetEventSlim _end = new();
    private Thread? _thread;
    private volatile bool _moves;

    /// <summary>Cycles that began later than <see cref="SoakBenchmark.Late"/>.</summary>
    public long Late { get; private set; }

    /// <summary>The longest time in which the recording did not grow, ms.</summary>
    public double RecorderLagMs { get; private set; }

    /// <inheritdoc/>
    public void OnCycle(in CycleRecord cycle)
    {
        _moves = true;
        if (cycle.Woke - cycle.Deadline > SoakBenchmark.Late.Ticks * TimeSpan.NanosecondsPerTick)
            Late++;
    }

    /// <inheritdoc/>
    public void OnKey(in KeyEvent key)
    {
    }

    /// <inheritdoc/>
    public void OnTransition(in RunTransition transition)
    {
        // The recording's last bytes come after the run: their time is no lag.
        if (transition.To is RunState.Stopped or RunState.Faulted)
            _moves = false;
    }

    /// <summary>Begins to look.</summary>
    public void Start()
    {
        _thread = new Thread(Watch) { Name = "soak", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Memory at the first sample after warm-up and at the last, MiB, and its growth between, MiB per hour.</summary>
    /// <param name="warmUp">What comes earlier does not count.</param>
    public (double Start, double End, double Slope) Memory(TimeSpan warmUp)
    {
        (double Seconds, double Megabytes)[] samples = [.. _memory.Where(s => s.Seconds >= warmUp.TotalSeconds)];
        if (samples.Length < 2)
            return (double.NaN, double.NaN, double.NaN);
        (double t, double m) = (samples.Average(s => s.Seconds), samples.Average(s => s.Megabytes));
        double slope = samples.Sum(s => (s.Seconds - t) * (s.Megabytes - m)) / samples.Sum(s => (s.Seconds - t) * (s.Seconds - t));
        return (samples[0].Megabytes, samples[^1].Megabytes, slope * TimeSpan.FromHours(1).TotalSeconds);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _end.Set();
        _thread?.Join();
        _end.Dispose();
    }

    private void Watch()
    {
        FileInfo? recording = null;
        (long length, long grew, long remembered) = (0, Stopwatch.GetTimestamp(), 0);
        long start = grew;
        while (!_end.Wait(Look))
        {
            long now = Stopwatch.GetTimestamp();
            recording ??= Directory.EnumerateFiles(runs, RunFolder.RecordingFile, SearchOption.AllDirectories).Select(file => new FileInfo(file)).FirstOrDefault();
            recording?.Refresh();
            if (!_moves || recording is null || recording.Length != length)
                (length, grew) = (recording?.Length ?? 0, now);
            RecorderLagMs = Math.Max(RecorderLagMs, Stopwatch.GetElapsedTime(grew, now).TotalMilliseconds);
            if (remembered != 0 && Stopwatch.GetElapsedTime(remembered, now) < MemoryPeriod)
                continue;
            remembered = now;
            _memory.Add((Stopwatch.GetElapsedTime(start, now).TotalSeconds, Environment.WorkingSet / Mebibyte));
        }
    }
}
