using Rclcs;
using Rclcs.Messages.SensorMsgs;

namespace Legato.RobotDriver.StandIn;

/// <summary>Bytes that claim to be a sensor_msgs/msg/JointState and are none: a count of names that no message holds.</summary>
internal sealed class BrokenJointState : IMessage<BrokenJointState>
{
    /// <inheritdoc/>
    public static TypeDescriptor Descriptor => JointState.Descriptor;

    /// <inheritdoc/>
    public static string TypeName => JointState.TypeName;

    /// <inheritdoc/>
    public static string Definition => JointState.Definition;

    /// <inheritdoc/>
    public void Serialize(ref CdrWriter writer)
    {
        for (int i = 0; i < 8; i++)
            writer.Write(uint.MaxValue);
    }

    /// <inheritdoc/>
    public void Deserialize(ref CdrReader reader) => throw new NotSupportedException("This is for sending.");
}
