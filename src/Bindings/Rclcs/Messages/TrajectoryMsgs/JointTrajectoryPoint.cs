using Rclcs.Messages.BuiltinInterfaces;

namespace Rclcs.Messages.TrajectoryMsgs;

/// <summary>trajectory_msgs/msg/JointTrajectoryPoint: targets at one time of a trajectory.</summary>
public sealed class JointTrajectoryPoint : IMessage<JointTrajectoryPoint>
{
    /// <inheritdoc/>
    public static TypeDescriptor Descriptor { get; } = new("trajectory_msgs/msg/JointTrajectoryPoint", """
        float64[] positions
        float64[] velocities
        float64[] accelerations
        float64[] effort
        builtin_interfaces/Duration time_from_start
        """, Duration.Descriptor);

    /// <inheritdoc/>
    public static string TypeName => Descriptor.Name;

    /// <inheritdoc/>
    public static string Definition => Descriptor.Definition;

    /// <summary>Positions in rad or m.</summary>
    public List<double> Positions { get; set; } = [];

    /// <summary>Velocities in rad/s or m/s, or empty.</summary>
    public List<double> Velocities { get; set; } = [];

    /// <summary>Accelerations in rad/s² or m/s², or empty.</summary>
    public List<double> Accelerations { get; set; } = [];

    /// <summary>Efforts in N m or N, or empty.</summary>
    public List<double> Effort { get; set; } = [];

    /// <summary>When to be there, counted from the trajectory's start; strictly increasing.</summary>
    public Duration TimeFromStart { get; set; }

    /// <inheritdoc/>
    public void Serialize(ref CdrWriter writer)
    {
        writer.Write(Positions);
        writer.Write(Velocities);
        writer.Write(Accelerations);
        writer.Write(Effort);
        TimeFromStart.Serialize(ref writer);
    }

    /// <inheritdoc/>
    public void Deserialize(ref CdrReader reader)
    {
        reader.Read(Positions);
        reader.Read(Velocities);
        reader.Read(Accelerations);
        reader.Read(Effort);
        TimeFromStart = Duration.Deserialize(ref reader);
    }
}
