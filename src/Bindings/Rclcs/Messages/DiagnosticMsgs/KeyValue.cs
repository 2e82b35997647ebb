namespace Rclcs.Messages.DiagnosticMsgs;

/// <summary>diagnostic_msgs/msg/KeyValue: one figure of a diagnostic.</summary>
public sealed class KeyValue : IMessage<KeyValue>
{
    /// <inheritdoc/>
    public static TypeDescriptor Descriptor { get; } = new("diagnostic_msgs/msg/KeyValue", """
        string key
        string value
        """);

    /// <inheritdoc/>
    public static string TypeName => Descriptor.Name;

    /// <inheritdoc/>
    public static string Definition => Descriptor.Definition;

    /// <summary>What it is.</summary>
    public string Key { get; set; } = "";

    /// <summary>Its value as text.</summary>
    public string Value { get; set; } = "";

    /// <inheritdoc/>
    public void Serialize(ref CdrWriter writer)
    {
        writer.Write(Key);
        writer.Write(Value);
    }

    /// <inheritdoc/>
    public void Deserialize(ref CdrReader reader)
    {
        Key = reader.ReadString(Key);
        Value = reader.ReadString(Value);
    }
}
