namespace Legato.Runtime.Recording.Mcap;

/// <summary>What the messages of a channel look like.</summary>
/// <param name="Id">The file's number for it, from 1.</param>
/// <param name="Name">For example <c>sensor_msgs/msg/JointState</c>.</param>
/// <param name="Encoding">How <paramref name="Definition"/> is written: <c>ros2msg</c>.</param>
/// <param name="Definition">The message definition with everything it refers to.</param>
public sealed record McapSchema(ushort Id, string Name, string Encoding, string Definition);

/// <summary>A stream of messages of one schema.</summary>
/// <param name="Id">The file's number for it.</param>
/// <param name="Schema">What its messages look like; null for a channel without a schema.</param>
/// <param name="Topic">Its name, for example <c>/joint_states</c>.</param>
/// <param name="MessageEncoding">How messages are written: <c>cdr</c>.</param>
/// <param name="Metadata">Anything else.</param>
public sealed record McapChannel(ushort Id, McapSchema? Schema, string Topic, string MessageEncoding, IReadOnlyDictionary<string, string> Metadata);

/// <summary>A recorded message.</summary>
/// <param name="Channel">Where it was recorded.</param>
/// <param name="Sequence">Its number on the channel, from 0; a gap is a loss.</param>
/// <param name="LogTime">When it was recorded, UNIX ns.</param>
/// <param name="PublishTime">When it was sent, UNIX ns.</param>
/// <param name="Data">The encoded message. Stays valid.</param>
public readonly record struct McapMessage(McapChannel Channel, uint Sequence, long LogTime, long PublishTime, ReadOnlyMemory<byte> Data);

/// <summary>Named facts about a recording.</summary>
/// <param name="Name">What they are about.</param>
/// <param name="Values">The facts.</param>
public sealed record McapMetadata(string Name, IReadOnlyDictionary<string, string> Values);

/// <summary>A file inside a recording.</summary>
/// <param name="Name">Its file name.</param>
/// <param name="MediaType">Its MIME type.</param>
/// <param name="LogTime">When it was recorded, UNIX ns.</param>
/// <param name="CreateTime">When it was made, UNIX ns; 0 if unknown.</param>
/// <param name="Data">Its content.</param>
public sealed record McapAttachment(string Name, string MediaType, long LogTime, long CreateTime, ReadOnlyMemory<byte> Data);

/// <summary>What is missing from a recording that was cut or damaged.</summary>
/// <param name="Offset">The first byte of the file that could not be used.</param>
/// <param name="Bytes">How many bytes from there on could not be used.</param>
/// <param name="UncheckedMessages">Messages that were read from the cut chunk at the end, whose checksum is missing with the rest of it.</param>
/// <param name="CutChunkEnd">The time of the last message that the cut chunk announced, UNIX ns; null if no chunk was cut.</param>
/// <param name="DamagedChunks">Offsets of chunks with wrong checksums, of which nothing was used.</param>
/// <param name="OnlyIndex">True if all messages are there and only the index behind them is missing.</param>
public sealed record McapLoss(long Offset, long Bytes, int UncheckedMessages, long? CutChunkEnd, IReadOnlyList<long> DamagedChunks, bool OnlyIndex)
{
    /// <summary>The loss in one line.</summary>
    public override string ToString()
    {
        string text = OnlyIndex ? $"the recording was cut in its index, at byte {Offset}; all messages are there"
            : $"the recording was cut at byte {Offset}; the {Bytes} bytes from there on are unusable";
        if (CutChunkEnd is { } end) text += $" and held messages up to {DateTime.UnixEpoch.AddTicks(end / 100):O}";
        if (UncheckedMessages > 0) text += $"; the last {UncheckedMessages} messages are unchecked";
        if (DamagedChunks.Count > 0) text += $"; damaged chunks at bytes {string.Join(", ", DamagedChunks)} were left out";
        return text + ".";
    }
}
