namespace Legato.Runtime.Recording.Mcap;

/// <summary>Reads an MCAP recording (uncompressed chunks), also one that was cut while it was written.</summary>
/// <remarks>
/// A complete file is read through its summary. A cut one is walked through from the start; every whole message in it is read,
/// and <see cref="Loss"/> says what is missing. Checksums are checked wherever there are any. Not thread-safe.
/// </remarks>
public sealed class McapReader : IDisposable
{
    private readonly McapFile _file;
    private readonly McapCatalog _catalog;

    private McapReader(McapFile file, McapCatalog catalog)
    {
        _file = file;
        _catalog = catalog;
    }

    /// <summary>The file's name, as errors state it.</summary>
    public string Name => _file.Name;

    /// <summary>The conventions that topics and schemas follow, for example <c>ros2</c>.</summary>
    public string Profile => _catalog.Profile;

    /// <summary>Who wrote the file.</summary>
    public string Library => _catalog.Library;

    /// <summary>All channels, by number.</summary>
    public IReadOnlyCollection<McapChannel> Channels => _catalog.Channels.Values;

    /// <summary>All named facts, in the file's order.</summary>
    public IReadOnlyList<McapMetadata> Metadata => _catalog.Metadata;

    /// <summary>How many messages can be read.</summary>
    public long MessageCount => _catalog.MessageCount;

    /// <summary>What is missing; null if the recording is complete.</summary>
    public McapLoss? Loss => _catalog.Loss;

    /// <summary>Opens a recording.</summary>
    /// <exception cref="CorruptRecordingException">It is no MCAP file, or a checksum, length or reference is wrong.</exception>
    /// <exception cref="InputException">It does not exist or cannot be read.</exception>
    public static McapReader Open(string path) => Open(OpenFile(path), path);

    /// <summary>Opens a recording in a seekable stream, which the reader owns from here on.</summary>
    /// <param name="stream">The recording.</param>
    /// <param name="name">What errors call it.</param>
    /// <exception cref="CorruptRecordingException">It is no MCAP file, or a checksum, length or reference is wrong.</exception>
    public static McapReader Open(Stream stream, string name) => Load(stream, name, file =>
        McapSummary.TryFind(file, out long summary) && summary > 0 ? McapSummary.Load(file, summary) : McapScan.Run(file, salvage: false).Catalog);

    /// <summary>Opens what is left of a damaged recording: trusts no summary, leaves out chunks with wrong checksums, and says so in <see cref="Loss"/>.</summary>
    /// <exception cref="InputException">It does not exist, cannot be read, or is no MCAP file.</exception>
    public static McapReader Salvage(string path) => Salvage(OpenFile(path), path);

    /// <inheritdoc cref="Salvage(string)"/>
    public static McapReader Salvage(Stream stream, string name) => Load(stream, name, file => McapScan.Run(file, salvage: true).Catalog);

    /// <summary>Reads messages in the order of their log times (equal times: in the file's order).</summary>
    /// <param name="topics">Only these; null for all.</param>
    /// <param name="from">The earliest log time, inclusive, UNIX ns.</param>
    /// <param name="until">The latest log time, inclusive, UNIX ns.</param>
    /// <exception cref="CorruptRecordingException">While iterating: a chunk is damaged.</exception>
    public IEnumerable<McapMessage> Read(IReadOnlyCollection<string>? topics = null, long from = long.MinValue, long until = long.MaxValue)
    {
        HashSet<ushort> wanted = [.. Channels.Where(channel => topics is null || topics.Contains(channel.Topic)).Select(channel => channel.Id)];
        // Chunks overlap in time; a message is due once no later chunk can hold an earlier one.
        PriorityQueue<McapMessage, (long Time, long Offset)> waiting = new();
        foreach (McapChunkEntry entry in _catalog.Chunks.Where(entry => entry.End >= from && entry.Start <= until).OrderBy(entry => entry.Start))
        {
            while (waiting.TryPeek(out _, out (long Time, long Offset) next) && next.Time < entry.Start) yield return waiting.Dequeue();
            foreach (McapRawMessage raw in McapChunk.Load(_file, entry, catalog: null).Messages)
            {
                if (!_catalog.Channels.TryGetValue(raw.Channel, out McapChannel? channel))
                    throw _file.Corrupt(raw.Offset, $"a message names channel {raw.Channel}, which does not exist");
                if (raw.LogTime < entry.Start || raw.LogTime > entry.End)
                    throw _file.Corrupt(raw.Offset, "a message lies outside the times of its chunk");
                if (wanted.Contains(raw.Channel) && raw.LogTime >= from && raw.LogTime <= until)
                    waiting.Enqueue(new McapMessage(channel, raw.Sequence, raw.LogTime, raw.PublishTime, raw.Data), (raw.LogTime, raw.Offset));
            }
        }
        while (waiting.TryDequeue(out McapMessage message, out _)) yield return message;
    }

    /// <summary>Reads the files inside the recording, in its order.</summary>
    /// <exception cref="CorruptRecordingException">While iterating: one is damaged.</exception>
    public IEnumerable<McapAttachment> ReadAttachments() => _catalog.Attachments.Select(ReadAttachment);

    /// <summary>Reads the whole file and checks every checksum and count in it.</summary>
    /// <exception cref="CorruptRecordingException">One is wrong.</exception>
    public void Verify()
    {
        McapScan scan = McapScan.Run(_file, salvage: false);
        if (scan.Catalog.MessageCount != MessageCount)
            throw _file.Corrupt(_file.Length, $"the summary announces {MessageCount} messages, there are {scan.Catalog.MessageCount}");
        if (Loss is null && scan.DataEnd is null) throw _file.Corrupt(_file.Length, "the data section has no end");
        if (scan.DataEnd is not { } end || scan.DataCrc == 0) return;
        Crc32 crc = default;
        const int piece = 1 << 20;
        for (long offset = 0; offset < end; offset += piece) crc.Append(_file.Load(offset, Math.Min(piece, end - offset)));
        if (crc.Value != scan.DataCrc) throw _file.Corrupt(end, "the checksum of the data section is wrong");
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _file.Dispose();

    private static FileStream OpenFile(string path)
    {
        try { return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite); }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path}: cannot open the recording: {error.Message}", error);
        }
    }

    private static McapReader Load(Stream stream, string name, Func<McapFile, McapCatalog> load)
    {
        McapFile file = new(stream, name);
        try
        {
            int magic = (int)Math.Min(McapFormat.Magic.Length, file.Length);
            if (!McapFormat.Magic.StartsWith(file.Load(0, magic)))
                throw new InputException($"{name}: this is no MCAP recording; it does not start with the mark of one.");
            return new McapReader(file, load(file));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private McapAttachment ReadAttachment(long offset)
    {
        byte[] content = _file.LoadRecord(offset, McapOpcode.Attachment);
        McapCursor fields = _file.Cursor(content, offset + McapFormat.RecordPrefix);
        long logTime = fields.U64(), createTime = fields.U64();
        string name = fields.String(), mediaType = fields.String();
        long size = fields.U64();
        int start = fields.Position;
        fields.Take(size);
        int end = fields.Position;
        uint crc = fields.U32();
        if (crc != 0 && Crc32.Of(content.AsSpan(0, end)) != crc) throw _file.Corrupt(offset, $"the checksum of the attachment {name} is wrong");
        return new McapAttachment(name, mediaType, logTime, createTime, content.AsMemory(start, end - start));
    }
}
