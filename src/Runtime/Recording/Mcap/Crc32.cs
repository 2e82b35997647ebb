using System.Buffers.Binary;

namespace Legato.Runtime.Recording.Mcap;

/// <summary>The CRC-32 of IEEE 802.3 (as in zlib), eight bytes at a time.</summary>
/// <remarks>Source: M. Kounavis, F. Berry, "Novel Table Lookup-Based Algorithms for High-Performance CRC Generation", IEEE Trans. Computers 57 (2008).</remarks>
internal struct Crc32
{
    private static readonly uint[] Table = BuildTable();

    // Inverted, so that the default value is the checksum of nothing.
    private uint _inverted;

    /// <summary>The checksum of all bytes so far; 0 for none.</summary>
    public readonly uint Value => _inverted;

    /// <summary>The checksum of one piece.</summary>
    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        Crc32 crc = default;
        crc.Append(bytes);
        return crc.Value;
    }

    /// <summary>Takes more bytes into account.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<uint> table = Table;
        uint crc = ~_inverted;
        for (; bytes.Length >= 8; bytes = bytes[8..])
        {
            uint low = crc ^ BinaryPrimitives.ReadUInt32LittleEndian(bytes), high = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
            crc = table[0x700 + (int)(low & 0xFF)] ^ table[0x600 + (int)(low >> 8 & 0xFF)] ^ table[0x500 + (int)(low >> 16 & 0xFF)] ^ table[0x400 + (int)(low >> 24)]
                ^ table[0x300 + (int)(high & 0xFF)] ^ table[0x200 + (int)(high >> 8 & 0xFF)] ^ table[0x100 + (int)(high >> 16 & 0xFF)] ^ table[(int)(high >> 24)];
        }
        foreach (byte value in bytes) crc = crc >> 8 ^ table[(int)((crc ^ value) & 0xFF)];
        _inverted = ~crc;
    }

    // Row k holds the effect of a byte that is followed by k zero bytes.
    private static uint[] BuildTable()
    {
        const uint polynomial = 0xEDB88320;
        uint[] table = new uint[8 * 256];
        for (uint i = 0; i < 256; i++)
        {
            uint crc = i;
            for (int bit = 0; bit < 8; bit++) crc = (crc & 1) != 0 ? crc >> 1 ^ polynomial : crc >> 1;
            table[i] = crc;
        }
        for (int i = 256; i < table.Length; i++) table[i] = table[i - 256] >> 8 ^ table[table[i - 256] & 0xFF];
        return table;
    }
}
