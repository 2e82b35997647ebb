namespace Legato.Music;

/// <summary>What a keyboard says that matters here.</summary>
public enum LiveMidiEventType : byte
{
    /// <summary>A key came up; also a note-on with velocity 0.</summary>
    NoteOff,

    /// <summary>A key went down.</summary>
    NoteOn,

    /// <summary>A controller moved; 64 is the sustain pedal.</summary>
    ControlChange,

    /// <summary>All notes of the channel are off: channel mode messages 120 and 123..127.</summary>
    AllNotesOff,
}

/// <summary>A message from a keyboard.</summary>
/// <param name="Type">What it says.</param>
/// <param name="Channel">0..15.</param>
/// <param name="Number">Note or controller number, 0..127.</param>
/// <param name="Value">Velocity or controller value, 0..127.</param>
/// <param name="Stamp">When its last byte arrived, in the caller's time.</param>
public readonly record struct LiveMidiEvent(LiveMidiEventType Type, byte Channel, byte Number, byte Value, long Stamp);
