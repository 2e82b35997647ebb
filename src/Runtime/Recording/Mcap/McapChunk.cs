namespace Legato.Runtime.Recording.Mcap;

/// <summary>Where a chunk lies, and the times it spans.</summary>
/// <param name="Offset">Where its record starts.</param>
/// <param name="Length">How much of its record is in the file, prefix included.</param>
/// <param name="Start">Earliest log time.</param>
/// <param name="End">Latest log time.</param>
/// <param name="Cut">True if the file ends inside it.</param>
internal sealed record McapChunkEntry(long Offset, long Length, long Start, long End, bool Cut);

/// <summary>A message record inside a chunk.</summary>
internal readonly record struct McapRawMessage(ushort Channel, uint Sequence, long LogTime, long PublishTime, ReadOnlyMemory<byte> Data, long Offset);

/// <summary>The content of a chunk.</summary>
internal sealed class McapChunk
{
    private McapChunk(List<McapRawMessage> messages, long usableEnd)
    {
        Messages = messages;
        UsableEnd = usableEnd;
    }

    /// <summary>Its messages, in the file's order.</summary>
    public IReadOnlyList<McapRawMessage> Messages { get; }

    /// <summary>Where the last whole record ends, bytes from the start of the file.</summary>
    public long UsableEnd { get; }

    /// <summary>Reads a chunk. Of a cut one, every whole message; of a whole one, all or an error.</summary>
    /// <param name="file">The file.</param>
    /// <param name="entry">Where.</param>
    /// <param name="catalog">Receives schemas and channels that the chunk defines; null to skip them.</param>
    /// <exception cref="CorruptRecordingException">A whole chunk with a wrong checksum or structure.</exception>
    public static McapChunk Load(McapFile file, McapChunkEntry entry, McapCatalog? catalog)
    {
        long origin = entry.Offset + McapFormat.RecordPrefix;
        byte[] content = file.Load(origin, entry.Length - McapFormat.RecordPrefix);
        McapCursor head = file.Cursor(content, origin);
        head.U64();
        head.U64();
        long size = head.U64();
        uint crc = head.U32();
        string compression = head.String();
        if (compression.Length > 0)
            throw new InputException($"{file.Name}, byte {entry.Offset}: the chunk is compressed with {compression}. Only uncompressed recordings can be read; convert it with \"mcap convert --compression none\".");
        long stored = head.U64();
        int start = head.Position;
        ReadOnlyMemory<byte> records = content.AsMemory(start);
        if (!entry.Cut)
        {
            if (size != stored || stored != records.Length) throw file.Corrupt(entry.Offset, "the lengths in the head of the chunk contradict each other");
            if (crc != 0 && Crc32.Of(records.Span) != crc) throw file.Corrupt(entry.Offset, "the checksum of the chunk is wrong");
        }
        return Parse(file, records, origin + start, entry.Cut, catalog);
    }

    private static McapChunk Parse(McapFile file, ReadOnlyMemory<byte> records, long origin, bool cut, McapCatalog? catalog)
    {
        List<McapRawMessage> messages = [];
        McapCursor cursor = file.Cursor(records.Span, origin);
        while (cursor.TryRecord(out McapOpcode opcode, out int length))
        {
            int start = cursor.Position;
            McapCursor fields = file.Cursor(cursor.Take(length), origin + start);
            if (opcode == McapOpcode.Message)
            {
                ushort channel = fields.U16();
                uint sequence = fields.U32();
                long logTime = fields.U64(), publishTime = fields.U64();
                messages.Add(new McapRawMessage(channel, sequence, logTime, publishTime, records.Slice(start + fields.Position, length - fields.Position), origin + start));
            }
            else catalog?.Define(opcode, ref fields);
        }
        if (!cut && !cursor.AtEnd) throw file.Corrupt(origin + cursor.Position, "the chunk ends in the middle of a record");
        return new McapChunk(messages, origin + cursor.Position);
    }
}
