namespace Rclcs;

/// <summary>A ROS message: a mutable class that can be sent, received and recorded.</summary>
/// <typeparam name="TSelf">The message class itself.</typeparam>
/// <remarks>
/// Reuse one object per topic: reading into it allocates nothing as long as the sizes of its lists and its strings stay the same.
/// The order of calls in <see cref="Serialize"/> and <see cref="Deserialize"/> is the order of fields in <see cref="Definition"/>.
/// Messages are not thread-safe.
/// </remarks>
public interface IMessage<TSelf> where TSelf : class, IMessage<TSelf>, new()
{
    /// <summary>ROS name of the type, for example <c>sensor_msgs/msg/JointState</c>.</summary>
    static abstract string TypeName { get; }

    /// <summary>The .msg text with all the types it uses, in the form that MCAP files carry (schema encoding <c>ros2msg</c>).</summary>
    static abstract string Definition { get; }

    /// <summary>The type as DDS sees it.</summary>
    static abstract TypeDescriptor Descriptor { get; }

    /// <summary>Writes the fields in order.</summary>
    /// <exception cref="CdrException">A field cannot be carried by CDR.</exception>
    void Serialize(ref CdrWriter writer);

    /// <summary>Reads the fields in order.</summary>
    /// <exception cref="CdrException">The bytes are not such a message.</exception>
    void Deserialize(ref CdrReader reader);
}
