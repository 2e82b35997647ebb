using Rclcs.Messages.RmwDdsCommon;

namespace Rclcs;

/// <summary>Announces the nodes of a context on ros_discovery_info and reads those of others; what <c>ros2 node list</c> shows.</summary>
/// <remarks>Thread-safe.</remarks>
internal abstract class NodeDirectory : IDisposable
{
    /// <summary>The DDS topic; it has no ROS name.</summary>
    public const string DdsTopic = "ros_discovery_info";

    public static NodeDirectory Create(Context context, Distro distro) => distro == Distro.Humble
        ? new NodeDirectory<HumbleGid>(context)
        : new NodeDirectory<JazzyGid>(context);

    /// <summary>Announces these nodes, which replace those announced before.</summary>
    public abstract void Announce(IReadOnlyList<Node> nodes);

    /// <summary>The nodes that participants announced last, whether these still live or not.</summary>
    public abstract IReadOnlyList<NodeInfo> Read();

    public abstract void Dispose();
}

/// <summary>The directory with GIDs of one size.</summary>
internal sealed class NodeDirectory<TLayout> : NodeDirectory where TLayout : struct, IGidLayout
{
    private static readonly QosProfile WriterQos = QosProfile.Latched;
    private static readonly QosProfile ReaderQos = QosProfile.Latched with { History = History.KeepAll };

    private readonly Gid _participant;
    private readonly Publisher<ParticipantEntitiesInfo<TLayout>> _publisher;
    private readonly Subscription<ParticipantEntitiesInfo<TLayout>> _subscription;
    private readonly Dictionary<Gid, List<NodeInfo>> _known = [];
    private readonly Lock _gate = new();

    public NodeDirectory(Context context)
    {
        _participant = context.Gid;
        var name = new EndpointName(DdsTopic, DdsTopic);
        _publisher = new(context, name, WriterQos, static _ => { });
        _subscription = new(context, name, ReaderQos, static _ => { });
    }

    public override void Announce(IReadOnlyList<Node> nodes)
    {
        var message = new ParticipantEntitiesInfo<TLayout> { Gid = _participant };
        foreach (Node node in nodes)
        {
            IReadOnlyList<Endpoint> endpoints = node.GetEndpoints();
            message.Nodes.Add(new NodeEntitiesInfo<TLayout>
            {
                NodeName = node.Name,
                NodeNamespace = node.Namespace,
                ReaderGids = [.. endpoints.OfType<Subscription>().Select(each => each.Gid)],
                WriterGids = [.. endpoints.OfType<Publisher>().Select(each => each.Gid)],
            });
        }
        _publisher.Publish(message);
    }

    public override IReadOnlyList<NodeInfo> Read()
    {
        lock (_gate)
        {
            var message = new ParticipantEntitiesInfo<TLayout>();
            while (TryTake(message))
            {
                Gid participant = message.Gid;
                _known[participant] = [.. message.Nodes.Select(node => new NodeInfo(
                    node.NodeName, node.NodeNamespace, participant, [.. node.WriterGids], [.. node.ReaderGids]))];
            }
            return [.. _known.Values.SelectMany(nodes => nodes)];
        }
    }

    public override void Dispose()
    {
        _subscription.Dispose();
        _publisher.Dispose();
    }

    // Peers of the other release use the same type name with GIDs of another size; their nodes cannot be listed.
    private bool TryTake(ParticipantEntitiesInfo<TLayout> message)
    {
        while (true)
        {
            try
            {
                return _subscription.TryTake(message, out _);
            }
            catch (CdrException)
            {
                continue;
            }
        }
    }
}
