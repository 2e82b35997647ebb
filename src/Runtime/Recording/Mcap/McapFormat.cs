namespace Legato.Runtime.Recording.Mcap;

/// <summary>The kinds of record in an MCAP file. Source: the MCAP specification, version 0 (mcap.dev/spec).</summary>
internal enum McapOpcode : byte
{
    /// <summary>In no valid file: what a file system leaves where a power cut kept it from writing.</summary>
    None = 0x00,
    Header = 0x01,
    Footer = 0x02,
    Schema = 0x03,
    Channel = 0x04,
    Message = 0x05,
    Chunk = 0x06,
    MessageIndex = 0x07,
    ChunkIndex = 0x08,
    Attachment = 0x09,
    AttachmentIndex = 0x0A,
    Statistics = 0x0B,
    Metadata = 0x0C,
    MetadataIndex = 0x0D,
    SummaryOffset = 0x0E,
    DataEnd = 0x0F,
}

/// <summary>Sizes and marks of the format.</summary>
internal static class McapFormat
{
    /// <summary>Opcode and content length in front of every record, bytes.</summary>
    public const int RecordPrefix = 1 + 8;

    /// <summary>Content of a footer: start of summary, start of summary offsets, checksum.</summary>
    public const int FooterContent = 8 + 8 + 4;

    /// <summary>The first and the last bytes of a complete file.</summary>
    public static ReadOnlySpan<byte> Magic => [0x89, (byte)'M', (byte)'C', (byte)'A', (byte)'P', (byte)'0', (byte)'\r', (byte)'\n'];
}
