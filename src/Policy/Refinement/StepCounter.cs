namespace Legato.Policy.Refinement;

/// <summary>Counts simulated control steps. Thread-safe.</summary>
internal sealed class StepCounter
{
    private long _total;

    /// <summary>Steps so far.</summary>
    public long Total => Interlocked.Read(ref _total);

    /// <summary>Counts one more.</summary>
    public void Add() => Interlocked.Increment(ref _total);
}
