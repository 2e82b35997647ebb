using System.Buffers.Binary;
using System.IO.Compression;

namespace MuJoCo;

/// <summary>Writes 8-bit RGB pictures as PNG (ISO/IEC 15948).</summary>
internal static class Png
{
    private const int BytesPerPixel = 3;
    private const byte FilterUp = 2;

    private static readonly uint[] CrcTable = MakeCrcTable();

    /// <summary>Encodes a picture.</summary>
    /// <param name="rgb">Red, green, blue per pixel, top row first.</param>
    /// <param name="width">Pixels per row.</param>
    /// <param name="height">Rows.</param>
    public static byte[] Encode(ReadOnlySpan<byte> rgb, int width, int height)
    {
        using var png = new MemoryStream();
        png.Write([0x89, (byte)'P', (byte)'N', (byte)'G', (byte)'\r', (byte)'\n', 0x1A, (byte)'\n']);

        Span<byte> header = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], height);
        header[8] = 8; // bits per sample
        header[9] = 2; // RGB
        header[10..].Clear();
        WriteChunk(png, "IHDR"u8, header);
        WriteChunk(png, "IDAT"u8, Compress(rgb, width * BytesPerPixel));
        WriteChunk(png, "IEND"u8, []);
        return png.ToArray();
    }

    // Each row as its difference to the row above: rendered pictures are smooth and shrink well by it.
    private static ReadOnlySpan<byte> Compress(ReadOnlySpan<byte> rgb, int stride)
    {
        var compressed = new MemoryStream();
        using (var zlib = new ZLibStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
        {
            byte[] line = new byte[1 + stride];
            line[0] = FilterUp;
            ReadOnlySpan<byte> above = new byte[stride];
            for (; !rgb.IsEmpty; rgb = rgb[stride..])
            {
                ReadOnlySpan<byte> row = rgb[..stride];
                for (int i = 0; i < stride; i++)
                    line[i + 1] = (byte)(row[i] - above[i]);
                zlib.Write(line);
                above = row;
            }
        }

        return compressed.GetBuffer().AsSpan(0, (int)compressed.Length);
    }

    private static void WriteChunk(MemoryStream png, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        png.Write(number);
        png.Write(type);
        png.Write(data);
        BinaryPrimitives.WriteUInt32BigEndian(number, ~Crc(Crc(uint.MaxValue, type), data));
        png.Write(number);
    }

    private static uint Crc(uint crc, ReadOnlySpan<byte> data)
    {
        foreach (byte value in data)
            crc = CrcTable[(byte)crc ^ value] ^ (crc >> 8);
        return crc;
    }

    private static uint[] MakeCrcTable()
    {
        const uint polynomial = 0xEDB88320;
        uint[] table = new uint[256];
        for (uint i = 0; i < table.Length; i++)
        {
            uint value = i;
            for (int bit = 0; bit < 8; bit++)
                value = (value & 1) == 0 ? value >> 1 : (value >> 1) ^ polynomial;
            table[i] = value;
        }

        return table;
    }
}
