namespace Rclcs.Messages.BuiltinInterfaces;

/// <summary>builtin_interfaces/msg/Duration: a span of time, possibly negative.</summary>
/// <param name="Sec">Whole seconds, rounded down.</param>
/// <param name="Nanosec">Nanoseconds to add, 0..999 999 999.</param>
public readonly record struct Duration(int Sec, uint Nanosec)
{
    private const long NanosecondsPerSecond = 1_000_000_000;

    /// <summary>The type.</summary>
    public static TypeDescriptor Descriptor { get; } = new("builtin_interfaces/msg/Duration", "int32 sec\nuint32 nanosec");

    /// <summary>The span in nanoseconds.</summary>
    public long TotalNanoseconds => (Sec * NanosecondsPerSecond) + Nanosec;

    /// <summary>A span of so many nanoseconds.</summary>
    /// <exception cref="OverflowException">It does not fit into 32-bit seconds.</exception>
    public static Duration FromNanoseconds(long nanoseconds)
    {
        (long sec, long rest) = Split(nanoseconds);
        return new Duration(checked((int)sec), (uint)rest);
    }

    /// <summary>Reads a span.</summary>
    public static Duration Deserialize(ref CdrReader reader) => new(reader.ReadInt32(), reader.ReadUInt32());

    /// <summary>Writes the span.</summary>
    public void Serialize(ref CdrWriter writer)
    {
        writer.Write(Sec);
        writer.Write(Nanosec);
    }

    // Rounds down, so that the nanoseconds are never negative.
    internal static (long Sec, long Nanosec) Split(long nanoseconds)
    {
        (long sec, long rest) = Math.DivRem(nanoseconds, NanosecondsPerSecond);
        return rest < 0 ? (sec - 1, rest + NanosecondsPerSecond) : (sec, rest);
    }
}
