namespace Legato.Runtime.Recording.Mcap;

/// <summary>Reads the catalog of a complete file from the summary at its end.</summary>
internal static class McapSummary
{
    /// <summary>Finds the footer.</summary>
    /// <param name="file">The file.</param>
    /// <param name="summary">Where the summary starts; 0 if the file has none.</param>
    /// <returns>False if the file does not end as a complete one.</returns>
    /// <exception cref="CorruptRecordingException">It ends as a complete one, but the summary's checksum is wrong.</exception>
    public static bool TryFind(McapFile file, out long summary)
    {
        summary = 0;
        int tail = McapFormat.RecordPrefix + McapFormat.FooterContent + McapFormat.Magic.Length;
        long footer = file.Length - tail;
        if (footer < McapFormat.Magic.Length || !file.Load(file.Length - McapFormat.Magic.Length, McapFormat.Magic.Length).AsSpan().SequenceEqual(McapFormat.Magic))
            return false;
        McapCursor fields = file.Cursor(file.LoadRecord(footer, McapOpcode.Footer), footer + McapFormat.RecordPrefix);
        summary = fields.U64();
        fields.U64();
        uint crc = fields.U32();
        if (!fields.AtEnd) throw file.Corrupt(footer, "the footer is longer than a footer");
        if (summary == 0) return true;
        if (summary > footer) throw file.Corrupt(footer, "the footer names a summary that lies behind it");
        long checkedLength = file.Length - McapFormat.Magic.Length - sizeof(uint) - summary;
        if (crc != 0 && Crc32.Of(file.Load(summary, checkedLength)) != crc) throw file.Corrupt(summary, "the checksum of the summary is wrong");
        return true;
    }

    /// <summary>Reads the catalog.</summary>
    public static McapCatalog Load(McapFile file, long summary)
    {
        McapCatalog catalog = new();
        long header = McapFormat.Magic.Length;
        McapCursor head = file.Cursor(file.LoadRecord(header, McapOpcode.Header), header + McapFormat.RecordPrefix);
        catalog.ReadHeader(ref head);
        byte[] bytes = file.Load(summary, file.Length - McapFormat.Magic.Length - summary);
        McapCursor cursor = file.Cursor(bytes, summary);
        while (cursor.TryRecord(out McapOpcode opcode, out int length))
        {
            long origin = summary + cursor.Position;
            McapCursor fields = file.Cursor(cursor.Take(length), origin);
            switch (opcode)
            {
                case McapOpcode.ChunkIndex:
                    long start = fields.U64(), end = fields.U64();
                    catalog.Chunks.Add(new McapChunkEntry(fields.U64(), fields.U64(), start, end, Cut: false));
                    break;
                case McapOpcode.MetadataIndex:
                    long offset = fields.U64();
                    McapCursor metadata = file.Cursor(file.LoadRecord(offset, McapOpcode.Metadata), offset + McapFormat.RecordPrefix);
                    catalog.Metadata.Add(McapCatalog.ReadMetadata(ref metadata));
                    break;
                case McapOpcode.AttachmentIndex:
                    catalog.Attachments.Add(fields.U64());
                    break;
                case McapOpcode.Statistics:
                    catalog.MessageCount = fields.U64();
                    break;
                default:
                    catalog.Define(opcode, ref fields);
                    break;
            }
        }
        return catalog;
    }
}
