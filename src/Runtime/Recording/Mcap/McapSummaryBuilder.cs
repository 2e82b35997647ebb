namespace Legato.Runtime.Recording.Mcap;

/// <summary>Where a chunk lies in a file and what it holds.</summary>
/// <param name="Offset">Where its record starts.</param>
/// <param name="Length">How long its record is, prefix included.</param>
/// <param name="Start">Earliest log time in it.</param>
/// <param name="End">Latest log time in it.</param>
/// <param name="Indexes">Where the index of each channel starts.</param>
/// <param name="IndexLength">How long these indexes are together.</param>
/// <param name="Size">How many bytes of records it holds.</param>
internal sealed record McapChunkIndex(
    long Offset, long Length, long Start, long End, IReadOnlyList<(ushort Channel, long Offset)> Indexes, long IndexLength, long Size);

/// <summary>Collects what the summary at the end of a file says, and writes it.</summary>
internal sealed class McapSummaryBuilder
{
    public List<McapSchema> Schemas { get; } = [];

    public List<McapChunkIndex> Chunks { get; } = [];

    public List<(string Name, long Offset, long Length)> Metadata { get; } = [];

    public List<(McapAttachment Attachment, long Size, long Offset, long Length)> Attachments { get; } = [];

    public static void Write(McapBuffer buffer, McapSchema schema)
    {
        int content = buffer.Begin(McapOpcode.Schema);
        buffer.U16(schema.Id);
        buffer.String(schema.Name);
        buffer.String(schema.Encoding);
        buffer.String(schema.Definition);
        buffer.End(content);
    }

    public static void Write(McapBuffer buffer, McapChannel channel)
    {
        int content = buffer.Begin(McapOpcode.Channel);
        buffer.U16(channel.Id);
        buffer.U16(channel.Schema?.Id ?? 0);
        buffer.String(channel.Topic);
        buffer.String(channel.MessageEncoding);
        buffer.Map(channel.Metadata);
        buffer.End(content);
    }

    /// <summary>Writes summary, footer and end mark.</summary>
    /// <param name="buffer">An empty buffer.</param>
    /// <param name="start">Where the buffer will lie in the file.</param>
    /// <param name="channels">The channels and their message counts.</param>
    public void Write(McapBuffer buffer, long start, IReadOnlyList<(McapChannel Channel, long Count)> channels)
    {
        List<(McapOpcode Opcode, int Start, int Length)> groups = [];
        Group(McapOpcode.Schema, Schemas, Write);
        Group(McapOpcode.Channel, channels, (to, entry) => Write(to, entry.Channel));
        Group(McapOpcode.Statistics, [channels], WriteStatistics);
        Group(McapOpcode.ChunkIndex, Chunks, Write);
        Group(McapOpcode.AttachmentIndex, Attachments, Write);
        Group(McapOpcode.MetadataIndex, Metadata, Write);

        long offsets = start + buffer.Length;
        foreach ((McapOpcode opcode, int groupStart, int length) in groups)
        {
            int content = buffer.Begin(McapOpcode.SummaryOffset);
            buffer.U8((byte)opcode);
            buffer.U64(start + groupStart);
            buffer.U64(length);
            buffer.End(content);
        }

        // The checksum covers everything from the summary's start up to itself.
        int footer = buffer.Begin(McapOpcode.Footer);
        buffer.U64(start);
        buffer.U64(offsets);
        buffer.End(footer, further: sizeof(uint));
        buffer.U32(Crc32.Of(buffer.Written));
        buffer.Bytes(McapFormat.Magic);

        void Group<T>(McapOpcode opcode, IReadOnlyList<T> entries, Action<McapBuffer, T> write)
        {
            int groupStart = buffer.Length;
            foreach (T entry in entries) write(buffer, entry);
            if (entries.Count > 0) groups.Add((opcode, groupStart, buffer.Length - groupStart));
        }
    }

    private void WriteStatistics(McapBuffer buffer, IReadOnlyList<(McapChannel Channel, long Count)> channels)
    {
        int content = buffer.Begin(McapOpcode.Statistics);
        buffer.U64(channels.Sum(entry => entry.Count));
        buffer.U16((ushort)Schemas.Count);
        buffer.U32((uint)channels.Count);
        buffer.U32((uint)Attachments.Count);
        buffer.U32((uint)Metadata.Count);
        buffer.U32((uint)Chunks.Count);
        buffer.U64(Chunks.Count == 0 ? 0 : Chunks.Min(chunk => chunk.Start));
        buffer.U64(Chunks.Count == 0 ? 0 : Chunks.Max(chunk => chunk.End));
        WriteMap(buffer, [.. channels.Where(entry => entry.Count > 0).Select(entry => (entry.Channel.Id, entry.Count))]);
        buffer.End(content);
    }

    private static void Write(McapBuffer buffer, McapChunkIndex chunk)
    {
        int content = buffer.Begin(McapOpcode.ChunkIndex);
        buffer.U64(chunk.Start);
        buffer.U64(chunk.End);
        buffer.U64(chunk.Offset);
        buffer.U64(chunk.Length);
        WriteMap(buffer, chunk.Indexes);
        buffer.U64(chunk.IndexLength);
        buffer.String("");
        buffer.U64(chunk.Size);
        buffer.U64(chunk.Size);
        buffer.End(content);
    }

    private static void Write(McapBuffer buffer, (McapAttachment Attachment, long Size, long Offset, long Length) entry)
    {
        int content = buffer.Begin(McapOpcode.AttachmentIndex);
        buffer.U64(entry.Offset);
        buffer.U64(entry.Length);
        buffer.U64(entry.Attachment.LogTime);
        buffer.U64(entry.Attachment.CreateTime);
        buffer.U64(entry.Size);
        buffer.String(entry.Attachment.Name);
        buffer.String(entry.Attachment.MediaType);
        buffer.End(content);
    }

    private static void Write(McapBuffer buffer, (string Name, long Offset, long Length) entry)
    {
        int content = buffer.Begin(McapOpcode.MetadataIndex);
        buffer.U64(entry.Offset);
        buffer.U64(entry.Length);
        buffer.String(entry.Name);
        buffer.End(content);
    }

    private static void WriteMap(McapBuffer buffer, IReadOnlyList<(ushort Channel, long Value)> entries)
    {
        int start = buffer.Length;
        buffer.U32(0);
        foreach ((ushort channel, long value) in entries)
        {
            buffer.U16(channel);
            buffer.U64(value);
        }
        buffer.PatchLength(start);
    }
}
