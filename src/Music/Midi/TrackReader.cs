namespace Legato.Music;

/// <summary>Reads the events of one track chunk. Used once.</summary>
internal sealed class TrackReader(byte[] bytes, int start, int limit, string name, ReadingSettings settings)
{
    private readonly List<MidiEvent> _events = [];
    private readonly int _start = start;
    private int _position = start;
    private byte _runningStatus;
    private bool _isCutOff;

    /// <summary>Bytes from the start of the track to the end of its last complete event.</summary>
    public int Consumed { get; private set; }

    /// <summary>True once the track was read up to its end, not just to where the file breaks off.</summary>
    public bool IsComplete { get; private set; } = true;

    public TrackChunk Read(bool isCutOff)
    {
        _isCutOff = isCutOff;
        bool ended = false;
        try
        {
            while (!ended && _position < limit)
            {
                MidiEvent? e = ReadEvent();
                Consumed = _position - _start;
                ended = e is EndOfTrackEvent;
                if (e is not null && (!ended || settings.EndOfTrackStoringPolicy == EndOfTrackStoringPolicy.Store))
                    _events.Add(e);
            }
            if (!ended && _isCutOff)
                throw OutOfBytes("a track");
        }
        catch (NotEnoughBytesException) when (settings.NotEnoughBytesPolicy == ReadingPolicy.Ignore)
        {
            IsComplete = false;
        }
        catch (InvalidChunkSizeException) when (settings.InvalidChunkSizePolicy == ReadingPolicy.Ignore)
        {
            IsComplete = false;
        }
        if (!ended && settings.MissedEndOfTrackPolicy == ReadingPolicy.Abort)
            throw new MissedEndOfTrackException(name, _position);
        return new TrackChunk(_events);
    }

    private MidiEvent? ReadEvent()
    {
        long delta = ReadVariableLength();
        int at = _position;
        byte status = ReadByte();
        if (status < 0x80)
        {
            if (_runningStatus == 0)
                throw new UnexpectedRunningStatusException(name, at, status);
            _position = at;
            return ReadChannelEvent(_runningStatus) with { DeltaTime = delta };
        }
        if (status < 0xF0)
        {
            _runningStatus = status;
            return ReadChannelEvent(status) with { DeltaTime = delta };
        }
        if (status >= 0xF8 && status != 0xFF)
        {
            return status is 0xF9 or 0xFD ? SkipUnknown(status, at) : new SystemRealTimeEvent(status) { DeltaTime = delta };
        }
        // The standard ends the running status here; readers in use keep it, and so do some writers.
        return status switch
        {
            0xFF => ReadMetaEvent(at) with { DeltaTime = delta },
            0xF0 => new NormalSysExEvent(ReadData()) { DeltaTime = delta },
            0xF7 => new EscapeSysExEvent(ReadData()) { DeltaTime = delta },
            _ => ReadSystemCommonEvent(status, at) is { } e ? e with { DeltaTime = delta } : null,
        };
    }

    private ChannelEvent ReadChannelEvent(byte status)
    {
        byte channel = (byte)(status & 0x0F);
        byte first = ReadChannelData();
        int kind = status >> 4;
        if (kind == 0xC)
            return new ProgramChangeEvent(channel, first);
        if (kind == 0xD)
            return new ChannelAftertouchEvent(channel, first);
        byte second = ReadChannelData();
        return kind switch
        {
            0x8 => new NoteOffEvent(channel, first, second),
            0x9 when second == 0 && settings.SilentNoteOnPolicy == SilentNoteOnPolicy.NoteOff => new NoteOffEvent(channel, first, 0),
            0x9 => new NoteOnEvent(channel, first, second),
            0xA => new NoteAftertouchEvent(channel, first, second),
            0xB => new ControlChangeEvent(channel, first, second),
            _ => new PitchBendEvent(channel, (ushort)(first | (second << 7))),
        };
    }

    private byte ReadChannelData()
    {
        int at = _position;
        byte value = ReadByte();
        if (value <= 127)
            return value;
        return settings.InvalidChannelEventParameterValuePolicy switch
        {
            InvalidChannelEventParameterValuePolicy.ReadValid => (byte)(value & 0x7F),
            InvalidChannelEventParameterValuePolicy.SnapToLimits => 127,
            _ => throw new InvalidChannelEventParameterValueException(name, at, value),
        };
    }

    private SystemCommonEvent? ReadSystemCommonEvent(byte status, int at)
    {
        int length = SystemCommonEvent.DataLength(status);
        if (length < 0)
        {
            SkipUnknown(status, at);
            return null;
        }
        byte first = length > 0 ? ReadSystemCommonData() : (byte)0;
        byte second = length > 1 ? ReadSystemCommonData() : (byte)0;
        return new SystemCommonEvent(status, first, second);
    }

    private byte ReadSystemCommonData()
    {
        int at = _position;
        byte value = ReadByte();
        if (value <= 127)
            return value;
        return settings.InvalidSystemCommonEventParameterValuePolicy switch
        {
            InvalidParameterValuePolicy.SnapToLimits => 127,
            _ => throw new InvalidSystemCommonEventParameterValueException(name, at, value),
        };
    }

    private MidiEvent? SkipUnknown(byte status, int at)
    {
        int skip = settings.UnknownChannelEventPolicy switch
        {
            UnknownChannelEventPolicy.SkipStatusByte => 0,
            UnknownChannelEventPolicy.SkipStatusByteAndOneDataByte => 1,
            UnknownChannelEventPolicy.SkipStatusByteAndTwoDataBytes => 2,
            UnknownChannelEventPolicy.UseCallback => settings.UnknownChannelEventCallback?.Invoke(status) ?? -1,
            _ => -1,
        };
        if (skip < 0)
            throw new UnknownChannelEventException(name, at, status);
        Take(skip, "an unknown event");
        return null;
    }

    private MidiEvent ReadMetaEvent(int at)
    {
        byte type = ReadByte();
        byte[]? data = ReadData();
        try
        {
            return MetaEventCodec.Decode(type, data, settings);
        }
        catch (MetaEventCodec.InvalidValueException e)
        {
            throw new InvalidMetaEventParameterValueException(name, at, e.Message, e.Expected);
        }
    }

    private byte[]? ReadData()
    {
        int length = (int)ReadVariableLength();
        byte[] data = Take(length, "an event's data").ToArray();
        return length == 0 && settings.ZeroLengthDataPolicy == ZeroLengthDataPolicy.ReadAsNull ? null : data;
    }

    private long ReadVariableLength()
    {
        int at = _position;
        long value = 0;
        for (int i = 0; i < 4; i++)
        {
            byte b = ReadByte();
            value = (value << 7) | (uint)(b & 0x7F);
            if (b < 0x80)
                return value;
        }
        throw new InvalidVariableLengthNumberException(name, at);
    }

    private byte ReadByte() => Take(1, "an event")[0];

    private ReadOnlySpan<byte> Take(int count, string what)
    {
        if (count > limit - _position)
            throw OutOfBytes(what);
        var taken = bytes.AsSpan(_position, count);
        _position += count;
        return taken;
    }

    // The track ran out inside an event: either the file is cut off, or the length in its header is too small.
    private MidiFileException OutOfBytes(string what) => _isCutOff || limit == bytes.Length
        ? new NotEnoughBytesException(name, _position, what)
        : new InvalidChunkSizeException(name, _start - 4, "MTrk", limit - _start, _position - _start + 1);
}
