namespace Legato.Music;

/// <summary>A meta event: about the music, not sent to instruments.</summary>
public abstract record MetaEvent : MidiEvent;

/// <summary>Number of the sequence, type 0x00.</summary>
public sealed record SequenceNumberEvent(ushort Number) : MetaEvent;

/// <summary>A meta event with text.</summary>
/// <param name="Text">The text; null only under <see cref="ZeroLengthDataPolicy.ReadAsNull"/>.</param>
public abstract record BaseTextEvent(string? Text) : MetaEvent;

/// <summary>Any text, type 0x01.</summary>
public sealed record TextEvent(string? Text) : BaseTextEvent(Text);

/// <summary>Copyright, type 0x02.</summary>
public sealed record CopyrightNoticeEvent(string? Text) : BaseTextEvent(Text);

/// <summary>Name of the sequence or track, type 0x03.</summary>
public sealed record SequenceTrackNameEvent(string? Text) : BaseTextEvent(Text);

/// <summary>Name of the instrument, type 0x04.</summary>
public sealed record InstrumentNameEvent(string? Text) : BaseTextEvent(Text);

/// <summary>A syllable, type 0x05.</summary>
public sealed record LyricEvent(string? Text) : BaseTextEvent(Text);

/// <summary>A marked place, type 0x06.</summary>
public sealed record MarkerEvent(string? Text) : BaseTextEvent(Text);

/// <summary>A cue, type 0x07.</summary>
public sealed record CuePointEvent(string? Text) : BaseTextEvent(Text);

/// <summary>Name of the program, type 0x08.</summary>
public sealed record ProgramNameEvent(string? Text) : BaseTextEvent(Text);

/// <summary>Name of the device, type 0x09.</summary>
public sealed record DeviceNameEvent(string? Text) : BaseTextEvent(Text);

/// <summary>Channel of the meta events that follow, type 0x20.</summary>
public sealed record ChannelPrefixEvent(byte Channel) : MetaEvent;

/// <summary>Port of the events that follow, type 0x21.</summary>
public sealed record PortPrefixEvent(byte Port) : MetaEvent;

/// <summary>End of the track, type 0x2F.</summary>
public sealed record EndOfTrackEvent : MetaEvent;

/// <summary>Tempo, type 0x51.</summary>
/// <param name="MicrosecondsPerQuarterNote">1..16777215; 500000 is 120 beats per minute.</param>
public sealed record SetTempoEvent(int MicrosecondsPerQuarterNote) : MetaEvent
{
    /// <summary>500000 µs, the tempo before the first event.</summary>
    public const int DefaultMicrosecondsPerQuarterNote = 500_000;
}

/// <summary>SMPTE time at which the track starts, type 0x54.</summary>
/// <param name="Hours">0..23, with the frame rate in bits 5 and 6.</param>
/// <param name="Minutes">0..59.</param>
/// <param name="Seconds">0..59.</param>
/// <param name="Frames">0..29.</param>
/// <param name="SubFrames">0..99.</param>
public sealed record SmpteOffsetEvent(byte Hours, byte Minutes, byte Seconds, byte Frames, byte SubFrames) : MetaEvent;

/// <summary>Time signature, type 0x58.</summary>
/// <param name="Numerator">1..255.</param>
/// <param name="Denominator">1, 2, 4 ... 128.</param>
/// <param name="ClocksPerClick">MIDI clocks per metronome click.</param>
/// <param name="ThirtySecondNotesPerBeat">32nd notes per 24 MIDI clocks.</param>
public sealed record TimeSignatureEvent(byte Numerator, byte Denominator, byte ClocksPerClick = 24, byte ThirtySecondNotesPerBeat = 8) : MetaEvent;

/// <summary>Key signature, type 0x59.</summary>
/// <param name="Key">−7 (seven flats) .. 7 (seven sharps).</param>
/// <param name="Scale">0 major, 1 minor.</param>
public sealed record KeySignatureEvent(sbyte Key, byte Scale) : MetaEvent;
