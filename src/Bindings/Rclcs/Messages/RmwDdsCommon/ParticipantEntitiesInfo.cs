using System.Diagnostics.CodeAnalysis;

namespace Rclcs.Messages.RmwDdsCommon;

/// <summary>rmw_dds_common/msg/ParticipantEntitiesInfo: the nodes of a participant, on ros_discovery_info.</summary>
/// <typeparam name="TLayout"><see cref="HumbleGid"/> or <see cref="JazzyGid"/>.</typeparam>
[SuppressMessage("Design", "CA1000", Justification = "The static members of a message are used through type parameters.")]
public sealed class ParticipantEntitiesInfo<TLayout> : IMessage<ParticipantEntitiesInfo<TLayout>> where TLayout : struct, IGidLayout
{
    /// <inheritdoc/>
    public static TypeDescriptor Descriptor { get; } = new("rmw_dds_common/msg/ParticipantEntitiesInfo", """
        Gid gid
        NodeEntitiesInfo[] node_entities_info_seq
        """, TLayout.Descriptor, NodeEntitiesInfo<TLayout>.Descriptor);

    /// <inheritdoc/>
    public static string TypeName => Descriptor.Name;

    /// <inheritdoc/>
    public static string Definition => Descriptor.Definition;

    /// <summary>The participant.</summary>
    public Gid Gid { get; set; }

    /// <summary>Its nodes.</summary>
    public List<NodeEntitiesInfo<TLayout>> Nodes { get; set; } = [];

    /// <inheritdoc/>
    public void Serialize(ref CdrWriter writer)
    {
        GidCodec<TLayout>.Write(ref writer, Gid);
        writer.Write(Nodes);
    }

    /// <inheritdoc/>
    public void Deserialize(ref CdrReader reader)
    {
        Gid = GidCodec<TLayout>.Read(ref reader);
        reader.Read(Nodes);
    }
}
