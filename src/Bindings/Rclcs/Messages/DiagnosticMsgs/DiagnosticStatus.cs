namespace Rclcs.Messages.DiagnosticMsgs;

/// <summary>diagnostic_msgs/msg/DiagnosticStatus: the state of one component.</summary>
public sealed class DiagnosticStatus : IMessage<DiagnosticStatus>
{
    /// <summary><see cref="Level"/>: all is well.</summary>
    public const byte Ok = 0;

    /// <summary><see cref="Level"/>: something needs attention.</summary>
    public const byte Warn = 1;

    /// <summary><see cref="Level"/>: something failed.</summary>
    public const byte Error = 2;

    /// <summary><see cref="Level"/>: nothing was heard for too long.</summary>
    public const byte Stale = 3;

    /// <inheritdoc/>
    public static TypeDescriptor Descriptor { get; } = new("diagnostic_msgs/msg/DiagnosticStatus", """
        byte OK=0
        byte WARN=1
        byte ERROR=2
        byte STALE=3
        byte level
        string name
        string message
        string hardware_id
        KeyValue[] values
        """, KeyValue.Descriptor);

    /// <inheritdoc/>
    public static string TypeName => Descriptor.Name;

    /// <inheritdoc/>
    public static string Definition => Descriptor.Definition;

    /// <summary>How bad it is.</summary>
    public byte Level { get; set; }

    /// <summary>The component.</summary>
    public string Name { get; set; } = "";

    /// <summary>What is the matter.</summary>
    public string Message { get; set; } = "";

    /// <summary>The device.</summary>
    public string HardwareId { get; set; } = "";

    /// <summary>Figures.</summary>
    public List<KeyValue> Values { get; set; } = [];

    /// <inheritdoc/>
    public void Serialize(ref CdrWriter writer)
    {
        writer.Write(Level);
        writer.Write(Name);
        writer.Write(Message);
        writer.Write(HardwareId);
        writer.Write(Values);
    }

    /// <inheritdoc/>
    public void Deserialize(ref CdrReader reader)
    {
        Level = reader.ReadByte();
        Name = reader.ReadString(Name);
        Message = reader.ReadString(Message);
        HardwareId = reader.ReadString(HardwareId);
        reader.Read(Values);
    }
}
