using System.Diagnostics;

using Legato.Policy.Refinement;

namespace Legato.Policy.Planning;

/// <summary>Clock, threads, messages and end of one call of the planner.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class PlanRun(PlannerOptions options, IProgress<PlanProgress>? progress, CancellationToken stop) : IProgress<SamplingProgress>
{
    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly Lock _sync = new();
    private double? _best;
    private long _envSteps;

    /// <summary>Wall-clock time so far, s.</summary>
    public double Elapsed => Stopwatch.GetElapsedTime(_start).TotalSeconds;

    /// <summary>True when the budget is used up or somebody asked to stop: what is best so far is the plan.</summary>
    public bool IsOver => Stop.IsCancellationRequested || Elapsed > options.Seconds;

    /// <summary>True once something was played with the piano.</summary>
    public bool HasPlayed
    {
        get
        {
            lock (_sync)
                return _best is not null;
        }
    }

    /// <summary>Asks to stop at once.</summary>
    public CancellationToken Stop => stop;

    /// <summary>Control steps simulated so far.</summary>
    public long EnvSteps => Interlocked.Read(ref _envSteps);

    /// <summary>Breaks off work at a step when somebody asked to stop.</summary>
    /// <exception cref="OperationCanceledException">Somebody did.</exception>
    public void CheckStop(int step) => Stop.ThrowIfCancellationRequested();

    /// <summary>Counts control steps.</summary>
    public void Count(long envSteps) => Interlocked.Add(ref _envSteps, envSteps);

    /// <summary>Does a piece of work per item on as many threads as there may be; after a stop, what is under way ends and no more begins.</summary>
    public void ForEach<T>(IReadOnlyList<T> items, Action<T, int> work) =>
        Parallel.For(0, items.Count, new ParallelOptions { MaxDegreeOfParallelism = options.Threads }, (i, loop) =>
        {
            try
            {
                work(items[i], i);
            }
            catch (OperationCanceledException) when (Stop.IsCancellationRequested)
            {
                loop.Stop();
            }
        });

    /// <inheritdoc/>
    public void Report(SamplingProgress value) => Report($"sampling: pass {value.Pass}, window {value.Windows}", value.Best.F1);

    /// <summary>Tells what is going on, and perhaps a new F1; one call at a time.</summary>
    public void Report(string activity, double? f1 = null)
    {
        lock (_sync)
        {
            if (f1 is { } value)
                _best = Math.Max(_best ?? 0, value);
            progress?.Report(new PlanProgress(Elapsed, activity, _best));
        }
    }
}
