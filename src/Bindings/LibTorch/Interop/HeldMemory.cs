namespace TorchSharp.Interop;

/// <summary>Sends the collector, which sees no native memory, for tensors that nobody disposed of, once all together hold much.</summary>
/// <remarks>
/// <see cref="GC.AddMemoryPressure"/> counts what comes more than what goes: a loop that disposes of all it makes had two full collections in every
/// gradient step. Thread-safe.
/// </remarks>
internal static class HeldMemory
{
    // What a learner holds at once is well below.
    private const long Least = 256 << 20;

    private static long _held, _limit = Least;

    /// <summary>A tensor holds this many bytes from now on.</summary>
    public static void Add(long bytes)
    {
        long held = Interlocked.Add(ref _held, bytes), limit = Volatile.Read(ref _limit);
        if (held > limit)
        {
            // Finalizers take their time, and what is in use stays: none collects again before it has doubled.
            if (Interlocked.CompareExchange(ref _limit, 2 * held, limit) == limit)
                GC.Collect();
        }
        else if (limit > Least && held < limit / 4)
        {
            Interlocked.CompareExchange(ref _limit, Math.Max(Least, limit / 2), limit);
        }
    }

    /// <summary>It holds them no more.</summary>
    public static void Remove(long bytes) => Interlocked.Add(ref _held, -bytes);
}
