using Rclcs.Messages.StdMsgs;

namespace Rclcs.Messages.DiagnosticMsgs;

/// <summary>diagnostic_msgs/msg/DiagnosticArray: states of components, on /diagnostics.</summary>
public sealed class DiagnosticArray : IMessage<DiagnosticArray>
{
    /// <inheritdoc/>
    public static TypeDescriptor Descriptor { get; } = new("diagnostic_msgs/msg/DiagnosticArray", """
        std_msgs/Header header
        DiagnosticStatus[] status
        """, Header.Descriptor, DiagnosticStatus.Descriptor);

    /// <inheritdoc/>
    public static string TypeName => Descriptor.Name;

    /// <inheritdoc/>
    public static string Definition => Descriptor.Definition;

    /// <summary>When they were taken.</summary>
    public Header Header { get; set; } = new();

    /// <summary>The states.</summary>
    public List<DiagnosticStatus> Status { get; set; } = [];

    /// <inheritdoc/>
    public void Serialize(ref CdrWriter writer)
    {
        Header.Serialize(ref writer);
        writer.Write(Status);
    }

    /// <inheritdoc/>
    public void Deserialize(ref CdrReader reader)
    {
        Header.Deserialize(ref reader);
        reader.Read(Status);
    }
}
