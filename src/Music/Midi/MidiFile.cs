namespace Legato.Music;

/// <summary>How the tracks of a file belong together.</summary>
public enum MidiFileFormat : ushort
{
    /// <summary>Format 0: one track.</summary>
    SingleTrack = 0,

    /// <summary>Format 1: tracks that play together.</summary>
    MultiTrack = 1,

    /// <summary>Format 2: independent tracks.</summary>
    MultiSequence = 2,
}

/// <summary>
/// A standard MIDI file: header and chunks, as in "Standard MIDI Files 1.0" (MIDI Manufacturers Association, 1988).
/// </summary>
/// <remarks>
/// Names follow DryWetMidi. Reading never takes more memory than a small multiple of the file's length, whatever is in it.
/// Not thread-safe while being changed.
/// </remarks>
public sealed class MidiFile
{
    /// <summary>Creates a file of these chunks.</summary>
    public MidiFile(params IEnumerable<MidiChunk> chunks) => Chunks = [.. chunks];

    /// <summary>Tracks and other chunks in order.</summary>
    public IList<MidiChunk> Chunks { get; }

    /// <summary>What a tick is.</summary>
    public TimeDivision TimeDivision { get; set; } = new TicksPerQuarterNoteTimeDivision();

    /// <summary>The header's format; a number of its own where the file has an unknown one.</summary>
    public MidiFileFormat OriginalFormat { get; init; } = MidiFileFormat.MultiTrack;

    /// <summary>The tracks among the chunks.</summary>
    public IEnumerable<TrackChunk> TrackChunks => Chunks.OfType<TrackChunk>();

    /// <summary>Reads a file.</summary>
    /// <exception cref="MidiFileException">The content is not what the settings accept; a derived type says in which way.</exception>
    /// <exception cref="InputException">The file cannot be opened.</exception>
    public static MidiFile Read(string path, ReadingSettings? settings = null) => Read(InputFile.ReadBytes(path, "a MIDI file"), path, settings);

    /// <summary>Reads a file from a stream, from its position to its end. The stream stays open.</summary>
    /// <exception cref="MidiFileException">The content is not what the settings accept; a derived type says in which way.</exception>
    public static MidiFile Read(Stream stream, ReadingSettings? settings = null)
    {
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        return Read(memory.ToArray(), "(stream)", settings);
    }

    /// <summary>Writes a file. It appears complete or not at all: temporary file, fsync, rename.</summary>
    /// <exception cref="InputException">The file exists and must not be overwritten, or cannot be written.</exception>
    /// <exception cref="ArgumentException">An event's value is out of its range, or format 0 has other than one track.</exception>
    public void Write(string path, bool overwriteFile = false, MidiFileFormat format = MidiFileFormat.MultiTrack, WritingSettings? settings = null)
    {
        byte[] bytes = MidiFileWriter.Write(this, format, settings ?? new WritingSettings());
        if (!overwriteFile && File.Exists(path))
            throw new InputException($"{path}: the file exists; choose another name or allow overwriting");
        try
        {
            AtomicFile.Write(path, stream => stream.Write(bytes));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path}: cannot be written ({e.Message}); check that the folder exists and is writable", e);
        }
    }

    /// <summary>Writes a file to a stream, which stays open.</summary>
    /// <exception cref="ArgumentException">An event's value is out of its range, or format 0 has other than one track.</exception>
    public void Write(Stream stream, MidiFileFormat format = MidiFileFormat.MultiTrack, WritingSettings? settings = null) =>
        stream.Write(MidiFileWriter.Write(this, format, settings ?? new WritingSettings()));

    /// <summary>When each tick of this file is.</summary>
    public TempoMap GetTempoMap() => TempoMap.Create(this);

    /// <summary>The notes of this file, and what does not pair up.</summary>
    public NoteExtraction GetNotes(NoteStartDetectionPolicy policy = NoteStartDetectionPolicy.FirstNoteOn) => NoteExtraction.From(this, policy);

    internal static MidiFile Read(byte[] bytes, string name, ReadingSettings? settings) =>
        new MidiFileReader(bytes, name, settings ?? new ReadingSettings()).Read();
}
