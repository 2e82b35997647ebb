using Rclcs;
using Rclcs.Messages.BuiltinInterfaces;

namespace Legato.Runtime.Experiments;

/// <summary>legato_msgs/msg/KeyEvent: a piano key going down or coming up.</summary>
public sealed class KeyEventMessage : IMessage<KeyEventMessage>
{
    /// <inheritdoc/>
    public static TypeDescriptor Descriptor { get; } = new("legato_msgs/msg/KeyEvent", """
        # 0..87, MIDI note - 21
        builtin_interfaces/Time stamp
        uint8 key
        bool down
        uint8 velocity
        """, Time.Descriptor);

    /// <inheritdoc/>
    public static string TypeName => Descriptor.Name;

    /// <inheritdoc/>
    public static string Definition => Descriptor.Definition;

    /// <summary>When the reader saw it.</summary>
    public Time Stamp { get; set; }

    /// <summary>0..87.</summary>
    public byte Key { get; set; }

    /// <summary>True for down.</summary>
    public bool Down { get; set; }

    /// <summary>MIDI velocity.</summary>
    public byte Velocity { get; set; }

    /// <inheritdoc/>
    public void Serialize(ref CdrWriter writer)
    {
        Stamp.Serialize(ref writer);
        writer.Write(Key);
        writer.Write(Down);
        writer.Write(Velocity);
    }

    /// <inheritdoc/>
    public void Deserialize(ref CdrReader reader)
    {
        Stamp = Time.Deserialize(ref reader);
        Key = reader.ReadByte();
        Down = reader.ReadBool();
        Velocity = reader.ReadByte();
    }
}

/// <summary>legato_msgs/msg/LoopCycle: one cycle of the control loop: its timing, what was wanted, why it was changed, the pedal.</summary>
public sealed class LoopCycleMessage : IMessage<LoopCycleMessage>
{
    /// <inheritdoc/>
    public static TypeDescriptor Descriptor { get; } = new("legato_msgs/msg/LoopCycle", """
        # state: 4 homing, 5 playing, 6 lifting; step: -1 outside of playing
        builtin_interfaces/Time deadline
        builtin_interfaces/Time woke
        uint32 cycle
        int32 step
        uint8 state
        bool fresh
        float64 pedal
        float64[] target
        float64[] reasons
        """, Time.Descriptor);

    /// <inheritdoc/>
    public static string TypeName => Descriptor.Name;

    /// <inheritdoc/>
    public static string Definition => Descriptor.Definition;

    /// <summary>When the cycle was due.</summary>
    public Time Deadline { get; set; }

    /// <summary>When it began.</summary>
    public Time Woke { get; set; }

    /// <summary>Number of the cycle since homing began.</summary>
    public uint Cycle { get; set; }

    /// <summary>The policy's step, or −1.</summary>
    public int Step { get; set; }

    /// <summary>The run's state as a number.</summary>
    public byte State { get; set; }

    /// <summary>Whether a new measured state came in this cycle.</summary>
    public bool Fresh { get; set; }

    /// <summary>The pedal as sent, 0..1.</summary>
    public double Pedal { get; set; }

    /// <summary>What was wanted, per actuator.</summary>
    public List<double> Target { get; set; } = [];

    /// <summary>The guard's reasons per actuator, as the number of their flags; empty when nothing was changed.</summary>
    public List<double> Reasons { get; set; } = [];

    /// <inheritdoc/>
    public void Serialize(ref CdrWriter writer)
    {
        Deadline.Serialize(ref writer);
        Woke.Serialize(ref writer);
        writer.Write(Cycle);
        writer.Write(Step);
        writer.Write(State);
        writer.Write(Fresh);
        writer.Write(Pedal);
        writer.Write(Target);
        writer.Write(Reasons);
    }

    /// <inheritdoc/>
    public void Deserialize(ref CdrReader reader)
    {
        Deadline = Time.Deserialize(ref reader);
        Woke = Time.Deserialize(ref reader);
        Cycle = reader.ReadUInt32();
        Step = reader.ReadInt32();
        State = reader.ReadByte();
        Fresh = reader.ReadBool();
        Pedal = reader.ReadDouble();
        reader.Read(Target);
        reader.Read(Reasons);
    }
}
