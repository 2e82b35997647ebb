namespace Legato.Runtime.Loop;

/// <summary>Something the control thread wants logged.</summary>
public enum LoopEventKind
{
    /// <summary>A cycle ended after the next was due; the detail is the <see cref="LoopSection"/> to blame.</summary>
    Overrun,

    /// <summary>Cycles were left out; the detail says how many.</summary>
    Skipped,

    /// <summary>The run changed state; the detail is the new <see cref="Safety.RunState"/>.</summary>
    Transition,

    /// <summary>Reports that cannot be true begin to come; the detail is the number of the actuator.</summary>
    Rejected,
}

/// <summary>An entry of the loop's log.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Cycle">In which cycle.</param>
/// <param name="Detail">See <see cref="LoopEventKind"/>.</param>
public readonly record struct LoopEvent(LoopEventKind Kind, long Cycle, int Detail);

/// <summary>Takes events off the control thread without locks: one thread writes, another reads and logs.</summary>
/// <remarks>When the reader falls behind, new events are dropped and counted; the writer never waits.</remarks>
public sealed class LoopEventRing
{
    private readonly LoopEvent[] _events;
    private long _written, _read, _dropped;

    /// <summary>Creates a ring.</summary>
    /// <param name="capacity">Number of events it holds, a power of two.</param>
    public LoopEventRing(int capacity = 1024)
    {
        if (capacity < 1 || (capacity & (capacity - 1)) != 0)
            throw new ArgumentOutOfRangeException(nameof(capacity), capacity, "must be a power of two");
        _events = new LoopEvent[capacity];
    }

    /// <summary>Events that found no place.</summary>
    public long Dropped => Volatile.Read(ref _dropped);

    /// <summary>Puts an event in; for the control thread.</summary>
    public void Write(LoopEvent entry)
    {
        if (_written - Volatile.Read(ref _read) == _events.Length)
        {
            Volatile.Write(ref _dropped, _dropped + 1);
            return;
        }
        _events[_written & (_events.Length - 1)] = entry;
        Volatile.Write(ref _written, _written + 1);
    }

    /// <summary>Takes the oldest event; for the one reading thread.</summary>
    public bool TryRead(out LoopEvent entry)
    {
        entry = default;
        if (_read == Volatile.Read(ref _written))
            return false;
        entry = _events[_read & (_events.Length - 1)];
        Volatile.Write(ref _read, _read + 1);
        return true;
    }
}
