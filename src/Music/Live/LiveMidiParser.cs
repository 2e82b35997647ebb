namespace Legato.Music;

/// <summary>
/// Turns the bytes of a MIDI cable into events, one byte at a time, as they come (MIDI 1.0 Detailed Specification).
/// </summary>
/// <remarks>
/// Understands running status, real-time bytes inside messages, system exclusive of any length, and starting in the
/// middle of a message. Allocates nothing. One thread at a time.
/// </remarks>
public sealed class LiveMidiParser
{
    /// <summary>A sender that once sent active sensing is gone when it is silent for this long: 0.3 s.</summary>
    public static readonly TimeSpan ActiveSensingTimeout = TimeSpan.FromMilliseconds(300);

    private const byte ActiveSensing = 0xFE;
    private const byte SystemReset = 0xFF;
    private const byte FirstRealTime = 0xF8;
    private const byte FirstSystem = 0xF0;

    // The status that data bytes belong to; 0 where they belong to nothing we read.
    private byte _status;
    private byte _first;
    private bool _hasFirst;
    private bool _isSkipping;

    /// <summary>Messages that became events.</summary>
    public long Received { get; private set; }

    /// <summary>Signs of lost bytes: data bytes without a status, and messages that another one cut off.</summary>
    public long Lost { get; private set; }

    /// <summary>When the last byte of any kind arrived, in the caller's time.</summary>
    public long LastByteStamp { get; private set; }

    /// <summary>True once the sender has sent active sensing, and so promised not to be silent.</summary>
    public bool HasActiveSensing { get; private set; }

    /// <summary>Takes the next byte. True if it completes an event.</summary>
    /// <param name="value">The byte.</param>
    /// <param name="stamp">When it arrived, in any unit and from any origin.</param>
    /// <param name="e">The event.</param>
    public bool TryParse(byte value, long stamp, out LiveMidiEvent e)
    {
        e = default;
        LastByteStamp = stamp;
        if (value >= FirstRealTime)
        {
            // Real-time bytes may stand anywhere and change nothing, a reset excepted.
            HasActiveSensing |= value == ActiveSensing;
            if (value == SystemReset)
                Reset();
            return false;
        }
        if (value >= 0x80)
        {
            StartMessage(value);
            return false;
        }
        return TakeData(value, stamp, out e);
    }

    private void Reset() => (_status, _hasFirst, _isSkipping) = (0, false, false);

    private void StartMessage(byte status)
    {
        Lost += _hasFirst ? 1 : 0;
        _hasFirst = false;
        // System messages end the running status; what follows them up to the next status is not for us.
        _isSkipping = status >= FirstSystem;
        _status = _isSkipping ? (byte)0 : status;
    }

    private bool TakeData(byte value, long stamp, out LiveMidiEvent e)
    {
        e = default;
        if (_status == 0)
        {
            Lost += _isSkipping ? 0 : 1;
            return false;
        }
        int kind = _status >> 4;
        // Program change and channel pressure have one data byte.
        if (kind is 0xC or 0xD)
            return false;
        if (!_hasFirst)
        {
            _first = value;
            _hasFirst = true;
            return false;
        }
        _hasFirst = false;
        LiveMidiEventType? type = kind switch
        {
            0x8 => LiveMidiEventType.NoteOff,
            0x9 => value == 0 ? LiveMidiEventType.NoteOff : LiveMidiEventType.NoteOn,
            0xB => _first is 120 or >= 123 ? LiveMidiEventType.AllNotesOff : LiveMidiEventType.ControlChange,
            _ => null,
        };
        if (type is not { } known)
            return false;
        Received++;
        e = new LiveMidiEvent(known, (byte)(_status & 0x0F), _first, value, stamp);
        return true;
    }
}
