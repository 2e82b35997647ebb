namespace Rclcs.Messages.StdMsgs;

/// <summary>std_msgs/msg/Bool: one boolean.</summary>
public sealed class Bool : IMessage<Bool>
{
    /// <inheritdoc/>
    public static TypeDescriptor Descriptor { get; } = new("std_msgs/msg/Bool", """
        bool data
        """);

    /// <inheritdoc/>
    public static string TypeName => Descriptor.Name;

    /// <inheritdoc/>
    public static string Definition => Descriptor.Definition;

    /// <summary>The value.</summary>
    public bool Data { get; set; }

    /// <inheritdoc/>
    public void Serialize(ref CdrWriter writer)
    {
        writer.Write(Data);
    }

    /// <inheritdoc/>
    public void Deserialize(ref CdrReader reader)
    {
        Data = reader.ReadBool();
    }
}
