namespace Legato.Music;

/// <summary>What a tick is.</summary>
public abstract record TimeDivision
{
    private protected TimeDivision() { }

    /// <summary>The header's two bytes, or null if they mean no time.</summary>
    internal abstract short ToInt16();

    /// <summary>Reads the header's two bytes; null if they mean no time.</summary>
    internal static TimeDivision? FromInt16(short value)
    {
        if (value > 0)
            return new TicksPerQuarterNoteTimeDivision(value);
        int format = -(value >> 8);
        int ticks = value & 0xFF;
        return value < 0 && ticks > 0 && Enum.IsDefined((SmpteFormat)format)
            ? new SmpteTimeDivision((SmpteFormat)format, (byte)ticks)
            : null;
    }
}

/// <summary>Musical time: a tick is a fraction of a quarter note, and the tempo says how long that lasts.</summary>
/// <param name="TicksPerQuarterNote">1..32767.</param>
public sealed record TicksPerQuarterNoteTimeDivision(short TicksPerQuarterNote = TicksPerQuarterNoteTimeDivision.DefaultTicksPerQuarterNote) : TimeDivision
{
    /// <summary>96, where nothing else is said.</summary>
    public const short DefaultTicksPerQuarterNote = 96;

    /// <summary>1..32767.</summary>
    public short TicksPerQuarterNote { get; } = TicksPerQuarterNote > 0
        ? TicksPerQuarterNote
        : throw new ArgumentOutOfRangeException(nameof(TicksPerQuarterNote), TicksPerQuarterNote, "Expected 1..32767.");

    internal override short ToInt16() => TicksPerQuarterNote;
}

/// <summary>Frames per second of SMPTE time.</summary>
public enum SmpteFormat : byte
{
    /// <summary>24 frames/s.</summary>
    TwentyFour = 24,

    /// <summary>25 frames/s.</summary>
    TwentyFive = 25,

    /// <summary>30 frames/s with dropped frame numbers: 30000/1001 frames/s.</summary>
    ThirtyDrop = 29,

    /// <summary>30 frames/s.</summary>
    Thirty = 30,
}

/// <summary>Absolute time: a tick is a fraction of a frame; tempo does not matter.</summary>
/// <param name="Format">Frames per second.</param>
/// <param name="Resolution">Ticks per frame, 1..255.</param>
public sealed record SmpteTimeDivision(SmpteFormat Format, byte Resolution) : TimeDivision
{
    /// <summary>Ticks per frame, 1..255.</summary>
    public byte Resolution { get; } = Resolution > 0
        ? Resolution
        : throw new ArgumentOutOfRangeException(nameof(Resolution), Resolution, "Expected 1..255.");

    internal override short ToInt16() => (short)((-(int)Format << 8) | Resolution);
}
