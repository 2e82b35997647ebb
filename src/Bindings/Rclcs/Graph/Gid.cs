using System.Runtime.InteropServices;

namespace Rclcs;

/// <summary>Identity of a participant, publisher or subscription on the network: the 16 bytes of a DDS GUID.</summary>
/// <remarks>Immutable. The first 12 bytes name the participant, the last 4 the endpoint within it.</remarks>
[StructLayout(LayoutKind.Sequential)]
public readonly struct Gid : IEquatable<Gid>
{
    /// <summary>Bytes of a DDS GUID.</summary>
    public const int Size = 16;

    private readonly ulong _head;
    private readonly ulong _tail;

    /// <summary>Takes the first 16 bytes.</summary>
    /// <exception cref="ArgumentException">There are fewer.</exception>
    public Gid(ReadOnlySpan<byte> bytes) => this = bytes.Length >= Size
        ? MemoryMarshal.Read<Gid>(bytes)
        : throw new ArgumentException($"A GUID has {Size} bytes, here are {bytes.Length}.", nameof(bytes));

    /// <summary>Compares all 16 bytes.</summary>
    public static bool operator ==(Gid left, Gid right) => left.Equals(right);

    /// <summary>Compares all 16 bytes.</summary>
    public static bool operator !=(Gid left, Gid right) => !left.Equals(right);

    /// <summary>Copies the 16 bytes to the start of a span.</summary>
    public void CopyTo(Span<byte> bytes) => MemoryMarshal.Write(bytes, in this);

    /// <inheritdoc/>
    public bool Equals(Gid other) => _head == other._head && _tail == other._tail;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Gid other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_head, _tail);

    /// <summary>The bytes in hexadecimal, the endpoint's part after a dot.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Size];
        CopyTo(bytes);
        return $"{Convert.ToHexStringLower(bytes[..12])}.{Convert.ToHexStringLower(bytes[12..])}";
    }
}
