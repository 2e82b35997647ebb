using System.Diagnostics.CodeAnalysis;

namespace Rclcs.Messages.RmwDdsCommon;

/// <summary>rmw_dds_common/msg/NodeEntitiesInfo: a node and the endpoints that belong to it.</summary>
/// <typeparam name="TLayout"><see cref="HumbleGid"/> or <see cref="JazzyGid"/>.</typeparam>
[SuppressMessage("Design", "CA1000", Justification = "The static members of a message are used through type parameters.")]
public sealed class NodeEntitiesInfo<TLayout> : IMessage<NodeEntitiesInfo<TLayout>> where TLayout : struct, IGidLayout
{
    /// <inheritdoc/>
    public static TypeDescriptor Descriptor { get; } = new("rmw_dds_common/msg/NodeEntitiesInfo", """
        string<=256 node_namespace
        string<=256 node_name
        Gid[] reader_gid_seq
        Gid[] writer_gid_seq
        """, TLayout.Descriptor);

    /// <inheritdoc/>
    public static string TypeName => Descriptor.Name;

    /// <inheritdoc/>
    public static string Definition => Descriptor.Definition;

    /// <summary>The node's namespace, starting with a slash.</summary>
    public string NodeNamespace { get; set; } = "";

    /// <summary>The node's name.</summary>
    public string NodeName { get; set; } = "";

    /// <summary>Its subscriptions.</summary>
    public List<Gid> ReaderGids { get; set; } = [];

    /// <summary>Its publishers.</summary>
    public List<Gid> WriterGids { get; set; } = [];

    /// <inheritdoc/>
    public void Serialize(ref CdrWriter writer)
    {
        writer.Write(NodeNamespace);
        writer.Write(NodeName);
        GidCodec<TLayout>.Write(ref writer, ReaderGids);
        GidCodec<TLayout>.Write(ref writer, WriterGids);
    }

    /// <inheritdoc/>
    public void Deserialize(ref CdrReader reader)
    {
        NodeNamespace = reader.ReadString(NodeNamespace);
        NodeName = reader.ReadString(NodeName);
        GidCodec<TLayout>.Read(ref reader, ReaderGids);
        GidCodec<TLayout>.Read(ref reader, WriterGids);
    }
}
