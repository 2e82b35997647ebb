using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Rclcs;

/// <summary>
/// Writes plain CDR (XCDR1, little-endian) into a span: a 4-byte encapsulation header, then the fields,
/// each aligned to its size counted from the end of the header.
/// </summary>
/// <remarks>
/// Never throws for lack of room: it stops storing and goes on counting, so that one pass over a message both writes it
/// and measures it. Check <see cref="Overflowed"/> at the end. Source of the rules: OMG DDSI-RTPS 2.3, clause 10, and
/// CORBA 3.0, clause 15.3 (CDR).
/// </remarks>
public ref struct CdrWriter
{
    /// <summary>Bytes of the encapsulation header.</summary>
    public const int HeaderSize = 4;

    private readonly Span<byte> _buffer;
    private int _length;

    /// <summary>Starts a message in the buffer. An empty buffer only measures.</summary>
    public CdrWriter(Span<byte> buffer)
    {
        if (!BitConverter.IsLittleEndian)
            throw new PlatformNotSupportedException("Rclcs writes little-endian CDR by copying and needs a little-endian host.");
        _buffer = buffer;
        _length = HeaderSize;
        if (buffer.Length >= HeaderSize)
            BinaryPrimitives.WriteUInt32BigEndian(buffer, 0x0001_0000);
    }

    /// <summary>Bytes the message takes so far, with the header, whether they fitted or not.</summary>
    public readonly int Length => _length;

    /// <summary>True when the buffer was too small; it then holds a part of the message and must not be sent.</summary>
    public readonly bool Overflowed => _length > _buffer.Length;

    /// <summary>Writes a boolean as one byte.</summary>
    public void Write(bool value) => Write((byte)(value ? 1 : 0));

    /// <summary>Writes one byte.</summary>
    public void Write(byte value)
    {
        Span<byte> room = Reserve(1, 1);
        if (!room.IsEmpty)
            room[0] = value;
    }

    /// <summary>Writes a signed 32-bit integer.</summary>
    public void Write(int value) => Write((uint)value);

    /// <summary>Writes an unsigned 32-bit integer.</summary>
    public void Write(uint value)
    {
        Span<byte> room = Reserve(4, 4);
        if (!room.IsEmpty)
            BinaryPrimitives.WriteUInt32LittleEndian(room, value);
    }

    /// <summary>Writes a double.</summary>
    public void Write(double value)
    {
        Span<byte> room = Reserve(8, 8);
        if (!room.IsEmpty)
            BinaryPrimitives.WriteDoubleLittleEndian(room, value);
    }

    /// <summary>Writes a string as UTF-8: its length with the terminator, the bytes, the terminator.</summary>
    /// <exception cref="CdrException">The string contains a NUL, which CDR cannot carry.</exception>
    public void Write(string value)
    {
        if (value.Contains('\0', StringComparison.Ordinal))
            throw new CdrException($"a string of {value.Length} characters contains a NUL, at which ROS strings end");
        // The length goes in front and is known last; the aligned place for it comes first.
        Span<byte> lengthAt = Reserve(sizeof(uint), sizeof(uint));
        Span<byte> rest = Overflowed ? default : _buffer[_length..];
        int bytes = Encoding.UTF8.TryGetBytes(value, rest, out int written) ? written : Encoding.UTF8.GetByteCount(value);
        if (!lengthAt.IsEmpty)
            BinaryPrimitives.WriteUInt32LittleEndian(lengthAt, (uint)bytes + 1);
        Span<byte> room = Reserve(bytes + 1, 1);
        if (!room.IsEmpty)
            room[bytes] = 0;
    }

    /// <summary>Writes bytes as they are, without a count (a fixed array of octets).</summary>
    public void WriteBytes(scoped ReadOnlySpan<byte> value)
    {
        Span<byte> room = Reserve(value.Length, 1);
        if (!room.IsEmpty)
            value.CopyTo(room);
    }

    /// <summary>Writes a sequence of doubles: the count, then the values. An empty one adds no padding.</summary>
    public void Write(scoped ReadOnlySpan<double> values)
    {
        Write((uint)values.Length);
        if (values.IsEmpty)
            return;
        ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(values);
        Span<byte> room = Reserve(bytes.Length, sizeof(double));
        if (!room.IsEmpty)
            bytes.CopyTo(room);
    }

    /// <summary>Writes a sequence of doubles.</summary>
    public void Write(List<double> values) => Write(CollectionsMarshal.AsSpan(values));

    /// <summary>Writes a sequence of strings.</summary>
    public void Write(List<string> values)
    {
        Write((uint)values.Count);
        foreach (string value in CollectionsMarshal.AsSpan(values))
            Write(value);
    }

    /// <summary>Writes a sequence of messages.</summary>
    public void Write<T>(List<T> values) where T : class, IMessage<T>, new()
    {
        Write((uint)values.Count);
        foreach (T value in CollectionsMarshal.AsSpan(values))
            value.Serialize(ref this);
    }

    // Zeroes the padding, so that equal messages give equal bytes whatever the buffer held before.
    private Span<byte> Reserve(int size, int alignment)
    {
        int padding = -(_length - HeaderSize) & (alignment - 1);
        int start = checked(_length + padding);
        int end = checked(start + size);
        bool fits = end <= _buffer.Length;
        if (fits && padding > 0)
            _buffer.Slice(_length, padding).Clear();
        _length = end;
        return fits ? _buffer[start..end] : default;
    }
}
