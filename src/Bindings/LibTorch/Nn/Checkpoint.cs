using System.Text;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>
/// TorchSharp's framing of checkpoints: a count; for every entry its name, type, sizes, and little-endian elements. Numbers are LEB128. It has no magic
/// number, no version and no checksum.
/// </summary>
internal static class Checkpoint
{
    private const int MaxRank = 64;

    /// <summary>Writes a file beside the old one, and puts it in the old one's place once it is on the disk.</summary>
    public static void WriteFile(string location, Action<BinaryWriter> write)
    {
        string part = location + ".part";
        using (FileStream stream = File.Create(part))
        using (var writer = new BinaryWriter(stream, Encoding.UTF8))
        {
            write(writer);
            writer.Flush();
            stream.Flush(flushToDisk: true);
        }
        File.Move(part, location, overwrite: true);
    }

    public static void Write(BinaryWriter writer, IEnumerable<KeyValuePair<string, Tensor>> entries)
    {
        KeyValuePair<string, Tensor>[] all = [.. entries];
        writer.Write7BitEncodedInt(all.Length);
        foreach ((string name, Tensor tensor) in all)
        {
            writer.Write(name);
            WriteTensor(writer, tensor);
        }
    }

    /// <summary>Reads all entries; the caller's scope disposes them.</summary>
    /// <exception cref="InvalidDataException">It is cut or damaged.</exception>
    public static Dictionary<string, Tensor> Read(BinaryReader reader)
    {
        try
        {
            int count = reader.Read7BitEncodedInt();
            var entries = new Dictionary<string, Tensor>();
            for (int i = 0; i < count; i++)
            {
                string name = reader.ReadString();
                if (!entries.TryAdd(name, ReadTensor(reader)))
                    throw new InvalidDataException($"the checkpoint has '{name}' twice");
            }
            return entries;
        }
        catch (Exception e) when (IsDamage(e))
        {
            throw new InvalidDataException("the checkpoint is cut or damaged", e);
        }
    }

    /// <summary>What reading throws where the bytes make no sense: the end too early, broken numbers, lengths and sizes.</summary>
    public static bool IsDamage(Exception exception) => exception is IOException or FormatException or TorchException;

    public static void WriteTensor(BinaryWriter writer, Tensor tensor)
    {
        writer.Write7BitEncodedInt((int)tensor.dtype);
        long[] shape = tensor.shape;
        writer.Write7BitEncodedInt(shape.Length);
        foreach (long size in shape)
            writer.Write7BitEncodedInt64(size);
        using Tensor ordered = tensor.contiguous();
        writer.Write(ordered.bytes);
    }

    public static Tensor ReadTensor(BinaryReader reader)
    {
        int type = reader.Read7BitEncodedInt(), rank = reader.Read7BitEncodedInt();
        if (type is < 0 or > 15 || !Enum.IsDefined((ScalarType)type) || rank is < 0 or > MaxRank)
            throw new InvalidDataException($"the checkpoint is damaged: element type {type}, {rank} dimensions");
        long[] shape = new long[rank];
        long left = reader.BaseStream.CanSeek ? reader.BaseStream.Length - reader.BaseStream.Position : long.MaxValue, count = 1;
        for (int i = 0; i < rank; i++)
        {
            shape[i] = reader.Read7BitEncodedInt64();
            if (shape[i] < 0 || (shape[i] > 0 && count > left / shape[i]))
                throw new InvalidDataException($"the checkpoint is cut or damaged: a tensor of [{string.Join(", ", shape[..(i + 1)])}, ...] does not fit into it");
            count *= shape[i];
        }
        Tensor tensor = empty(shape, (ScalarType)type);
        reader.BaseStream.ReadExactly(tensor.bytes);
        return tensor;
    }
}
