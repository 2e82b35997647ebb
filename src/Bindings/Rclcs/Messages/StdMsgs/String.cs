namespace Rclcs.Messages.StdMsgs;

/// <summary>std_msgs/msg/String: one string.</summary>
public sealed class String : IMessage<String>
{
    /// <inheritdoc/>
    public static TypeDescriptor Descriptor { get; } = new("std_msgs/msg/String", """
        string data
        """);

    /// <inheritdoc/>
    public static string TypeName => Descriptor.Name;

    /// <inheritdoc/>
    public static string Definition => Descriptor.Definition;

    /// <summary>The value.</summary>
    public string Data { get; set; } = "";

    /// <inheritdoc/>
    public void Serialize(ref CdrWriter writer)
    {
        writer.Write(Data);
    }

    /// <inheritdoc/>
    public void Deserialize(ref CdrReader reader)
    {
        Data = reader.ReadString(Data);
    }
}
