using Rclcs.Messages.BuiltinInterfaces;

namespace Rclcs.Messages.RclInterfaces;

/// <summary>rcl_interfaces/msg/Log: a line of a node's log, on /rosout.</summary>
public sealed class Log : IMessage<Log>
{
    /// <summary><see cref="Level"/>: of interest to developers.</summary>
    public const byte Debug = 10;

    /// <summary><see cref="Level"/>: an event.</summary>
    public const byte Info = 20;

    /// <summary><see cref="Level"/>: unexpected, but the work goes on.</summary>
    public const byte Warn = 30;

    /// <summary><see cref="Level"/>: something failed.</summary>
    public const byte Error = 40;

    /// <summary><see cref="Level"/>: the node ends.</summary>
    public const byte Fatal = 50;

    /// <inheritdoc/>
    public static TypeDescriptor Descriptor { get; } = new("rcl_interfaces/msg/Log", """
        byte DEBUG=10
        byte INFO=20
        byte WARN=30
        byte ERROR=40
        byte FATAL=50
        builtin_interfaces/Time stamp
        uint8 level
        string name
        string msg
        string file
        string function
        uint32 line
        """, Time.Descriptor);

    /// <inheritdoc/>
    public static string TypeName => Descriptor.Name;

    /// <inheritdoc/>
    public static string Definition => Descriptor.Definition;

    /// <summary>When it was logged.</summary>
    public Time Stamp { get; set; }

    /// <summary>How serious it is.</summary>
    public byte Level { get; set; }

    /// <summary>The logger.</summary>
    public string Name { get; set; } = "";

    /// <summary>The text.</summary>
    public string Message { get; set; } = "";

    /// <summary>Source file.</summary>
    public string File { get; set; } = "";

    /// <summary>Source function.</summary>
    public string Function { get; set; } = "";

    /// <summary>Source line.</summary>
    public uint Line { get; set; }

    /// <inheritdoc/>
    public void Serialize(ref CdrWriter writer)
    {
        Stamp.Serialize(ref writer);
        writer.Write(Level);
        writer.Write(Name);
        writer.Write(Message);
        writer.Write(File);
        writer.Write(Function);
        writer.Write(Line);
    }

    /// <inheritdoc/>
    public void Deserialize(ref CdrReader reader)
    {
        Stamp = Time.Deserialize(ref reader);
        Level = reader.ReadByte();
        Name = reader.ReadString(Name);
        Message = reader.ReadString(Message);
        File = reader.ReadString(File);
        Function = reader.ReadString(Function);
        Line = reader.ReadUInt32();
    }
}
