namespace Rclcs.Messages.StdMsgs;

/// <summary>std_msgs/msg/MultiArrayLayout: the shape of a multi-array.</summary>
public sealed class MultiArrayLayout : IMessage<MultiArrayLayout>
{
    /// <inheritdoc/>
    public static TypeDescriptor Descriptor { get; } = new("std_msgs/msg/MultiArrayLayout", """
        MultiArrayDimension[] dim
        uint32 data_offset
        """, MultiArrayDimension.Descriptor);

    /// <inheritdoc/>
    public static string TypeName => Descriptor.Name;

    /// <inheritdoc/>
    public static string Definition => Descriptor.Definition;

    /// <summary>Dimensions, outermost first.</summary>
    public List<MultiArrayDimension> Dim { get; set; } = [];

    /// <summary>Elements in front of the first value.</summary>
    public uint DataOffset { get; set; }

    /// <inheritdoc/>
    public void Serialize(ref CdrWriter writer)
    {
        writer.Write(Dim);
        writer.Write(DataOffset);
    }

    /// <inheritdoc/>
    public void Deserialize(ref CdrReader reader)
    {
        reader.Read(Dim);
        DataOffset = reader.ReadUInt32();
    }
}
