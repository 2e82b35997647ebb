namespace Legato.Runtime.Recording.Mcap;

/// <summary>Writes an MCAP file, only ever appending: whatever was flushed can be read back after a cut.</summary>
/// <remarks>
/// Messages are collected into chunks (uncompressed, checksummed, each followed by its index); <see cref="Flush"/> ends a chunk and waits
/// for the disk. <see cref="Finish"/> adds the summary that makes reading by time and topic fast. Not thread-safe. After a failed write the
/// writer is of no further use; what the last successful flush left is intact.
/// </remarks>
public sealed class McapWriter : IDisposable
{
    /// <summary>The size at which a chunk ends by itself, bytes.</summary>
    public const int ChunkSize = 768 * 1024;

    private readonly Stream _stream;
    private readonly bool _leaveOpen;
    private readonly McapBuffer _records = new(ChunkSize + 64 * 1024);
    private readonly McapBuffer _frame = new();
    private readonly McapSummaryBuilder _summary = new();
    private readonly List<ChannelState> _channels = [];
    private Crc32 _dataCrc;
    private long _position;
    private long _chunkStart;
    private long _chunkEnd;

    /// <summary>Writes the head of the file.</summary>
    /// <param name="stream">Where to. A <see cref="FileStream"/> is flushed to the disk, others are flushed.</param>
    /// <param name="library">Who writes, for the curious.</param>
    /// <param name="profile">The conventions that topics and schemas follow.</param>
    /// <param name="leaveOpen">True to leave the stream open in <see cref="Dispose"/>.</param>
    public McapWriter(Stream stream, string library = "legato", string profile = "ros2", bool leaveOpen = false)
    {
        _stream = stream;
        _leaveOpen = leaveOpen;
        _frame.Bytes(McapFormat.Magic);
        int content = _frame.Begin(McapOpcode.Header);
        _frame.String(profile);
        _frame.String(library);
        _frame.End(content);
        PutFrame();
    }

    /// <summary>True if messages were handed over that are not in the file yet.</summary>
    public bool HasOpenChunk => _records.Length > 0;

    /// <summary>Describes a kind of message.</summary>
    /// <param name="name">For example <c>sensor_msgs/msg/JointState</c>.</param>
    /// <param name="definition">The definition with everything it refers to, in the convention of <c>ros2msg</c>.</param>
    /// <param name="encoding">How the definition is written.</param>
    public McapSchema AddSchema(string name, string definition, string encoding = "ros2msg")
    {
        McapSchema schema = new((ushort)(_summary.Schemas.Count + 1), name, encoding, definition);
        _summary.Schemas.Add(schema);
        McapSummaryBuilder.Write(_frame, schema);
        PutFrame();
        return schema;
    }

    /// <summary>Opens a stream of messages.</summary>
    /// <param name="schema">From <see cref="AddSchema"/> of this writer.</param>
    /// <param name="topic">Its name.</param>
    /// <param name="messageEncoding">How messages are written.</param>
    /// <param name="metadata">Anything else.</param>
    public McapChannel AddChannel(McapSchema? schema, string topic, string messageEncoding = "cdr", IReadOnlyDictionary<string, string>? metadata = null)
    {
        McapChannel channel = new((ushort)(_channels.Count + 1), schema, topic, messageEncoding, metadata ?? new Dictionary<string, string>());
        _channels.Add(new ChannelState(channel));
        McapSummaryBuilder.Write(_frame, channel);
        PutFrame();
        return channel;
    }

