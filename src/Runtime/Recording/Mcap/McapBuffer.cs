using System.Buffers.Binary;
using System.Text;

namespace Legato.Runtime.Recording.Mcap;

/// <summary>A growing buffer of records, little-endian. Reused: once it has grown, it allocates nothing.</summary>
internal sealed class McapBuffer(int capacity = 4096)
{
    private byte[] _bytes = new byte[capacity];

    /// <summary>Bytes written so far.</summary>
    public int Length { get; private set; }

    /// <summary>What was written.</summary>
    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    public void Clear() => Length = 0;

    /// <summary>Starts a record; <see cref="End"/> completes it.</summary>
    /// <returns>Where its content starts.</returns>
    public int Begin(McapOpcode opcode)
    {
        U8((byte)opcode);
        U64(0);
        return Length;
    }

    /// <summary>Completes a record whose content starts here; what follows the buffer may belong to it, too.</summary>
    public void End(int content, long further = 0) =>
        BinaryPrimitives.WriteInt64LittleEndian(_bytes.AsSpan(content - sizeof(long)), Length - content + further);

    public void U8(byte value) => Take(1)[0] = value;

    public void U16(ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(Take(sizeof(ushort)), value);

    public void U32(uint value) => BinaryPrimitives.WriteUInt32LittleEndian(Take(sizeof(uint)), value);

    public void U64(long value) => BinaryPrimitives.WriteInt64LittleEndian(Take(sizeof(long)), value);

    public void Bytes(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Take(bytes.Length));

    public void String(string text)
    {
        int length = Encoding.UTF8.GetByteCount(text);
        U32((uint)length);
        Encoding.UTF8.GetBytes(text, Take(length));
    }

    /// <summary>Names and values, in the order of the names, so that equal recordings are equal files.</summary>
    public void Map(IReadOnlyDictionary<string, string> values)
    {
        int start = Length;
        U32(0);
        foreach ((string key, string value) in values.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            String(key);
            String(value);
        }
        PatchLength(start);
    }

    /// <summary>Writes the length of what was written since, in front of it.</summary>
    public void PatchLength(int start) =>
        BinaryPrimitives.WriteUInt32LittleEndian(_bytes.AsSpan(start), (uint)(Length - start - sizeof(uint)));

    private Span<byte> Take(int count)
    {
        if (Length + count > _bytes.Length) Array.Resize(ref _bytes, Math.Max(2 * _bytes.Length, Length + count));
        Length += count;
        return _bytes.AsSpan(Length - count, count);
    }
}
