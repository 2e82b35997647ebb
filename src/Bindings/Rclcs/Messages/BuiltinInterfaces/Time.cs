namespace Rclcs.Messages.BuiltinInterfaces;

/// <summary>builtin_interfaces/msg/Time: a point in time.</summary>
/// <param name="Sec">Whole seconds since 1970-01-01 UTC (or since the start of simulated time).</param>
/// <param name="Nanosec">Nanoseconds within the second, 0..999 999 999.</param>
public readonly record struct Time(int Sec, uint Nanosec)
{
    /// <summary>The type.</summary>
    public static TypeDescriptor Descriptor { get; } = new("builtin_interfaces/msg/Time", "int32 sec\nuint32 nanosec");

    /// <summary>The time as nanoseconds since its origin.</summary>
    public long TotalNanoseconds => (Sec * 1_000_000_000L) + Nanosec;

    /// <summary>The time that lies so many nanoseconds after the origin.</summary>
    /// <exception cref="OverflowException">It does not fit into 32-bit seconds.</exception>
    public static Time FromNanoseconds(long nanoseconds)
    {
        (long sec, long rest) = Duration.Split(nanoseconds);
        return new Time(checked((int)sec), (uint)rest);
    }

    /// <summary>Reads a time.</summary>
    public static Time Deserialize(ref CdrReader reader) => new(reader.ReadInt32(), reader.ReadUInt32());

    /// <summary>Writes the time.</summary>
    public void Serialize(ref CdrWriter writer)
    {
        writer.Write(Sec);
        writer.Write(Nanosec);
    }
}
