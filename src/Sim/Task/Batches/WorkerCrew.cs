using System.Runtime.ExceptionServices;

namespace Legato.Sim.Tasks.Batches;

/// <summary>Threads that do the same work on a number of items again and again, the calling thread among them.</summary>
/// <remarks>Who takes which item is left to chance, so that none waits. One caller at a time. <see cref="Run"/> allocates nothing unless work throws.</remarks>
internal sealed class WorkerCrew : IDisposable
{
    private readonly Action<int> _work;
    private readonly Thread[] _helpers;
    private readonly SemaphoreSlim _go = new(0);
    private readonly ManualResetEventSlim _allDone = new();
    private readonly Lock _errorLock = new();
    private int _items, _next, _busy;
    private int _failedItem;
    private ExceptionDispatchInfo? _error;
    private volatile bool _stop;

    /// <summary>Starts the threads.</summary>
    /// <param name="threads">How many work, 1 or more; the caller is one of them.</param>
    /// <param name="work">What is done with an item, given by its number.</param>
    public WorkerCrew(int threads, Action<int> work)
    {
        _work = work;
        _helpers = [.. Enumerable.Range(1, threads - 1).Select(i => new Thread(Help) { Name = $"worker {i}", IsBackground = true })];
        foreach (Thread helper in _helpers)
            helper.Start();
    }

    /// <summary>Does the work on items 0 to <paramref name="items"/> − 1 and returns when all are done. Rethrows what the first of them threw.</summary>
    public void Run(int items)
    {
        (_items, _next, _error) = (items, -1, null);
        if (_helpers.Length > 0)
        {
            Volatile.Write(ref _busy, _helpers.Length);
            _allDone.Reset();
            _go.Release(_helpers.Length);
        }
        WorkOff();
        if (_helpers.Length > 0)
            _allDone.Wait();
        _error?.Throw();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stop = true;
        if (_helpers.Length > 0)
            _go.Release(_helpers.Length);
        foreach (Thread helper in _helpers)
            helper.Join();
        _go.Dispose();
        _allDone.Dispose();
    }

    private void Help()
    {
        while (true)
        {
            // A helper may be let go twice while another sleeps: then it finds nothing left to do.
            _go.Wait();
            if (_stop)
                return;
            WorkOff();
            if (Interlocked.Decrement(ref _busy) == 0)
                _allDone.Set();
        }
    }

    private void WorkOff()
    {
        for (int item = Interlocked.Increment(ref _next); item < _items; item = Interlocked.Increment(ref _next))
        {
            try
            {
                _work(item);
            }
            catch (Exception e)
            {
                Keep(item, e);
            }
        }
    }

    // Of several errors the one of the first item, whoever was faster.
    private void Keep(int item, Exception error)
    {
        lock (_errorLock)
        {
            if (_error is null || item < _failedItem)
                (_error, _failedItem) = (ExceptionDispatchInfo.Capture(error), item);
        }
    }
}
