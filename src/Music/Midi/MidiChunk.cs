namespace Legato.Music;

/// <summary>A chunk of a MIDI file, other than its header.</summary>
public abstract class MidiChunk
{
    private protected MidiChunk(string chunkId) => ChunkId = chunkId;

    /// <summary>Four ASCII characters.</summary>
    public string ChunkId { get; }
}

/// <summary>A track: events in order, each with the ticks since the one before.</summary>
/// <remarks>Not thread-safe while being changed.</remarks>
public sealed class TrackChunk : MidiChunk
{
    /// <summary>Creates a track of these events.</summary>
    public TrackChunk(params IEnumerable<MidiEvent> events) : base("MTrk") => Events = [.. events];

    /// <summary>The events in order.</summary>
    public IList<MidiEvent> Events { get; }
}

/// <summary>A chunk of some other program, kept as it is.</summary>
public sealed class UnknownChunk : MidiChunk
{
    /// <summary>Creates a chunk.</summary>
    /// <exception cref="ArgumentException">The id is not four ASCII characters.</exception>
    public UnknownChunk(string chunkId, byte[] data) : base(chunkId)
    {
        if (chunkId.Length != 4 || chunkId.Any(c => c > 255))
            throw new ArgumentException($"A chunk id has four one-byte characters, '{chunkId}' does not.", nameof(chunkId));
        Data = data;
    }

    /// <summary>The content.</summary>
    public byte[] Data { get; }
}
