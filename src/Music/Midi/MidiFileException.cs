namespace Legato.Music;

/// <summary>
/// A MIDI file cannot be read as it stands. One derived type per kind of error, so that callers can tell them apart.
/// </summary>
/// <remarks>The message has the file, the byte offset, what was expected and what to do, in one line.</remarks>
public abstract class MidiFileException : InputException
{
    private protected MidiFileException(string file, long offset, string problem, string advice)
        : base($"{file}, byte {offset}: {problem}; {advice}")
    {
        File = file;
        Offset = offset;
    }

    /// <summary>The file's path, or <c>(stream)</c>.</summary>
    public string File { get; }

    /// <summary>Where the problem was met, in bytes from the start of the file.</summary>
    public long Offset { get; }
}

/// <summary>The file ends inside a header, a chunk or an event. Policy: <see cref="ReadingSettings.NotEnoughBytesPolicy"/>.</summary>
public sealed class NotEnoughBytesException : MidiFileException
{
    internal NotEnoughBytesException(string file, long offset, string what)
        : base(file, offset, $"the file ends inside {what}", "it is cut off; get a complete copy")
    {
    }
}

/// <summary>The file does not begin with a header chunk. Policy: <see cref="ReadingSettings.NoHeaderChunkPolicy"/>.</summary>
public sealed class NoHeaderChunkException : MidiFileException
{
    internal NoHeaderChunkException(string file, long offset)
        : base(file, offset, "no 'MThd' header chunk", "this is not a standard MIDI file; export it again as .mid")
    {
    }
}

/// <summary>The length written in a chunk does not fit its content. Policy: <see cref="ReadingSettings.InvalidChunkSizePolicy"/>.</summary>
public sealed class InvalidChunkSizeException : MidiFileException
{
    internal InvalidChunkSizeException(string file, long offset, string chunk, long expected, long actual)
        : base(file, offset, $"chunk '{chunk}' declares {expected} bytes but its content takes {actual}",
            "export the file again, or read it with InvalidChunkSizePolicy.Ignore")
    {
    }
}

/// <summary>A chunk is neither header nor track. Policy: <see cref="ReadingSettings.UnknownChunkIdPolicy"/>.</summary>
public sealed class UnknownChunkException : MidiFileException
{
    internal UnknownChunkException(string file, long offset, string chunk)
        : base(file, offset, $"unknown chunk '{chunk}'", "expected 'MTrk'; read it with UnknownChunkIdPolicy.Skip to leave it out")
    {
    }
}

/// <summary>The format is not 0, 1 or 2. Policy: <see cref="ReadingSettings.UnknownFileFormatPolicy"/>.</summary>
public sealed class UnknownFileFormatException : MidiFileException
{
    internal UnknownFileFormatException(string file, long offset, int format)
        : base(file, offset, $"file format {format}", "expected 0, 1 or 2; export the file again")
    {
    }
}

/// <summary>The header's time division means no time: zero ticks, or an SMPTE rate that does not exist.</summary>
public sealed class InvalidTimeDivisionException : MidiFileException
{
    internal InvalidTimeDivisionException(string file, long offset, short division)
        : base(file, offset, $"time division 0x{(ushort)division:X4}",
            "expected 1..32767 ticks per quarter note, or SMPTE 24, 25, 29 or 30 with 1..255 ticks per frame; export the file again")
    {
    }
}

/// <summary>There are more or fewer tracks than the header says. Policy: <see cref="ReadingSettings.UnexpectedTrackChunksCountPolicy"/>.</summary>
public sealed class UnexpectedTrackChunksCountException : MidiFileException
{
    internal UnexpectedTrackChunksCountException(string file, long offset, int expected, int actual)
        : base(file, offset, $"the header announces {expected} tracks, the file has {actual}",
            "export the file again, or read it with UnexpectedTrackChunksCountPolicy.Ignore")
    {
    }
}

/// <summary>A track has no end-of-track event. Policy: <see cref="ReadingSettings.MissedEndOfTrackPolicy"/>.</summary>
public sealed class MissedEndOfTrackException : MidiFileException
{
    internal MissedEndOfTrackException(string file, long offset)
        : base(file, offset, "the track has no end-of-track event (FF 2F 00)",
            "export the file again, or read it with MissedEndOfTrackPolicy.Ignore")
    {
    }
}

/// <summary>A data byte stands where no running status is set.</summary>
public sealed class UnexpectedRunningStatusException : MidiFileException
{
    internal UnexpectedRunningStatusException(string file, long offset, byte data)
        : base(file, offset, $"data byte 0x{data:X2} without a status before it", "expected a status byte 0x80..0xFF; the file is damaged")
    {
    }
}

/// <summary>A status byte that no MIDI file may have. Policy: <see cref="ReadingSettings.UnknownChannelEventPolicy"/>.</summary>
public sealed class UnknownChannelEventException : MidiFileException
{
    internal UnknownChannelEventException(string file, long offset, byte status)
        : base(file, offset, $"unknown status byte 0x{status:X2}",
            "the file is damaged; UnknownChannelEventPolicy can skip such events")
    {
    }
}

/// <summary>A channel event's data byte is above 127. Policy: <see cref="ReadingSettings.InvalidChannelEventParameterValuePolicy"/>.</summary>
public sealed class InvalidChannelEventParameterValueException : MidiFileException
{
    internal InvalidChannelEventParameterValueException(string file, long offset, byte value)
        : base(file, offset, $"data byte {value} in a channel event",
            "expected 0..127; InvalidChannelEventParameterValuePolicy can mend it")
    {
    }
}

/// <summary>A system common event's data byte is above 127. Policy: <see cref="ReadingSettings.InvalidSystemCommonEventParameterValuePolicy"/>.</summary>
public sealed class InvalidSystemCommonEventParameterValueException : MidiFileException
{
    internal InvalidSystemCommonEventParameterValueException(string file, long offset, byte value)
        : base(file, offset, $"data byte {value} in a system common event",
            "expected 0..127; InvalidSystemCommonEventParameterValuePolicy can mend it")
    {
    }
}

/// <summary>A meta event's value or length is out of its range. Policy: <see cref="ReadingSettings.InvalidMetaEventParameterValuePolicy"/>.</summary>
public sealed class InvalidMetaEventParameterValueException : MidiFileException
{
    internal InvalidMetaEventParameterValueException(string file, long offset, string problem, string expected)
        : base(file, offset, problem, $"expected {expected}; InvalidMetaEventParameterValuePolicy can mend it")
    {
    }
}

/// <summary>A variable-length number is longer than the four bytes that the format allows.</summary>
public sealed class InvalidVariableLengthNumberException : MidiFileException
{
    internal InvalidVariableLengthNumberException(string file, long offset)
        : base(file, offset, "a variable-length number of more than four bytes", "expected at most 0x0FFFFFFF; the file is damaged")
    {
    }
}
