using Rclcs.Messages.StdMsgs;

namespace Rclcs.Messages.SensorMsgs;

/// <summary>sensor_msgs/msg/JointState: measured positions, velocities and efforts of joints. Match by name: the order is the sender's.</summary>
public sealed class JointState : IMessage<JointState>
{
    /// <inheritdoc/>
    public static TypeDescriptor Descriptor { get; } = new("sensor_msgs/msg/JointState", """
        std_msgs/Header header
        string[] name
        float64[] position
        float64[] velocity
        float64[] effort
        """, Header.Descriptor);

    /// <inheritdoc/>
    public static string TypeName => Descriptor.Name;

    /// <inheritdoc/>
    public static string Definition => Descriptor.Definition;

    /// <summary>When it was measured.</summary>
    public Header Header { get; set; } = new();

    /// <summary>Joint names.</summary>
    public List<string> Name { get; set; } = [];

    /// <summary>Positions in rad or m, or empty.</summary>
    public List<double> Position { get; set; } = [];

    /// <summary>Velocities in rad/s or m/s, or empty.</summary>
    public List<double> Velocity { get; set; } = [];

    /// <summary>Efforts in N m or N, or empty.</summary>
    public List<double> Effort { get; set; } = [];

    /// <inheritdoc/>
    public void Serialize(ref CdrWriter writer)
    {
        Header.Serialize(ref writer);
        writer.Write(Name);
        writer.Write(Position);
        writer.Write(Velocity);
        writer.Write(Effort);
    }

    /// <inheritdoc/>
    public void Deserialize(ref CdrReader reader)
    {
        Header.Deserialize(ref reader);
        reader.Read(Name);
        reader.Read(Position);
        reader.Read(Velocity);
        reader.Read(Effort);
    }
}
