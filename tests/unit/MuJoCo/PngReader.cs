using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Legato.Tests.MuJoCo;

/// <summary>Reads an 8-bit RGB PNG: checks signature, chunk checksums and size, undoes every filter of the standard.</summary>
internal sealed record PngReader(int Width, int Height, byte[] Rgb)
{
    public static PngReader Decode(byte[] png)
    {
        Assert.Equal([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], png[..8]);
        (int width, int height) = (0, 0);
        using var compressed = new MemoryStream();
        string type;
        int at = 8;
        do
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(at));
            type = Encoding.ASCII.GetString(png, at + 4, 4);
            byte[] data = png[(at + 8)..(at + 8 + length)];
            Assert.Equal(Crc32(png.AsSpan(at + 4, 4 + length)), BinaryPrimitives.ReadUInt32BigEndian(png.AsSpan(at + 8 + length)));
            if (type == "IHDR")
            {
                width = BinaryPrimitives.ReadInt32BigEndian(data);
                height = BinaryPrimitives.ReadInt32BigEndian(data.AsSpan(4));
                Assert.Equal([8, 2, 0, 0, 0], data[8..]);
            }
            else if (type == "IDAT")
                compressed.Write(data);

            at += 12 + length;
        }
        while (type != "IEND");

        Assert.Equal(png.Length, at);
        compressed.Position = 0;
        using var zlib = new ZLibStream(compressed, CompressionMode.Decompress);
        using var raw = new MemoryStream();
        zlib.CopyTo(raw);
        return new PngReader(width, height, Unfilter(raw.ToArray(), width * 3, height));
    }

    /// <summary>The pixel's red, green and blue.</summary>
    public (byte R, byte G, byte B) Pixel(int x, int y)
    {
        int at = 3 * ((y * Width) + x);
        return (Rgb[at], Rgb[at + 1], Rgb[at + 2]);
    }

    private static byte[] Unfilter(byte[] raw, int stride, int height)
    {
        Assert.Equal((stride + 1) * height, raw.Length);
        byte[] rgb = new byte[stride * height];
        for (int y = 0; y < height; y++)
            for (int x = 0; x < stride; x++)
            {
                int at = (y * stride) + x;
                int left = x >= 3 ? rgb[at - 3] : 0;
                int up = y > 0 ? rgb[at - stride] : 0;
                int corner = x >= 3 && y > 0 ? rgb[at - stride - 3] : 0;
                int prediction = raw[y * (stride + 1)] switch
                {
                    0 => 0,
                    1 => left,
                    2 => up,
                    3 => (left + up) / 2,
                    4 => Paeth(left, up, corner),
                    byte filter => throw new InvalidDataException($"filter {filter}"),
                };
                rgb[at] = (byte)(raw[(y * (stride + 1)) + 1 + x] + prediction);
            }

        return rgb;
    }

    private static int Paeth(int left, int up, int corner)
    {
        int estimate = left + up - corner;
        (int dl, int du, int dc) = (Math.Abs(estimate - left), Math.Abs(estimate - up), Math.Abs(estimate - corner));
        return dl <= du && dl <= dc ? left : du <= dc ? up : corner;
    }

    // Bit by bit, unlike the writer's table.
    private static uint Crc32(ReadOnlySpan<byte> data)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in data)
            for (int bit = 0; bit < 8; bit++)
                crc = (((crc ^ (uint)(value >> bit)) & 1) != 0 ? 0xEDB88320u : 0u) ^ (crc >> 1);
        return ~crc;
    }
}
