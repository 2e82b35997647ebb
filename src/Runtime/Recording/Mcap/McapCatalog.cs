namespace Legato.Runtime.Recording.Mcap;

/// <summary>What a recording holds and where, whether its summary or a walk through the file told it.</summary>
internal sealed class McapCatalog
{
    private readonly Dictionary<ushort, McapSchema> _schemas = [];

    public string Profile { get; set; } = "";

    public string Library { get; set; } = "";

    public SortedDictionary<ushort, McapChannel> Channels { get; } = [];

    public List<McapChunkEntry> Chunks { get; } = [];

    public List<McapMetadata> Metadata { get; } = [];

    /// <summary>Offsets of attachment records.</summary>
    public List<long> Attachments { get; } = [];

    public long MessageCount { get; set; }

    /// <summary>Null if the file is complete.</summary>
    public McapLoss? Loss { get; set; }

    /// <summary>Takes the definition of a schema or a channel; ignores other records.</summary>
    public void Define(McapOpcode opcode, ref McapCursor fields)
    {
        switch (opcode)
        {
            case McapOpcode.Schema:
                McapSchema schema = new(fields.U16(), fields.String(), fields.String(), fields.String());
                _schemas[schema.Id] = schema;
                break;
            case McapOpcode.Channel:
                ushort id = fields.U16();
                Channels[id] = new McapChannel(id, _schemas.GetValueOrDefault(fields.U16()), fields.String(), fields.String(), fields.Map());
                break;
        }
    }

    /// <summary>Reads the file's first record.</summary>
    public void ReadHeader(ref McapCursor fields)
    {
        Profile = fields.String();
        Library = fields.String();
    }

    public static McapMetadata ReadMetadata(ref McapCursor fields) => new(fields.String(), fields.Map());
}
