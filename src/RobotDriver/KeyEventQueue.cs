namespace Legato.RobotDriver;

/// <summary>Key events on their way from the thread that sees them to the control thread.</summary>
/// <remarks>One thread adds, one takes; free of locks; allocates nothing after construction.</remarks>
internal sealed class KeyEventQueue
{
    /// <summary>How many events fit: every key down and up again five times between two cycles.</summary>
    public const int Capacity = 1024;

    private readonly KeyEvent[] _events = new KeyEvent[Capacity];
    private long _added;
    private long _taken;
    private long _overflows;

    /// <summary>Events that found no room.</summary>
    public long Overflows => Volatile.Read(ref _overflows);

    /// <summary>Adds an event. When the queue is full it is dropped and counted: nobody has read for hundreds of events.</summary>
    public bool TryAdd(in KeyEvent key)
    {
        if (_added - Volatile.Read(ref _taken) == Capacity)
        {
            Volatile.Write(ref _overflows, _overflows + 1);
            return false;
        }
        _events[_added % Capacity] = key;
        Volatile.Write(ref _added, _added + 1);
        return true;
    }

    /// <summary>Takes the oldest event. False when there is none.</summary>
    public bool TryTake(out KeyEvent key)
    {
        if (_taken == Volatile.Read(ref _added))
        {
            key = default;
            return false;
        }
        key = _events[_taken % Capacity];
        Volatile.Write(ref _taken, _taken + 1);
        return true;
    }
}
