namespace Legato.Music;

/// <summary>An event of a track.</summary>
/// <remarks>Events are immutable values: two are equal when type, time and content are.</remarks>
public abstract record MidiEvent
{
    private protected MidiEvent() { }

    /// <summary>Ticks since the event before it in the track, 0..268435455.</summary>
    public long DeltaTime { get; init; }
}

/// <summary>An event of one of the sixteen channels.</summary>
/// <param name="Channel">0..15.</param>
public abstract record ChannelEvent(byte Channel) : MidiEvent;

/// <summary>A note begins or ends.</summary>
/// <param name="Channel">0..15.</param>
/// <param name="NoteNumber">0..127; 60 is middle C.</param>
/// <param name="Velocity">0..127.</param>
public abstract record NoteEvent(byte Channel, byte NoteNumber, byte Velocity) : ChannelEvent(Channel);

/// <summary>A note ends.</summary>
public sealed record NoteOffEvent(byte Channel, byte NoteNumber, byte Velocity) : NoteEvent(Channel, NoteNumber, Velocity);

/// <summary>A note begins; with velocity 0 it ends.</summary>
public sealed record NoteOnEvent(byte Channel, byte NoteNumber, byte Velocity) : NoteEvent(Channel, NoteNumber, Velocity);

/// <summary>Pressure on one key.</summary>
public sealed record NoteAftertouchEvent(byte Channel, byte NoteNumber, byte AftertouchValue) : ChannelEvent(Channel);

/// <summary>A controller moves; 64 is the sustain pedal.</summary>
public sealed record ControlChangeEvent(byte Channel, byte ControlNumber, byte ControlValue) : ChannelEvent(Channel);

/// <summary>Another instrument.</summary>
public sealed record ProgramChangeEvent(byte Channel, byte ProgramNumber) : ChannelEvent(Channel);

/// <summary>Pressure on the whole channel.</summary>
public sealed record ChannelAftertouchEvent(byte Channel, byte AftertouchValue) : ChannelEvent(Channel);

/// <summary>The pitch wheel, 0..16383, centre 8192.</summary>
public sealed record PitchBendEvent(byte Channel, ushort PitchValue) : ChannelEvent(Channel);

/// <summary>A system real-time byte: clock, start, continue, stop or active sensing.</summary>
/// <param name="Status">0xF8, 0xFA, 0xFB, 0xFC or 0xFE.</param>
public sealed record SystemRealTimeEvent(byte Status) : MidiEvent;

/// <summary>A system common message: time code, song position, song select or tune request.</summary>
/// <param name="Status">0xF1 and 0xF3 (one data byte), 0xF2 (two), 0xF6 (none).</param>
/// <param name="Data1">First data byte, or 0.</param>
/// <param name="Data2">Second data byte, or 0.</param>
public sealed record SystemCommonEvent(byte Status, byte Data1, byte Data2) : MidiEvent
{
    /// <summary>How many data bytes a system common status has; −1 if it is none.</summary>
    internal static int DataLength(byte status) => status switch { 0xF1 or 0xF3 => 1, 0xF2 => 2, 0xF6 => 0, _ => -1 };
}

/// <summary>An event with bytes that only their maker understands. Compared by content.</summary>
/// <param name="Data">The bytes; null only under <see cref="ZeroLengthDataPolicy.ReadAsNull"/>.</param>
public abstract record DataEvent(byte[]? Data) : MidiEvent
{
    /// <inheritdoc/>
    public virtual bool Equals(DataEvent? other) => other is not null
        && EqualityContract == other.EqualityContract && DeltaTime == other.DeltaTime
        && (Data is null) == (other.Data is null) && Data.AsSpan().SequenceEqual(other.Data);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(EqualityContract, DeltaTime, Data?.Length);
}

/// <summary>System exclusive, status 0xF0; the data end with 0xF7 unless it goes on in an <see cref="EscapeSysExEvent"/>.</summary>
public sealed record NormalSysExEvent(byte[]? Data) : DataEvent(Data);

/// <summary>Status 0xF7: more of a system exclusive, or any bytes to send as they are.</summary>
public sealed record EscapeSysExEvent(byte[]? Data) : DataEvent(Data);

/// <summary>A meta event of a sequencer's own, type 0x7F.</summary>
public sealed record SequencerSpecificEvent(byte[]? Data) : DataEvent(Data);

/// <summary>A meta event of a type that the format does not define.</summary>
public sealed record UnknownMetaEvent(byte StatusByte, byte[]? Data) : DataEvent(Data);
