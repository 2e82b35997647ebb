using System.Buffers.Binary;

namespace Legato.Runtime.Recording.Mcap;

/// <summary>A file of records, read at any place.</summary>
internal sealed class McapFile(Stream stream, string name) : IDisposable
{
    /// <summary>What errors call it.</summary>
    public string Name { get; } = name;

    /// <summary>Its length when it was opened, bytes; a recording in progress may grow behind it.</summary>
    public long Length { get; } = stream.Length;

    /// <summary>Reads so many bytes from there.</summary>
    public byte[] Load(long offset, long count)
    {
        if (count < 0 || count > Length - offset || count > Array.MaxLength)
            throw new CorruptRecordingException(Name, offset, $"{count} bytes were announced there, the file has {Math.Max(Length - offset, 0)}");
        byte[] bytes = new byte[count];
        stream.Position = offset;
        stream.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>Reads the content of a record of which offset and kind are known.</summary>
    public byte[] LoadRecord(long offset, McapOpcode expected)
    {
        (McapOpcode opcode, long length) = Prefix(offset);
        return opcode == expected ? Load(offset + McapFormat.RecordPrefix, length)
            : throw Corrupt(offset, $"a {expected} record was announced there, it is a {opcode}");
    }

    /// <summary>Reads kind and content length of a record; kind None if fewer bytes than a prefix are left, length −1 if it is impossible.</summary>
    public (McapOpcode Opcode, long Length) Prefix(long offset)
    {
        if (Length - offset < McapFormat.RecordPrefix) return (McapOpcode.None, -1);
        byte[] prefix = Load(offset, McapFormat.RecordPrefix);
        return ((McapOpcode)prefix[0], Math.Max(BinaryPrimitives.ReadInt64LittleEndian(prefix.AsSpan(1)), -1));
    }

    /// <summary>Fields of a piece of the file.</summary>
    public McapCursor Cursor(ReadOnlySpan<byte> bytes, long origin) => new(bytes, Name, origin);

    public CorruptRecordingException Corrupt(long offset, string problem) => new(Name, offset, problem);

    public void Dispose() => stream.Dispose();
}
