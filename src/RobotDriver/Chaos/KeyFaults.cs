using Legato.Sim.Piano;

namespace Legato.RobotDriver.Chaos;

/// <summary>A key that is reported down without having been touched, and never up again.</summary>
/// <param name="window">From when on.</param>
/// <param name="stuck">The key, 0..87.</param>
public sealed class StuckNote(FaultWindow window, int stuck) : RobotFault("stuck_note", window)
{
    private bool _sent;

    /// <inheritdoc/>
    public override bool OnKey(bool open, long now, ref KeyEvent key) => !(open && key.Key == stuck);

    /// <inheritdoc/>
    public override bool TryMakeKey(bool open, long now, out KeyEvent key)
    {
        key = new KeyEvent((byte)stuck, true, SimRobot.KeyVelocity, now);
        bool make = open && !_sent;
        _sent |= make;
        return make;
    }
}

/// <summary>Note-offs that get lost.</summary>
/// <param name="window">When.</param>
/// <param name="share">Probability that one is lost, 0..1.</param>
public sealed class DropNoteOffs(FaultWindow window, double share) : RobotFault("drop_note_offs", window)
{
    private Random _random = new(0);

    /// <inheritdoc/>
    public override void Bind(IRobot robot, int seed) => _random = new Random(seed);

    /// <inheritdoc/>
    public override bool OnKey(bool open, long now, ref KeyEvent key) => key.Down || !open || _random.NextDouble() >= share;
}

/// <summary>Every key event arrives twice.</summary>
/// <param name="window">When.</param>
public sealed class DuplicateKeys(FaultWindow window) : RobotFault("duplicate_keys", window)
{
    private readonly KeyEventQueue _twins = new();

    /// <inheritdoc/>
    public override bool OnKey(bool open, long now, ref KeyEvent key)
    {
        if (open)
            _twins.TryAdd(key);
        return true;
    }

    /// <inheritdoc/>
    public override bool TryMakeKey(bool open, long now, out KeyEvent key) => _twins.TryTake(out key);
}

/// <summary>A keyboard that goes mad: events of all keys, far more than fingers can make.</summary>
/// <param name="window">When.</param>
/// <param name="rate">Events per second, above 0.</param>
public sealed class KeyStorm(FaultWindow window, double rate) : RobotFault("key_storm", window)
{
    private Random _random = new(0);
    private long _begun = -1, _made;
    private byte _last;

    /// <inheritdoc/>
    public override void Bind(IRobot robot, int seed) => _random = new Random(seed);

    /// <inheritdoc/>
    public override bool TryMakeKey(bool open, long now, out KeyEvent key)
    {
        key = default;
        if (!open)
            return false;
        _begun = _begun < 0 ? now : _begun;
        if (_made >= (now - _begun) * 1e-9 * rate)
            return false;
        // Down and up in turn, so that the keyboard is as it was once the storm is over.
        bool down = _made++ % 2 == 0;
        if (down)
            _last = (byte)_random.Next(PianoGeometry.KeyCount);
        key = new KeyEvent(_last, down, SimRobot.KeyVelocity, now);
        return true;
    }
}

/// <summary>Key events that arrive late, each by another time; their stamps are those of the arrival.</summary>
/// <param name="window">When.</param>
/// <param name="delay">Shortest delay.</param>
/// <param name="jitter">Longest addition to it.</param>
public sealed class DelayKeys(FaultWindow window, TimeSpan delay, TimeSpan jitter) : RobotFault("delay_keys", window)
{
    private readonly KeyEventQueue _waiting = new();
    private Random _random = new(0);
    private KeyEvent _next;
    private bool _hasNext;

    /// <inheritdoc/>
    public override void Bind(IRobot robot, int seed) => _random = new Random(seed);

    /// <inheritdoc/>
    public override bool OnKey(bool open, long now, ref KeyEvent key)
    {
        if (!open)
            return true;
        double late = delay.TotalNanoseconds + (_random.NextDouble() * jitter.TotalNanoseconds);
        _waiting.TryAdd(key with { Stamp = key.Stamp + (long)late });
        return false;
    }

    /// <inheritdoc/>
    public override bool TryMakeKey(bool open, long now, out KeyEvent key)
    {
        // Events do not overtake each other on a cable.
        _hasNext = _hasNext || _waiting.TryTake(out _next);
        key = _next;
        bool due = _hasNext && (!open || _next.Stamp <= now);
        _hasNext &= !due;
        return due;
    }
}
