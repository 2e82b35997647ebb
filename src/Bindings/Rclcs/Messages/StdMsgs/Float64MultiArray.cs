namespace Rclcs.Messages.StdMsgs;

/// <summary>std_msgs/msg/Float64MultiArray: doubles with a shape; the command of a forward command controller.</summary>
public sealed class Float64MultiArray : IMessage<Float64MultiArray>
{
    /// <inheritdoc/>
    public static TypeDescriptor Descriptor { get; } = new("std_msgs/msg/Float64MultiArray", """
        MultiArrayLayout layout
        float64[] data
        """, MultiArrayLayout.Descriptor);

    /// <inheritdoc/>
    public static string TypeName => Descriptor.Name;

    /// <inheritdoc/>
    public static string Definition => Descriptor.Definition;

    /// <summary>The shape; controllers ignore it.</summary>
    public MultiArrayLayout Layout { get; set; } = new();

    /// <summary>The values.</summary>
    public List<double> Data { get; set; } = [];

    /// <inheritdoc/>
    public void Serialize(ref CdrWriter writer)
    {
        Layout.Serialize(ref writer);
        writer.Write(Data);
    }

    /// <inheritdoc/>
    public void Deserialize(ref CdrReader reader)
    {
        Layout.Deserialize(ref reader);
        reader.Read(Data);
    }
}