    /// <summary>Adds a message. Allocates nothing once the buffers have grown to the size of a chunk.</summary>
    /// <param name="channel">From <see cref="AddChannel"/> of this writer.</param>
    /// <param name="sequence">Its number on the channel.</param>
    /// <param name="logTime">When it was recorded, UNIX ns, not negative.</param>
    /// <param name="publishTime">When it was sent, UNIX ns, not negative.</param>
    /// <param name="data">The encoded message.</param>
    public void WriteMessage(McapChannel channel, uint sequence, long logTime, long publishTime, ReadOnlySpan<byte> data)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(logTime);
        ArgumentOutOfRangeException.ThrowIfNegative(publishTime);
        _chunkStart = HasOpenChunk ? Math.Min(_chunkStart, logTime) : logTime;
        _chunkEnd = HasOpenChunk ? Math.Max(_chunkEnd, logTime) : logTime;
        _channels[channel.Id - 1].Index.Add(new IndexEntry(logTime, _records.Length));
        int content = _records.Begin(McapOpcode.Message);
        _records.U16(channel.Id);
        _records.U32(sequence);
        _records.U64(logTime);
        _records.U64(publishTime);
        _records.Bytes(data);
        _records.End(content);
        if (_records.Length >= ChunkSize) EndChunk();
    }

    /// <summary>How many messages of a channel are in the file, those of the open chunk not counted.</summary>
    public long Written(McapChannel channel) => _channels[channel.Id - 1].Written;

    /// <summary>Adds named facts.</summary>
    public void WriteMetadata(string name, IReadOnlyDictionary<string, string> values)
    {
        int content = _frame.Begin(McapOpcode.Metadata);
        _frame.String(name);
        _frame.Map(values);
        _frame.End(content);
        _summary.Metadata.Add((name, _position, _frame.Length));
        PutFrame();
    }

    /// <summary>Adds a file.</summary>
    public void WriteAttachment(McapAttachment attachment)
    {
        int content = _frame.Begin(McapOpcode.Attachment);
        _frame.U64(attachment.LogTime);
        _frame.U64(attachment.CreateTime);
        _frame.String(attachment.Name);
        _frame.String(attachment.MediaType);
        _frame.U64(attachment.Data.Length);
        _frame.Bytes(attachment.Data.Span);
        _frame.U32(Crc32.Of(_frame.Written[content..]));
        _frame.End(content);
        _summary.Attachments.Add((attachment with { Data = default }, attachment.Data.Length, _position, _frame.Length));
        PutFrame();
    }

    /// <summary>Ends the chunk and returns when all of the file is on the disk.</summary>
    public void Flush()
    {
        EndChunk();
        if (_stream is FileStream file) file.Flush(flushToDisk: true);
        else _stream.Flush();
    }

    /// <summary>Completes the file: summary, footer, disk. The writer takes nothing after this.</summary>
    public void Finish()
    {
        EndChunk();
        int content = _frame.Begin(McapOpcode.DataEnd);
        _frame.U32(_dataCrc.Value);
        _frame.End(content);
        PutFrame();
        _summary.Write(_frame, _position, [.. _channels.Select(state => (state.Channel, state.Written))]);
        PutFrame();
        Flush();
    }

    /// <summary>Closes the stream. Without <see cref="Finish"/> the file is left as after a cut.</summary>
    public void Dispose()
    {
        if (!_leaveOpen) _stream.Dispose();
    }

    private void EndChunk()
    {
        if (!HasOpenChunk) return;
        long start = _position;
        int content = _frame.Begin(McapOpcode.Chunk);
        _frame.U64(_chunkStart);
        _frame.U64(_chunkEnd);
        _frame.U64(_records.Length);
        _frame.U32(Crc32.Of(_records.Written));
        _frame.String("");
        _frame.U64(_records.Length);
        _frame.End(content, further: _records.Length);
        PutFrame();
        Put(_records.Written);
        long length = _position - start;
        List<(ushort Channel, long Offset)> indexes = [];
        foreach (ChannelState state in _channels)
        {
            if (state.Index.Count == 0) continue;
            indexes.Add((state.Channel.Id, _position + _frame.Length));
            state.WriteIndex(_frame);
        }
        _summary.Chunks.Add(new McapChunkIndex(start, length, _chunkStart, _chunkEnd, indexes, _frame.Length, _records.Length));
        PutFrame();
        _records.Clear();
        foreach (ChannelState state in _channels) state.CountIndex();
    }

    private void PutFrame()
    {
        Put(_frame.Written);
        _frame.Clear();
    }

    private void Put(ReadOnlySpan<byte> bytes)
    {
        _stream.Write(bytes);
        _dataCrc.Append(bytes);
        _position += bytes.Length;
    }

    private readonly record struct IndexEntry(long LogTime, long Offset);

    private sealed class ChannelState(McapChannel channel)
    {
        private static readonly Comparison<IndexEntry> ByTime = (a, b) =>
            a.LogTime != b.LogTime ? a.LogTime.CompareTo(b.LogTime) : a.Offset.CompareTo(b.Offset);

        public McapChannel Channel { get; } = channel;

        public List<IndexEntry> Index { get; } = [];

        public long Written { get; private set; }

        public void WriteIndex(McapBuffer buffer)
        {
            Index.Sort(ByTime);
            int content = buffer.Begin(McapOpcode.MessageIndex);
            buffer.U16(Channel.Id);
            int entries = buffer.Length;
            buffer.U32(0);
            foreach (IndexEntry entry in Index)
            {
                buffer.U64(entry.LogTime);
                buffer.U64(entry.Offset);
            }
            buffer.PatchLength(entries);
            buffer.End(content);
        }

        public void CountIndex()
        {
            Written += Index.Count;
            Index.Clear();
        }
    }
}
