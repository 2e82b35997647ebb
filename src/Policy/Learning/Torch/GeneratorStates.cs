using static TorchSharp.torch;

namespace Legato.Policy.Learning.Torch;

/// <summary>Writes and reads where a generator stands.</summary>
internal static class GeneratorStates
{
    public static void Write(this BinaryWriter writer, Generator generator)
    {
        using Tensor state = generator.get_state();
        byte[] bytes = state.data<byte>().ToArray();
        writer.Write(bytes.Length);
        writer.Write(bytes);
    }

    public static void Read(this BinaryReader reader, Generator generator)
    {
        using Tensor state = from_array(reader.ReadBytes(reader.ReadInt32()));
        generator.set_state(state);
    }
}
