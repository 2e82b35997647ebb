using Rclcs.Messages.StdMsgs;

namespace Rclcs.Messages.TrajectoryMsgs;

/// <summary>trajectory_msgs/msg/JointTrajectory: joint targets over time; the command of a joint trajectory controller.</summary>
public sealed class JointTrajectory : IMessage<JointTrajectory>
{
    /// <inheritdoc/>
    public static TypeDescriptor Descriptor { get; } = new("trajectory_msgs/msg/JointTrajectory", """
        std_msgs/Header header
        string[] joint_names
        JointTrajectoryPoint[] points
        """, Header.Descriptor, JointTrajectoryPoint.Descriptor);

    /// <inheritdoc/>
    public static string TypeName => Descriptor.Name;

    /// <inheritdoc/>
    public static string Definition => Descriptor.Definition;

    /// <summary>When to start; a stamp of 0 means now.</summary>
    public Header Header { get; set; } = new();

    /// <summary>Joints, in the order of the values of every point.</summary>
    public List<string> JointNames { get; set; } = [];

    /// <summary>The targets in order of time.</summary>
    public List<JointTrajectoryPoint> Points { get; set; } = [];

    /// <inheritdoc/>
    public void Serialize(ref CdrWriter writer)
    {
        Header.Serialize(ref writer);
        writer.Write(JointNames);
        writer.Write(Points);
    }

    /// <inheritdoc/>
    public void Deserialize(ref CdrReader reader)
    {
        Header.Deserialize(ref reader);
        reader.Read(JointNames);
        reader.Read(Points);
    }
}
