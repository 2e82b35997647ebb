using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Legato.Policy.Bundles;

/// <summary>Reads and writes the safetensors format (Hugging Face): a JSON header with shapes and offsets, then little-endian data.</summary>
public static class Safetensors
{
    private const int MaxHeader = 16 << 20;

    /// <summary>Writes tensors, each with its own type.</summary>
    /// <exception cref="ArgumentException">A shape does not fit its values.</exception>
    public static byte[] Write(IReadOnlyDictionary<string, SafeTensor> tensors)
    {
        // Wide values first: then those of each tensor are aligned.
        string[] laidOut = [.. tensors.Keys.OrderByDescending(name => tensors[name].ElementSize)];
        var offsets = new Dictionary<string, long>(StringComparer.Ordinal);
        long next = 0;
        foreach (string name in laidOut)
        {
            SafeTensor tensor = tensors[name];
            if (tensor.Shape.Aggregate(1L, (n, size) => n * size) != tensor.Count)
                throw new ArgumentException($"Tensor '{name}' has {tensor.Count} values for [{string.Join(",", tensor.Shape)}].", nameof(tensors));
            offsets[name] = next;
            next += (long)tensor.Count * tensor.ElementSize;
        }

        using var header = new MemoryStream();
        using (var json = new Utf8JsonWriter(header))
        {
            json.WriteStartObject();
            foreach ((string name, SafeTensor tensor) in tensors)
            {
                json.WriteStartObject(name);
                json.WriteString("dtype", tensor.DType);
                json.WriteStartArray("shape");
                foreach (int size in tensor.Shape)
                    json.WriteNumberValue(size);
                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(offsets[name]);
                json.WriteNumberValue(offsets[name] + ((long)tensor.Count * tensor.ElementSize));
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
        foreach (string name in laidOut)
            file.Write(tensors[name].Bytes);
        return file.ToArray();
    }

    /// <summary>Reads tensors of type F64 and F32, each with its own type.</summary>
    /// <exception cref="InputException">The file is cut, has tensors of another type, or its header does not describe its data.</exception>
    public static IReadOnlyDictionary<string, SafeTensor> Read(ReadOnlySpan<byte> file, string name)
    {
        if (file.Length < 8 || BinaryPrimitives.ReadInt64LittleEndian(file) is not (> 0 and <= MaxHeader) || BinaryPrimitives.ReadInt64LittleEndian(file) > file.Length - 8)
            throw new InputException($"{name}: not a safetensors file, or cut in its header; plan or train the bundle again");
        int length = (int)BinaryPrimitives.ReadInt64LittleEndian(file);
        ReadOnlySpan<byte> data = file[(8 + length)..];
        try
        {
            using JsonDocument header = JsonDocument.Parse(file.Slice(8, length).ToArray());
            var tensors = new Dictionary<string, SafeTensor>(StringComparer.Ordinal);
            var parts = new List<(int Begin, int End)>();
            foreach (JsonProperty entry in header.RootElement.EnumerateObject())
            {
                if (entry.Name != "__metadata__")
                    tensors.Add(entry.Name, ReadTensor(entry.Value, data, parts));
            }
            RequireWhole(parts, data.Length);
            return tensors;
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or FormatException or InvalidOperationException or ArgumentException or OverflowException or IndexOutOfRangeException)
        {
            throw new InputException($"{name}: its safetensors header does not describe its {data.Length} bytes of data ({e.Message.ReplaceLineEndings(" ")}); plan or train the bundle again");
        }
    }

    private static SafeTensor ReadTensor(JsonElement entry, ReadOnlySpan<byte> data, List<(int Begin, int End)> parts) => entry.GetProperty("dtype").GetString() switch
    {
        "F64" => ReadTensor<double>(entry, data, parts),
        "F32" => ReadTensor<float>(entry, data, parts),
        string other => throw new FormatException($"only F64 and F32 are used here, not {other}"),
        null => throw new FormatException("a tensor without a type"),
    };

    private static unsafe SafeTensor<T> ReadTensor<T>(JsonElement entry, ReadOnlySpan<byte> data, List<(int Begin, int End)> parts)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int[] shape = [.. entry.GetProperty("shape").EnumerateArray().Select(s => s.GetInt32())];
        JsonElement offsets = entry.GetProperty("data_offsets");
        int begin = offsets[0].GetInt32(), end = offsets[1].GetInt32();
        long bytes = sizeof(T);
        foreach (int size in shape)
            bytes = checked(bytes * (uint)size);
        if (begin < 0 || end > data.Length || end - begin != bytes)
            throw new FormatException("offsets outside the data");
        parts.Add((begin, end));
        var values = new T[bytes / sizeof(T)];
        data[begin..end].CopyTo(MemoryMarshal.AsBytes(values.AsSpan()));
        return new SafeTensor<T>(shape, values);
    }

    // The format allows neither gaps nor tensors that share data: both are signs of a damaged offset.
    private static void RequireWhole(List<(int Begin, int End)> parts, int length)
    {
        int next = 0;
        foreach ((int begin, int end) in parts.Order())
        {
            if (begin != next)
                throw new FormatException(begin > next ? "data that belongs to no tensor" : "tensors that share data");
            next = end;
        }
        if (next != length)
            throw new FormatException("data that belongs to no tensor");
    }
}
