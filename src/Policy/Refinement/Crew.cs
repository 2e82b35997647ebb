using System.Threading.Channels;

namespace Legato.Policy.Refinement;

/// <summary>A few workers, each with a tool of its own, that do jobs for whoever awaits them; lower ranks first, then larger jobs.</summary>
/// <remarks>What awaits a job goes on, on its worker, when the job is done: keep that short. Thread-safe.</remarks>
/// <typeparam name="T">What a worker needs, and no two may use at once.</typeparam>
internal sealed class Crew<T> : IDisposable
{
    private readonly Channel<Job> _jobs = Channel.CreateUnboundedPrioritized(new UnboundedPrioritizedChannelOptions<Job> { Comparer = Comparer<Job>.Create((a, b) => (a.Rank, -a.Size).CompareTo((b.Rank, -b.Size))) });
    private readonly Task[] _workers;

    public Crew(IEnumerable<T> tools) => _workers = [.. tools.Select(tool => Task.Run(() => WorkAsync(tool)))];

    /// <summary>Has a job done.</summary>
    /// <param name="rank">Of the jobs that wait, one of the lowest rank is next,</param>
    /// <param name="size">and of these the largest: no worker should be left with it at the end.</param>
    /// <param name="work">The job.</param>
    /// <returns>Done with the job; fails as it fails.</returns>
    public Task DoAsync(int rank, int size, Action<T> work)
    {
        var job = new Job(rank, size, work, new TaskCompletionSource());
        _jobs.Writer.TryWrite(job);
        return job.Done.Task;
    }

    /// <summary>Waits until all jobs are done.</summary>
    public void Dispose()
    {
        _jobs.Writer.TryComplete();
        Task.WaitAll(_workers);
    }

    private async Task WorkAsync(T tool)
    {
        await foreach (Job job in _jobs.Reader.ReadAllAsync())
        {
            try
            {
                job.Work(tool);
            }
            catch (Exception e)
            {
                job.Done.SetException(e);
                continue;
            }
            job.Done.SetResult();
        }
    }

    private sealed record Job(int Rank, int Size, Action<T> Work, TaskCompletionSource Done);
}
