namespace Rclcs.Messages.RmwDdsCommon;

/// <summary>How many bytes a GID takes on the wire. Humble and Jazzy differ, under the same type name.</summary>
public interface IGidLayout
{
    /// <summary>Bytes; a DDS GUID and zeros behind it.</summary>
    static abstract int Size { get; }

    /// <summary>rmw_dds_common/msg/Gid.</summary>
    static abstract TypeDescriptor Descriptor { get; }
}

/// <summary>24 bytes: ROS 2 Humble.</summary>
public readonly struct HumbleGid : IGidLayout
{
    /// <inheritdoc/>
    public static int Size => 24;

    /// <inheritdoc/>
    public static TypeDescriptor Descriptor { get; } = new("rmw_dds_common/msg/Gid", "char[24] data");
}

/// <summary>16 bytes: ROS 2 Iron, Jazzy and later.</summary>
public readonly struct JazzyGid : IGidLayout
{
    /// <inheritdoc/>
    public static int Size => Gid.Size;

    /// <inheritdoc/>
    public static TypeDescriptor Descriptor { get; } = new("rmw_dds_common/msg/Gid", "uint8[16] data");
}

/// <summary>GIDs on the wire.</summary>
internal static class GidCodec<TLayout> where TLayout : struct, IGidLayout
{
    public static void Write(ref CdrWriter writer, Gid gid)
    {
        Span<byte> bytes = stackalloc byte[TLayout.Size];
        bytes.Clear();
        gid.CopyTo(bytes);
        writer.WriteBytes(bytes);
    }

    public static Gid Read(ref CdrReader reader) => new(reader.ReadBytes(TLayout.Size));

    public static void Write(ref CdrWriter writer, List<Gid> gids)
    {
        writer.Write((uint)gids.Count);
        foreach (Gid gid in gids)
            Write(ref writer, gid);
    }

    public static void Read(ref CdrReader reader, List<Gid> into)
    {
        int count = reader.ReadCount(TLayout.Size);
        into.Clear();
        for (int i = 0; i < count; i++)
            into.Add(Read(ref reader));
    }
}
