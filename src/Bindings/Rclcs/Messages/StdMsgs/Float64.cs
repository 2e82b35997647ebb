namespace Rclcs.Messages.StdMsgs;

/// <summary>std_msgs/msg/Float64: one double.</summary>
public sealed class Float64 : IMessage<Float64>
{
    /// <inheritdoc/>
    public static TypeDescriptor Descriptor { get; } = new("std_msgs/msg/Float64", """
        float64 data
        """);

    /// <inheritdoc/>
    public static string TypeName => Descriptor.Name;

    /// <inheritdoc/>
    public static string Definition => Descriptor.Definition;

    /// <summary>The value.</summary>
    public double Data { get; set; }

    /// <inheritdoc/>
    public void Serialize(ref CdrWriter writer)
    {
        writer.Write(Data);
    }

    /// <inheritdoc/>
    public void Deserialize(ref CdrReader reader)
    {
        Data = reader.ReadDouble();
    }
}
