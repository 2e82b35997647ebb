using System.Buffers;

namespace Rclcs;

/// <summary>Messages to and from CDR bytes, without DDS: for recordings and tests.</summary>
/// <remarks>Thread-safe as far as the messages are.</remarks>
public static class Cdr
{
    /// <summary>Bytes the message takes, with the 4-byte header.</summary>
    public static int Measure<T>(T message) where T : class, IMessage<T>, new()
    {
        var writer = new CdrWriter(default);
        message.Serialize(ref writer);
        return writer.Length;
    }

    /// <summary>Writes the message to the start of a buffer and returns its length in bytes.</summary>
    /// <exception cref="CdrException">The buffer is too small.</exception>
    public static int Serialize<T>(T message, Span<byte> into) where T : class, IMessage<T>, new()
    {
        var writer = new CdrWriter(into);
        message.Serialize(ref writer);
        if (writer.Overflowed)
            throw new CdrException($"a {T.TypeName} of {writer.Length} bytes does not fit into a buffer of {into.Length}");
        return writer.Length;
    }

    /// <summary>Appends the message to a buffer and returns its length in bytes.</summary>
    public static int Serialize<T>(T message, IBufferWriter<byte> into) where T : class, IMessage<T>, new()
    {
        int length = Measure(message);
        Serialize(message, into.GetSpan(length));
        into.Advance(length);
        return length;
    }

    /// <summary>Reads a message into an existing one, whose strings and lists are reused.</summary>
    /// <exception cref="CdrException">The bytes are not such a message; <paramref name="into"/> is then partly overwritten.</exception>
    public static void Deserialize<T>(ReadOnlySpan<byte> bytes, T into) where T : class, IMessage<T>, new()
    {
        var reader = new CdrReader(bytes);
        into.Deserialize(ref reader);
        reader.End();
    }
}
