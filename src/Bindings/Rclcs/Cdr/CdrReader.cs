using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Unicode;

namespace Rclcs;

/// <summary>Reads plain CDR (XCDR1, little-endian) from a span, with every access checked.</summary>
/// <remarks>
/// Lengths are compared with the bytes that are left before anything is allocated, so a hostile count costs nothing.
/// Reading into existing strings and lists allocates only where the content or a size has changed.
/// Every method throws <see cref="CdrException"/> when the bytes cannot be what is asked for.
/// </remarks>
public ref struct CdrReader
{
    // Writers pad the end of a message to 4 or 8 bytes.
    private const int MaxTrailing = 7;

    private readonly ReadOnlySpan<byte> _buffer;
    private int _position;

    /// <summary>Starts reading a message at its encapsulation header.</summary>
    /// <exception cref="CdrException">The header is missing or names another encoding.</exception>
    public CdrReader(ReadOnlySpan<byte> buffer)
    {
        if (!BitConverter.IsLittleEndian)
            throw new PlatformNotSupportedException("Rclcs reads little-endian CDR by copying and needs a little-endian host.");
        if (buffer.Length < CdrWriter.HeaderSize)
            throw new CdrException($"a CDR message has a header of {CdrWriter.HeaderSize} bytes, here are only {buffer.Length}");
        int encoding = BinaryPrimitives.ReadUInt16BigEndian(buffer);
        if (encoding != 1)
            throw new CdrException($"CDR encoding 0x{encoding:x4}; only 0x0001 (plain CDR, little-endian) is read");
        _buffer = buffer;
        _position = CdrWriter.HeaderSize;
    }

    /// <summary>Offset of the next byte, counted from the start of the header.</summary>
    public readonly int Position => _position;

    /// <summary>Bytes that are left.</summary>
    public readonly int Remaining => _buffer.Length - _position;

    /// <summary>Reads a boolean.</summary>
    public bool ReadBool() => ReadByte() switch
    {
        0 => false,
        1 => true,
        byte other => throw Bad($"a boolean is 0 or 1, not {other}"),
    };

    /// <summary>Reads one byte.</summary>
    public byte ReadByte() => Take(1, 1)[0];

    /// <summary>Reads a signed 32-bit integer.</summary>
    public int ReadInt32() => BinaryPrimitives.ReadInt32LittleEndian(Take(4, 4));

    /// <summary>Reads an unsigned 32-bit integer.</summary>
    public uint ReadUInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4, 4));

    /// <summary>Reads a double.</summary>
    public double ReadDouble() => BinaryPrimitives.ReadDoubleLittleEndian(Take(8, 8));

    /// <summary>Reads a fixed number of bytes; the span points into the message.</summary>
    public ReadOnlySpan<byte> ReadBytes(int count) => Take(count, 1);

    /// <summary>Reads a string. Returns <paramref name="current"/> itself when it is the same text.</summary>
    public string ReadString(string current)
    {
        int length = ReadCount(1);
        if (length == 0)
            throw Bad("a string has length 0, but CDR counts its terminator");
        ReadOnlySpan<byte> bytes = Take(length, 1);
        if (bytes[^1] != 0)
            throw Bad($"a string of {length} bytes has no terminator");
        bytes = bytes[..^1];
        return Same(current, bytes) ? current : Encoding.UTF8.GetString(bytes);
    }

    /// <summary>Reads the count of a sequence whose elements take at least so many bytes each.</summary>
    /// <exception cref="CdrException">The message is too short to hold that many elements.</exception>
    public int ReadCount(int minimumElementSize)
    {
        uint count = ReadUInt32();
        if ((ulong)count * (uint)minimumElementSize > (uint)Remaining)
            throw Bad($"{count} elements of {minimumElementSize} bytes or more do not fit into the {Remaining} bytes left");
        return (int)count;
    }

    /// <summary>Reads a sequence of doubles into the list, which takes on its length.</summary>
    public void Read(List<double> into)
    {
        int count = ReadCount(sizeof(double));
        if (count == 0)
        {
            into.Clear();
            return;
        }
        ReadOnlySpan<byte> bytes = Take(count * sizeof(double), sizeof(double));
        CollectionsMarshal.SetCount(into, count);
        bytes.CopyTo(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(into)));
    }

    /// <summary>Reads a sequence of strings into the list, which takes on its length and keeps equal strings.</summary>
    public void Read(List<string> into)
    {
        // The shortest string is a length and a terminator.
        int count = ReadCount(sizeof(uint) + 1);
        int kept = Math.Min(count, into.Count);
        CollectionsMarshal.SetCount(into, count);
        Span<string> span = CollectionsMarshal.AsSpan(into);
        span[kept..].Fill(string.Empty);
        foreach (ref string item in span)
            item = ReadString(item);
    }

    /// <summary>Reads a sequence of messages into the list, which takes on its length and keeps its objects.</summary>
    public void Read<T>(List<T> into) where T : class, IMessage<T>, new()
    {
        int count = ReadCount(T.Descriptor.MinimumCdrSize);
        if (count < into.Count)
            CollectionsMarshal.SetCount(into, count);
        while (into.Count < count)
            into.Add(new T());
        foreach (T item in CollectionsMarshal.AsSpan(into))
            item.Deserialize(ref this);
    }

    /// <summary>Ends the message. Up to 7 bytes of padding may follow.</summary>
    /// <exception cref="CdrException">More bytes follow than any padding has: the message is of another type.</exception>
    public readonly void End()
    {
        if (Remaining > MaxTrailing)
            throw Bad($"{Remaining} bytes follow the last field; the message is of another type");
    }

    private ReadOnlySpan<byte> Take(int size, int alignment)
    {
        int start = _position + (-(_position - CdrWriter.HeaderSize) & (alignment - 1));
        if (size > _buffer.Length - start)
            throw Bad($"{size} bytes are needed at {start}, but the message ends at {_buffer.Length}");
        _position = start + size;
        return _buffer.Slice(start, size);
    }

    private readonly CdrException Bad(string what) => new($"malformed CDR at byte {_position}: {what}");

    private static bool Same(string text, ReadOnlySpan<byte> utf8)
    {
        if (Ascii.Equals(utf8, text))
            return true;
        if (Encoding.UTF8.GetByteCount(text) != utf8.Length)
            return false;
        Span<byte> chunk = stackalloc byte[256];
        ReadOnlySpan<char> rest = text;
        while (!rest.IsEmpty)
        {
            Utf8.FromUtf16(rest, chunk, out int read, out int written);
            if (!chunk[..written].SequenceEqual(utf8[..written]))
                return false;
            rest = rest[read..];
            utf8 = utf8[written..];
        }
        return utf8.IsEmpty;
    }
}
