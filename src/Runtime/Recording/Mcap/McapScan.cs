using System.Buffers.Binary;

namespace Legato.Runtime.Recording.Mcap;

/// <summary>Builds the catalog of a file by walking through it, as far as it goes.</summary>
internal sealed class McapScan
{
    private readonly McapFile _file;
    private readonly bool _salvage;
    private readonly McapCatalog _catalog = new();
    private readonly List<long> _damaged = [];
    private long _usable;
    private McapChunkEntry? _cut;
    private int _uncheckedMessages;

    private McapScan(McapFile file, bool salvage)
    {
        _file = file;
        _salvage = salvage;
    }

    /// <summary>The checksum that the file states for its data section; 0 if none.</summary>
    public uint DataCrc { get; private set; }

    /// <summary>Where the data section ends; null if the file was cut before.</summary>
    public long? DataEnd { get; private set; }

    public McapCatalog Catalog => _catalog;

    /// <summary>Walks through a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="salvage">True to leave damaged chunks out instead of failing on them.</param>
    /// <exception cref="CorruptRecordingException">A whole record is wrong.</exception>
    public static McapScan Run(McapFile file, bool salvage)
    {
        McapScan scan = new(file, salvage);
        scan.Walk();
        scan._catalog.Loss = scan.Loss();
        return scan;
    }

    private void Walk()
    {
        int magic = McapFormat.Magic.Length;
        if (_file.Length < magic) return;
        _usable = magic;
        while (DataEnd is null)
        {
            (McapOpcode opcode, long length) = _file.Prefix(_usable);
            if (opcode == McapOpcode.None || length < 0) return;
            long content = _usable + McapFormat.RecordPrefix;
            if (length > _file.Length - content)
            {
                if (opcode == McapOpcode.Chunk) ReadCutChunk();
                return;
            }
            Read(opcode, content, length);
            _usable = content + length;
        }
    }

    private void Read(McapOpcode opcode, long content, long length)
    {
        switch (opcode)
        {
            case McapOpcode.Chunk:
                ReadChunk(content, length);
                break;
            case McapOpcode.Attachment:
                _catalog.Attachments.Add(_usable);
                break;
            case McapOpcode.Message:
                throw new InputException($"{_file.Name}, byte {_usable}: the recording has messages outside chunks. Convert it with \"mcap convert\".");
            case McapOpcode.Header or McapOpcode.Metadata or McapOpcode.Schema or McapOpcode.Channel or McapOpcode.DataEnd:
                McapCursor fields = _file.Cursor(_file.Load(content, length), content);
                if (opcode == McapOpcode.Header) _catalog.ReadHeader(ref fields);
                else if (opcode == McapOpcode.Metadata) _catalog.Metadata.Add(McapCatalog.ReadMetadata(ref fields));
                else if (opcode == McapOpcode.DataEnd) ReadDataEnd(ref fields);
                else _catalog.Define(opcode, ref fields);
                break;
        }
    }

    private void ReadDataEnd(ref McapCursor fields)
    {
        (DataCrc, DataEnd) = (fields.U32(), _usable);
        if (!fields.AtEnd) throw _file.Corrupt(_usable, "the end of the data section is longer than a checksum");
    }

    private void ReadChunk(long content, long length)
    {
        try
        {
            McapChunkEntry entry = Entry(content, length, cut: false);
            _catalog.MessageCount += McapChunk.Load(_file, entry, _catalog).Messages.Count;
            _catalog.Chunks.Add(entry);
        }
        catch (CorruptRecordingException) when (_salvage)
        {
            _damaged.Add(_usable);
        }
    }

    // A cut chunk lost its end, not its head: whatever whole messages it has are as good as any, only unchecked.
    private void ReadCutChunk()
    {
        // Times, size, checksum, an empty name of a compression, stored length.
        const int head = 8 + 8 + 8 + 4 + 4 + 8;
        long content = _usable + McapFormat.RecordPrefix, there = _file.Length - content;
        if (there < head) return;
        _cut = Entry(content, there, cut: true);
        McapChunk chunk = McapChunk.Load(_file, _cut, _catalog);
        _catalog.Chunks.Add(_cut);
        _uncheckedMessages = chunk.Messages.Count;
        _catalog.MessageCount += _uncheckedMessages;
        _usable = chunk.UsableEnd;
    }

    private McapChunkEntry Entry(long content, long length, bool cut)
    {
        McapCursor times = _file.Cursor(_file.Load(content, Math.Min(length, 16)), content);
        return new McapChunkEntry(content - McapFormat.RecordPrefix, length + McapFormat.RecordPrefix, times.U64(), times.U64(), cut);
    }

    private McapLoss? Loss()
    {
        bool complete = DataEnd is not null && EndsInMagic();
        if (complete && _damaged.Count == 0) return null;
        long unusable = complete ? 0 : _file.Length - _usable;
        return new McapLoss(_usable, unusable, _uncheckedMessages, _cut?.End, _damaged, DataEnd is not null);
    }

    private bool EndsInMagic() =>
        BinaryPrimitives.ReadInt64LittleEndian(_file.Load(_file.Length - sizeof(long), sizeof(long))) == BinaryPrimitives.ReadInt64LittleEndian(McapFormat.Magic);
}
