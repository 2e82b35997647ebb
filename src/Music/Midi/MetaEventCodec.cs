using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace Legato.Music;

/// <summary>Meta events from and to their type and data. Stateless.</summary>
internal static class MetaEventCodec
{
    /// <summary>A value or length out of range; the reader adds file and offset.</summary>
    internal sealed class InvalidValueException(string problem, string expected) : Exception(problem)
    {
        public string Expected { get; } = expected;
    }

    public static MidiEvent Decode(byte type, byte[]? data, ReadingSettings settings)
    {
        if (type is >= 0x01 and <= 0x09)
            return Text(type, data is null ? null : settings.TextEncoding.GetString(data));
        bool snap = settings.InvalidMetaEventParameterValuePolicy == InvalidParameterValuePolicy.SnapToLimits;
        ReadOnlySpan<byte> d = data;
        int needed = type switch { 0x00 or 0x59 => 2, 0x20 or 0x21 => 1, 0x51 => 3, 0x54 => 5, 0x58 => 4, _ => 0 };
        if (d.Length < needed)
        {
            return snap ? new UnknownMetaEvent(type, data)
                : throw new InvalidValueException($"meta event 0x{type:X2} with {d.Length} bytes of data", $"{needed}");
        }
        int Limit(int value, int low, int high, string what) => value >= low && value <= high ? value
            : snap ? Math.Clamp(value, low, high)
            : throw new InvalidValueException($"{what} {value}", $"{low}..{high}");
        return type switch
        {
            0x00 => new SequenceNumberEvent(BinaryPrimitives.ReadUInt16BigEndian(d)),
            0x20 => new ChannelPrefixEvent((byte)Limit(d[0], 0, 15, "channel prefix")),
            0x21 => new PortPrefixEvent((byte)Limit(d[0], 0, 127, "port prefix")),
            0x2F => new EndOfTrackEvent(),
            0x51 => new SetTempoEvent(Limit((d[0] << 16) | (d[1] << 8) | d[2], 1, 0xFFFFFF, "tempo (microseconds per quarter note)")),
            0x54 => new SmpteOffsetEvent((byte)(d[0] & 0xE0 | Limit(d[0] & 0x1F, 0, 23, "hour")), (byte)Limit(d[1], 0, 59, "minute"),
                (byte)Limit(d[2], 0, 59, "second"), (byte)Limit(d[3], 0, 29, "frame"), (byte)Limit(d[4], 0, 99, "sub-frame")),
            0x58 => new TimeSignatureEvent((byte)Limit(d[0], 1, 255, "numerator"),
                (byte)(1 << Limit(d[1], 0, 7, "power of two of the denominator")), d[2], d[3]),
            0x59 => new KeySignatureEvent((sbyte)Limit((sbyte)d[0], -7, 7, "key signature"), (byte)Limit(d[1], 0, 1, "scale")),
            0x7F => new SequencerSpecificEvent(data),
            _ => new UnknownMetaEvent(type, data),
        };
    }

    /// <exception cref="ArgumentException">A value is out of range, or the event is no meta event.</exception>
    public static (byte Type, byte[] Data) Encode(MidiEvent e, Encoding encoding) => e switch
    {
        SequenceNumberEvent s => (0x00, [(byte)(s.Number >> 8), (byte)s.Number]),
        BaseTextEvent t => (TypeOf(t), encoding.GetBytes(t.Text ?? "")),
        ChannelPrefixEvent { Channel: <= 15 } c => (0x20, [c.Channel]),
        PortPrefixEvent { Port: <= 127 } p => (0x21, [p.Port]),
        EndOfTrackEvent => (0x2F, []),
        SetTempoEvent { MicrosecondsPerQuarterNote: >= 1 and <= 0xFFFFFF and var tempo } =>
            (0x51, [(byte)(tempo >> 16), (byte)(tempo >> 8), (byte)tempo]),
        SmpteOffsetEvent { Minutes: <= 59, Seconds: <= 59, Frames: <= 29, SubFrames: <= 99 } s when (s.Hours & 0x1F) <= 23 =>
            (0x54, [s.Hours, s.Minutes, s.Seconds, s.Frames, s.SubFrames]),
        TimeSignatureEvent { Numerator: >= 1 } t when BitOperations.IsPow2((uint)t.Denominator) =>
            (0x58, [t.Numerator, (byte)BitOperations.Log2(t.Denominator), t.ClocksPerClick, t.ThirtySecondNotesPerBeat]),
        KeySignatureEvent { Key: >= -7 and <= 7, Scale: <= 1 } k => (0x59, [(byte)k.Key, k.Scale]),
        SequencerSpecificEvent s => (0x7F, s.Data ?? []),
        UnknownMetaEvent u => (u.StatusByte, u.Data ?? []),
        _ => throw new ArgumentException($"{e} has a value that a MIDI file cannot hold."),
    };

    private static BaseTextEvent Text(byte type, string? text) => type switch
    {
        0x01 => new TextEvent(text),
        0x02 => new CopyrightNoticeEvent(text),
        0x03 => new SequenceTrackNameEvent(text),
        0x04 => new InstrumentNameEvent(text),
        0x05 => new LyricEvent(text),
        0x06 => new MarkerEvent(text),
        0x07 => new CuePointEvent(text),
        0x08 => new ProgramNameEvent(text),
        _ => new DeviceNameEvent(text),
    };

    private static byte TypeOf(BaseTextEvent e) => e switch
    {
        TextEvent => 0x01,
        CopyrightNoticeEvent => 0x02,
        SequenceTrackNameEvent => 0x03,
        InstrumentNameEvent => 0x04,
        LyricEvent => 0x05,
        MarkerEvent => 0x06,
        CuePointEvent => 0x07,
        ProgramNameEvent => 0x08,
        _ => 0x09,
    };
}
