using FsCheck;
using FsCheck.Fluent;
using Legato.Music;

namespace Legato.Tests.Music;

/// <summary>Generators of MIDI files and scores.</summary>
internal static class Generate
{
    public static Gen<byte> SevenBits => Gen.Choose(0, 127).Select(v => (byte)v);

    public static Gen<byte> Channel => Gen.Choose(0, 15).Select(v => (byte)v);

    public static Gen<byte[]> Bytes => ArbMap.Default.GeneratorFor<byte>().ArrayOf();

    /// <summary>Any event that a file can hold, save the end of a track.</summary>
    public static Gen<MidiEvent> Event =>
        from e in Gen.OneOf(ChannelEvent, MetaEvent, DataEvent, SystemEvent)
        from delta in Gen.Frequency((5, Gen.Choose(0, 500)), (1, Gen.Choose(0, 0x0FFFFFFF)))
        select e with { DeltaTime = delta };

    public static Gen<MidiFile> File =>
        from tracks in Event.ListOf().Select(events => new TrackChunk(events)).ListOf()
        from division in Gen.OneOf(
            Gen.Choose(1, short.MaxValue).Select(t => (TimeDivision)new TicksPerQuarterNoteTimeDivision((short)t)),
            from format in Gen.Elements(Enum.GetValues<SmpteFormat>())
            from ticks in Gen.Choose(1, 255)
            select (TimeDivision)new SmpteTimeDivision(format, (byte)ticks))
        select new MidiFile(tracks) { TimeDivision = division };

    /// <summary>Notes on a few keys, at times that often coincide.</summary>
    public static Gen<Score> Score =>
        from notes in (
            from key in Gen.Choose(40, 44)
            from start in Gen.Choose(0, 60)
            from length in Gen.Choose(1, 20)
            from velocity in Gen.Choose(1, 127)
            select new ScoreNote(start * 0.025, (start + length) * 0.025, key, velocity)).ListOf()
        select new Score("generated", notes);

    private static Gen<MidiEvent> ChannelEvent =>
        from channel in Channel
        from a in SevenBits
        from b in SevenBits
        from e in Gen.Elements<MidiEvent>(
            new NoteOnEvent(channel, a, b), new NoteOffEvent(channel, a, b), new NoteAftertouchEvent(channel, a, b), new ControlChangeEvent(channel, a, b),
            new ProgramChangeEvent(channel, a), new ChannelAftertouchEvent(channel, a), new PitchBendEvent(channel, (ushort)((a << 7) | b)))
        select e;

    private static Gen<MidiEvent> MetaEvent =>
        from text in Bytes.Select(System.Text.Encoding.Latin1.GetString)
        from n in Gen.Choose(1, 0xFFFFFF)
        from e in Gen.Elements<MidiEvent>(
            new SequenceNumberEvent((ushort)n), new TextEvent(text), new CopyrightNoticeEvent(text), new SequenceTrackNameEvent(text),
            new InstrumentNameEvent(text), new LyricEvent(text), new MarkerEvent(text), new CuePointEvent(text), new ProgramNameEvent(text),
            new DeviceNameEvent(text), new ChannelPrefixEvent((byte)(n & 15)), new PortPrefixEvent((byte)(n & 127)), new SetTempoEvent(n),
            new SmpteOffsetEvent((byte)(n % 24), (byte)(n % 60), (byte)(n % 59), (byte)(n % 30), (byte)(n % 100)),
            new TimeSignatureEvent((byte)(1 + (n % 255)), (byte)(1 << (n % 8)), (byte)n, 8), new KeySignatureEvent((sbyte)((n % 15) - 7), (byte)(n & 1)))
        select e;

    private static Gen<MidiEvent> DataEvent =>
        from data in Bytes
        from type in Gen.Elements<byte>(0x0A, 0x30, 0x60, 0x7E)
        from e in Gen.Elements<MidiEvent>(
            new NormalSysExEvent(data), new EscapeSysExEvent(data), new SequencerSpecificEvent(data), new UnknownMetaEvent(type, data))
        select e;

    private static Gen<MidiEvent> SystemEvent =>
        from a in SevenBits
        from b in SevenBits
        from e in Gen.Elements<MidiEvent>(
            new SystemRealTimeEvent(0xF8), new SystemRealTimeEvent(0xFE), new SystemCommonEvent(0xF1, a, 0), new SystemCommonEvent(0xF2, a, b),
            new SystemCommonEvent(0xF3, a, 0), new SystemCommonEvent(0xF6, 0, 0))
        select e;
}
