using Rclcs.Messages.BuiltinInterfaces;

namespace Rclcs.Messages.StdMsgs;

/// <summary>std_msgs/msg/Header: when and in which frame something was measured.</summary>
public sealed class Header : IMessage<Header>
{
    /// <inheritdoc/>
    public static TypeDescriptor Descriptor { get; } = new("std_msgs/msg/Header", """
        builtin_interfaces/Time stamp
        string frame_id
        """, Time.Descriptor);

    /// <inheritdoc/>
    public static string TypeName => Descriptor.Name;

    /// <inheritdoc/>
    public static string Definition => Descriptor.Definition;

    /// <summary>Time of the measurement.</summary>
    public Time Stamp { get; set; }

    /// <summary>Name of the coordinate frame.</summary>
    public string FrameId { get; set; } = "";

    /// <inheritdoc/>
    public void Serialize(ref CdrWriter writer)
    {
        Stamp.Serialize(ref writer);
        writer.Write(FrameId);
    }

    /// <inheritdoc/>
    public void Deserialize(ref CdrReader reader)
    {
        Stamp = Time.Deserialize(ref reader);
        FrameId = reader.ReadString(FrameId);
    }
}
