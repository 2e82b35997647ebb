using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Legato.Policy.Bundles;

/// <summary>A tensor of 64-bit floats.</summary>
/// <param name="Shape">Sizes, outermost first.</param>
/// <param name="Values">Row-major.</param>
public sealed record Tensor(IReadOnlyList<int> Shape, double[] Values);

/// <summary>Reads and writes the safetensors format (Hugging Face): a JSON header with shapes and offsets, then little-endian data.</summary>
public static class Safetensors
{
    private const int MaxHeader = 16 << 20;

    /// <summary>Writes tensors of type F64.</summary>
    public static byte[] Write(IReadOnlyDictionary<string, Tensor> tensors)
    {
        using var header = new MemoryStream();
        using (var json = new Utf8JsonWriter(header))
        {
            long offset = 0;
            json.WriteStartObject();
            foreach ((string name, Tensor tensor) in tensors)
            {
                json.WriteStartObject(name);
                json.WriteString("dtype", "F64");
                json.WriteStartArray("shape");
                foreach (int size in tensor.Shape)
                    json.WriteNumberValue(size);
                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(offset);
                offset += tensor.Values.Length * sizeof(double);
                json.WriteNumberValue(offset);
                json.WriteEndArray();
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }
        // The format asks for data that is aligned to eight bytes; blanks after the header do that.
        while (header.Length % 8 != 0)
            header.WriteByte((byte)' ');

        using var file = new MemoryStream();
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        file.Write(length);
        header.WriteTo(file);
        foreach (Tensor tensor in tensors.Values)
            file.Write(MemoryMarshal.AsBytes(tensor.Values.AsSpan()));
        return file.ToArray();
    }

    /// <summary>Reads tensors of type F64.</summary>
    /// <exception cref="InputException">The file is cut, or its header does not describe its data.</exception>
    public static IReadOnlyDictionary<string, Tensor> Read(ReadOnlySpan<byte> file, string name)
    {
        if (file.Length < 8 || BinaryPrimitives.ReadInt64LittleEndian(file) is not (> 0 and <= MaxHeader) || BinaryPrimitives.ReadInt64LittleEndian(file) > file.Length - 8)
            throw new InputException($"{name}: not a safetensors file, or cut in its header; plan or train the bundle again");
        int length = (int)BinaryPrimitives.ReadInt64LittleEndian(file);
        ReadOnlySpan<byte> data = file[(8 + length)..];
        try
        {
            using JsonDocument header = JsonDocument.Parse(file.Slice(8, length).ToArray());
            var tensors = new Dictionary<string, Tensor>(StringComparer.Ordinal);
            foreach (JsonProperty entry in header.RootElement.EnumerateObject())
            {
                if (entry.Name != "__metadata__")
                    tensors.Add(entry.Name, ReadTensor(entry.Value, data));
            }
            return tensors;
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or FormatException or InvalidOperationException or ArgumentException or OverflowException or IndexOutOfRangeException)
        {
            throw new InputException($"{name}: its safetensors header does not describe its {data.Length} bytes of data ({e.Message.ReplaceLineEndings(" ")}); plan or train the bundle again");
        }
    }

    private static Tensor ReadTensor(JsonElement entry, ReadOnlySpan<byte> data)
    {
        if (entry.GetProperty("dtype").GetString() != "F64")
            throw new FormatException("only F64 is used here");
        int[] shape = [.. entry.GetProperty("shape").EnumerateArray().Select(s => s.GetInt32())];
        JsonElement offsets = entry.GetProperty("data_offsets");
        int begin = offsets[0].GetInt32(), end = offsets[1].GetInt32();
        long bytes = sizeof(double);
        foreach (int size in shape)
            bytes = checked(bytes * (uint)size);
        if (begin < 0 || end > data.Length || end - begin != bytes)
            throw new FormatException("offsets outside the data");
        var values = new double[bytes / sizeof(double)];
        data[begin..end].CopyTo(MemoryMarshal.AsBytes(values.AsSpan()));
        return new Tensor(shape, values);
    }
}
