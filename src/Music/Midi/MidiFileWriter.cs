using System.Buffers.Binary;
using System.Text;

namespace Legato.Music;

/// <summary>Writes header and chunks into memory. Stateless.</summary>
internal static class MidiFileWriter
{
    private const long MaxVariableLength = 0x0FFFFFFF;

    public static byte[] Write(MidiFile file, MidiFileFormat format, WritingSettings settings)
    {
        int tracks = file.TrackChunks.Count();
        if (format == MidiFileFormat.SingleTrack && tracks != 1)
            throw new ArgumentException($"Format 0 has one track, this file has {tracks}.", nameof(format));
        if (tracks > ushort.MaxValue)
            throw new ArgumentException($"A MIDI file has at most {ushort.MaxValue} tracks, not {tracks}.", nameof(file));

        using var output = new MemoryStream();
        output.Write("MThd"u8);
        WriteUInt32(output, 6);
        WriteUInt16(output, (ushort)format);
        WriteUInt16(output, (ushort)tracks);
        WriteUInt16(output, (ushort)file.TimeDivision.ToInt16());
        foreach (MidiChunk chunk in file.Chunks)
        {
            byte[] content = chunk is TrackChunk track ? Track(track, settings) : ((UnknownChunk)chunk).Data;
            output.Write(Encoding.Latin1.GetBytes(chunk.ChunkId));
            WriteUInt32(output, (uint)content.Length);
            output.Write(content);
        }
        return output.ToArray();
    }

    private static byte[] Track(TrackChunk track, WritingSettings settings)
    {
        using var output = new MemoryStream();
        byte running = 0;
        MidiEvent? last = null;
        foreach (MidiEvent e in track.Events)
        {
            if (last is EndOfTrackEvent)
                throw new ArgumentException("A track goes on after its end-of-track event.", nameof(track));
            WriteEvent(output, e, settings, ref running);
            last = e;
        }
        if (last is not EndOfTrackEvent)
            WriteEvent(output, new EndOfTrackEvent(), settings, ref running);
        return output.ToArray();
    }

    private static void WriteEvent(MemoryStream output, MidiEvent e, WritingSettings settings, ref byte running)
    {
        WriteVariableLength(output, e.DeltaTime);
        switch (e)
        {
            case ChannelEvent channel:
                (byte status, byte first, byte? second) = Message(channel, settings);
                if (!settings.UseRunningStatus || status != running)
                    output.WriteByte(status);
                running = status;
                output.WriteByte(first);
                if (second is { } value)
                    output.WriteByte(value);
                return;
            case SystemRealTimeEvent { Status: 0xF8 or 0xFA or 0xFB or 0xFC or 0xFE } realTime:
                // Real-time bytes leave the running status as it is.
                output.WriteByte(realTime.Status);
                return;
            case SystemCommonEvent common when SystemCommonEvent.DataLength(common.Status) is >= 0 and var length:
                output.WriteByte(common.Status);
                if (length > 0)
                    output.WriteByte(SevenBits(common.Data1, e));
                if (length > 1)
                    output.WriteByte(SevenBits(common.Data2, e));
                break;
            case NormalSysExEvent or EscapeSysExEvent:
                output.WriteByte(e is NormalSysExEvent ? (byte)0xF0 : (byte)0xF7);
                WriteData(output, ((DataEvent)e).Data ?? []);
                break;
            default:
                (byte type, byte[] data) = MetaEventCodec.Encode(e, settings.TextEncoding);
                output.WriteByte(0xFF);
                output.WriteByte(type);
                WriteData(output, data);
                break;
        }
        running = 0;
    }

    private static (byte Status, byte First, byte? Second) Message(ChannelEvent e, WritingSettings settings)
    {
        if (e.Channel > 15)
            throw new ArgumentException($"{e}: a channel is 0..15.");
        (int kind, byte first, byte? second) = e switch
        {
            NoteOffEvent n when settings.NoteOffAsSilentNoteOn => (0x90, n.NoteNumber, (byte?)0),
            NoteOffEvent n => (0x80, n.NoteNumber, n.Velocity),
            NoteOnEvent n => (0x90, n.NoteNumber, n.Velocity),
            NoteAftertouchEvent a => (0xA0, a.NoteNumber, a.AftertouchValue),
            ControlChangeEvent c => (0xB0, c.ControlNumber, c.ControlValue),
            ProgramChangeEvent p => (0xC0, p.ProgramNumber, default(byte?)),
            ChannelAftertouchEvent a => (0xD0, a.AftertouchValue, default(byte?)),
            PitchBendEvent { PitchValue: <= 0x3FFF } p => (0xE0, (byte)(p.PitchValue & 0x7F), (byte)(p.PitchValue >> 7)),
            _ => throw new ArgumentException($"{e} has a value that a MIDI file cannot hold."),
        };
        return ((byte)(kind | e.Channel), SevenBits(first, e), second is { } s ? SevenBits(s, e) : null);
    }

    private static byte SevenBits(byte value, MidiEvent e) =>
        value <= 127 ? value : throw new ArgumentException($"{e}: a data byte is 0..127, not {value}.");

    private static void WriteData(MemoryStream output, byte[] data)
    {
        WriteVariableLength(output, data.Length);
        output.Write(data);
    }

    private static void WriteVariableLength(MemoryStream output, long value)
    {
        if (value is < 0 or > MaxVariableLength)
            throw new ArgumentException($"A delta time or length is 0..{MaxVariableLength}, not {value}.");
        for (int shift = 21; shift > 0; shift -= 7)
        {
            if (value >> shift != 0)
                output.WriteByte((byte)(value >> shift | 0x80));
        }
        output.WriteByte((byte)(value & 0x7F));
    }

    private static void WriteUInt16(MemoryStream output, ushort value)
    {
        Span<byte> buffer = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(buffer, value);
        output.Write(buffer);
    }

    private static void WriteUInt32(MemoryStream output, uint value)
    {
        Span<byte> buffer = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(buffer, value);
        output.Write(buffer);
    }
}
