namespace Legato.Tests;

/// <summary>What a piece of work allocates on the thread that does it, whatever else the process does.</summary>
internal static class Allocations
{
    private const int Rounds = 5;

    /// <summary>Does the work a few times and gives the bytes of the round that allocated the fewest.</summary>
    /// <remarks>
    /// Work that allocates does so in every round. The runtime does not: what it allocates for itself, a table that grows for
    /// example, comes once, on whatever thread is there, and when depends on the other tests.
    /// </remarks>
    public static long Fewest(Action work)
    {
        long fewest = long.MaxValue;
        for (int round = 0; round < Rounds; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            work();
            fewest = Math.Min(fewest, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        return fewest;
    }
}
