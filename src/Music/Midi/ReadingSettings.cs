using System.Text;

namespace Legato.Music;

/// <summary>What to do where the file departs from the format and reading could go on: ignore it or abort.</summary>
public enum ReadingPolicy
{
    /// <summary>Read on as well as possible.</summary>
    Ignore,

    /// <summary>Throw the exception of the case.</summary>
    Abort,
}

/// <summary>What to do with a track beyond the number that the header announces.</summary>
public enum ExtraTrackChunkPolicy
{
    /// <summary>Read it like any other.</summary>
    Read,

    /// <summary>Leave it out.</summary>
    Skip,
}

/// <summary>What to do with a chunk that is neither header nor track.</summary>
public enum UnknownChunkIdPolicy
{
    /// <summary>Keep it as an <see cref="UnknownChunk"/>.</summary>
    ReadAsUnknownChunk,

    /// <summary>Leave it out.</summary>
    Skip,

    /// <summary>Throw <see cref="UnknownChunkException"/>.</summary>
    Abort,
}

/// <summary>What a note-on with velocity 0 is read as.</summary>
public enum SilentNoteOnPolicy
{
    /// <summary>A <see cref="NoteOffEvent"/>, which is what it means.</summary>
    NoteOff,

    /// <summary>A <see cref="NoteOnEvent"/> with velocity 0, as written.</summary>
    NoteOn,
}

/// <summary>What to do with a status byte that no MIDI file may have.</summary>
public enum UnknownChannelEventPolicy
{
    /// <summary>Throw <see cref="UnknownChannelEventException"/>.</summary>
    Abort,

    /// <summary>Skip the status byte.</summary>
    SkipStatusByte,

    /// <summary>Skip the status byte and one data byte.</summary>
    SkipStatusByteAndOneDataByte,

    /// <summary>Skip the status byte and two data bytes.</summary>
    SkipStatusByteAndTwoDataBytes,

    /// <summary>Ask <see cref="ReadingSettings.UnknownChannelEventCallback"/> how many data bytes to skip.</summary>
    UseCallback,
}

/// <summary>What to do with a channel event's data byte above 127.</summary>
public enum InvalidChannelEventParameterValuePolicy
{
    /// <summary>Throw <see cref="InvalidChannelEventParameterValueException"/>.</summary>
    Abort,

    /// <summary>Take the lower seven bits.</summary>
    ReadValid,

    /// <summary>Take 127.</summary>
    SnapToLimits,
}

/// <summary>What to do with a value out of range in a meta or system common event.</summary>
public enum InvalidParameterValuePolicy
{
    /// <summary>Throw the exception of the case.</summary>
    Abort,

    /// <summary>Take the nearest valid value; a meta event that is too short is kept as <see cref="UnknownMetaEvent"/>.</summary>
    SnapToLimits,
}

/// <summary>What text and data of length zero are read as.</summary>
public enum ZeroLengthDataPolicy
{
    /// <summary>An empty string or array.</summary>
    ReadAsEmptyObject,

    /// <summary>Null.</summary>
    ReadAsNull,
}

/// <summary>Whether the end-of-track event is kept among a track's events.</summary>
public enum EndOfTrackStoringPolicy
{
    /// <summary>Leave it out; the writer adds one.</summary>
    Omit,

    /// <summary>Keep it, and with it the silence before it.</summary>
    Store,
}

/// <summary>How to read files that depart from the format. The defaults accept what does no harm and refuse the rest.</summary>
/// <remarks>Names and defaults are those of DryWetMidi. Immutable once built; safe to share between threads.</remarks>
public sealed record ReadingSettings
{
    /// <summary>More or fewer tracks than announced. Default: ignore.</summary>
    public ReadingPolicy UnexpectedTrackChunksCountPolicy { get; init; } = ReadingPolicy.Ignore;

    /// <summary>Tracks beyond the announced number. Default: read.</summary>
    public ExtraTrackChunkPolicy ExtraTrackChunkPolicy { get; init; } = ExtraTrackChunkPolicy.Read;

