namespace Rclcs.Messages.StdMsgs;

/// <summary>std_msgs/msg/MultiArrayDimension: one dimension of a multi-array.</summary>
public sealed class MultiArrayDimension : IMessage<MultiArrayDimension>
{
    /// <inheritdoc/>
    public static TypeDescriptor Descriptor { get; } = new("std_msgs/msg/MultiArrayDimension", """
        string label
        uint32 size
        uint32 stride
        """);

    /// <inheritdoc/>
    public static string TypeName => Descriptor.Name;

    /// <inheritdoc/>
    public static string Definition => Descriptor.Definition;

    /// <summary>Name of the dimension.</summary>
    public string Label { get; set; } = "";

    /// <summary>Number of entries.</summary>
    public uint Size { get; set; }

    /// <summary>Elements from one entry of the enclosing dimension to the next.</summary>
    public uint Stride { get; set; }

    /// <inheritdoc/>
    public void Serialize(ref CdrWriter writer)
    {
        writer.Write(Label);
        writer.Write(Size);
        writer.Write(Stride);
    }

    /// <inheritdoc/>
    public void Deserialize(ref CdrReader reader)
    {
        Label = reader.ReadString(Label);
        Size = reader.ReadUInt32();
        Stride = reader.ReadUInt32();
    }
}
