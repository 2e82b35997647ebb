using System.Buffers.Binary;

namespace Legato.Runtime.Recording;

/// <summary>A ring of bytes through which one thread hands messages to another without a lock.</summary>
/// <remarks>
/// One producer calls <see cref="TryWrite"/>, one consumer calls <see cref="TryPeek"/> and <see cref="Release"/>. Positions only grow; each side
/// publishes its own after it is done with the bytes before it. Nothing allocates after construction.
/// </remarks>
internal sealed class MessageRing
{
    // Length, sequence, log time, publish time.
    private const int HeadSize = 4 + 4 + 8 + 8;

    // Stands where a length would: the rest of the ring is unused, go on at its start.
    private const int Skip = -1;

    private readonly byte[] _bytes;
    private long _written;
    private long _released;
    private long _peeked;

    /// <summary>Creates a ring.</summary>
    /// <param name="capacity">Bytes, a power of two, at least 64. A message takes 24 bytes more than its size, rounded up to 8.</param>
    public MessageRing(int capacity)
    {
        if (capacity < 64 || !int.IsPow2(capacity)) throw new ArgumentOutOfRangeException(nameof(capacity), capacity, "The capacity must be a power of two, at least 64.");
        _bytes = new byte[capacity];
        // Touches every page here, so that the producer never waits for one.
        _bytes.AsSpan().Clear();
    }

    /// <summary>Producer: adds a message.</summary>
    /// <returns>False if there is no room; nothing was added.</returns>
    public bool TryWrite(ReadOnlySpan<byte> data, uint sequence, long logTime, long publishTime)
    {
        long size = HeadSize + Padded(data.Length), written = _written;
        int position = Position(written);
        // A message lies in one piece, so that the consumer gets a span: what does not fit before the end goes to the start.
        long skipped = size <= _bytes.Length - position ? 0 : _bytes.Length - position;
        if (_bytes.Length - (written - Volatile.Read(ref _released)) < skipped + size) return false;
        if (skipped > 0)
        {
            BinaryPrimitives.WriteInt32LittleEndian(_bytes.AsSpan(position), Skip);
            position = 0;
        }
        Span<byte> slot = _bytes.AsSpan(position);
        BinaryPrimitives.WriteInt32LittleEndian(slot, data.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(slot[4..], sequence);
        BinaryPrimitives.WriteInt64LittleEndian(slot[8..], logTime);
        BinaryPrimitives.WriteInt64LittleEndian(slot[16..], publishTime);
        data.CopyTo(slot[HeadSize..]);
        Volatile.Write(ref _written, written + skipped + size);
        return true;
    }

    /// <summary>Consumer: looks at the oldest message. Its span is valid until <see cref="Release"/>.</summary>
    /// <returns>False if there is none.</returns>
    public bool TryPeek(out ReadOnlySpan<byte> data, out uint sequence, out long logTime, out long publishTime)
    {
        data = default;
        (sequence, logTime, publishTime) = (0, 0, 0);
        long start = _released;
        if (start == Volatile.Read(ref _written)) return false;
        ReadOnlySpan<byte> slot = _bytes.AsSpan(Position(start));
        int length = BinaryPrimitives.ReadInt32LittleEndian(slot);
        if (length == Skip)
        {
            start += slot.Length;
            slot = _bytes;
            length = BinaryPrimitives.ReadInt32LittleEndian(slot);
        }
        sequence = BinaryPrimitives.ReadUInt32LittleEndian(slot[4..]);
        logTime = BinaryPrimitives.ReadInt64LittleEndian(slot[8..]);
        publishTime = BinaryPrimitives.ReadInt64LittleEndian(slot[16..]);
        data = slot.Slice(HeadSize, length);
        _peeked = start + HeadSize + Padded(length);
        return true;
    }

    /// <summary>Consumer: gives the room of the message that was looked at back to the producer.</summary>
    public void Release() => Volatile.Write(ref _released, _peeked);

    // Slots start at multiples of 8, so that there is always room for a Skip before the end.
    private static long Padded(int length) => (length + 7L) & ~7L;

    private int Position(long count) => (int)(count & (_bytes.Length - 1));
}