    /// <summary>Stop as soon as the announced number of tracks is read. Default: false.</summary>
    public bool StopReadingOnExpectedTrackChunksCountReached { get; init; }

    /// <summary>Chunks that are neither header nor track. Default: keep.</summary>
    public UnknownChunkIdPolicy UnknownChunkIdPolicy { get; init; } = UnknownChunkIdPolicy.ReadAsUnknownChunk;

    /// <summary>Tracks without end-of-track event. Default: ignore.</summary>
    public ReadingPolicy MissedEndOfTrackPolicy { get; init; } = ReadingPolicy.Ignore;

    /// <summary>Note-on with velocity 0. Default: note-off.</summary>
    public SilentNoteOnPolicy SilentNoteOnPolicy { get; init; } = SilentNoteOnPolicy.NoteOff;

    /// <summary>Chunk lengths that do not fit. Default: abort.</summary>
    public ReadingPolicy InvalidChunkSizePolicy { get; init; } = ReadingPolicy.Abort;

    /// <summary>Formats other than 0, 1, 2. Default: ignore.</summary>
    public ReadingPolicy UnknownFileFormatPolicy { get; init; } = ReadingPolicy.Ignore;

    /// <summary>Impossible status bytes. Default: abort.</summary>
    public UnknownChannelEventPolicy UnknownChannelEventPolicy { get; init; } = UnknownChannelEventPolicy.Abort;

    /// <summary>Gets the status byte, returns how many data bytes to skip; negative to abort. For <see cref="UnknownChannelEventPolicy.UseCallback"/>.</summary>
    public Func<byte, int>? UnknownChannelEventCallback { get; init; }

    /// <summary>Data bytes above 127 in channel events. Default: abort.</summary>
    public InvalidChannelEventParameterValuePolicy InvalidChannelEventParameterValuePolicy { get; init; } = InvalidChannelEventParameterValuePolicy.Abort;

    /// <summary>Values out of range in meta events. Default: abort.</summary>
    public InvalidParameterValuePolicy InvalidMetaEventParameterValuePolicy { get; init; } = InvalidParameterValuePolicy.Abort;

    /// <summary>Data bytes above 127 in system common events. Default: abort.</summary>
    public InvalidParameterValuePolicy InvalidSystemCommonEventParameterValuePolicy { get; init; } = InvalidParameterValuePolicy.Abort;

    /// <summary>Files that are cut off. Default: abort; ignoring keeps all complete events.</summary>
    public ReadingPolicy NotEnoughBytesPolicy { get; init; } = ReadingPolicy.Abort;

    /// <summary>Files without header chunk. Default: abort; ignoring assumes format 1 at 96 ticks per quarter note.</summary>
    public ReadingPolicy NoHeaderChunkPolicy { get; init; } = ReadingPolicy.Abort;

    /// <summary>Text and data of length zero. Default: empty objects.</summary>
    public ZeroLengthDataPolicy ZeroLengthDataPolicy { get; init; } = ZeroLengthDataPolicy.ReadAsEmptyObject;

    /// <summary>End-of-track events. Default: omit.</summary>
    public EndOfTrackStoringPolicy EndOfTrackStoringPolicy { get; init; } = EndOfTrackStoringPolicy.Omit;

    /// <summary>Encoding of texts. Default: Latin-1, which brings every byte back as it was.</summary>
    public Encoding TextEncoding { get; init; } = Encoding.Latin1;
}

/// <summary>How to write files.</summary>
/// <remarks>Immutable once built; safe to share between threads.</remarks>
public sealed record WritingSettings
{
    /// <summary>Leave out a channel event's status byte where it repeats the one before. Default: false.</summary>
    public bool UseRunningStatus { get; init; }

    /// <summary>Write note-off as note-on with velocity 0 (its release velocity is lost). Default: false.</summary>
    public bool NoteOffAsSilentNoteOn { get; init; }

    /// <summary>Encoding of texts. Default: Latin-1.</summary>
    public Encoding TextEncoding { get; init; } = Encoding.Latin1;
}
