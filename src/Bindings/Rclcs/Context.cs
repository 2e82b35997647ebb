using Rclcs.Native;

namespace Rclcs;

/// <summary>
/// A member of a ROS 2 domain: one DDS participant. Speaks to any ROS 2 node through Cyclone DDS; no ROS installation is needed.
/// </summary>
/// <remarks>
/// All members are thread-safe. Dispose it before the process ends, on SIGTERM as well: peers then see everything leave at once,
/// otherwise they keep it for the 10 s of DDS' lease. The class registers no handlers for signals or process exit of its own.
/// </remarks>
public sealed class Context : IDisposable
{
    private readonly Domain _domain;
    private readonly List<Node> _nodes = [];
    private readonly HashSet<WaitSet> _waitSets = [];
    private readonly Dictionary<TypeDescriptor, nint> _types = [];
    private readonly Lock _gate = new();
    private readonly Lock _announcing = new();
    private bool _disposed;

    /// <summary>Joins a domain.</summary>
    /// <exception cref="LibraryException">Cyclone DDS 0.10 is not installed.</exception>
    /// <exception cref="RclcsException">The network interface does not exist, or DDS refuses.</exception>
    public Context(ContextOptions options)
    {
        Library.EnsureLoaded();
        Options = options;
        _domain = Domain.Acquire(options.DomainId, options.Interface);
        try
        {
            using var qos = Qos.OfParticipant(options.Enclave);
            Participant = Dds.Check(Dds.dds_create_participant((uint)options.DomainId, qos.Handle, 0), $"cannot join ROS domain {options.DomainId}");
            Dds.Check(Dds.dds_get_guid(Participant, out Gid gid), "cannot get the participant's identity");
            Gid = gid;
            Graph = new Graph(this);
            Directory = NodeDirectory.Create(this, options.Distro);
            Announce();
        }
        catch
        {
            // Without effect if there is no participant yet.
            _ = Dds.dds_delete(Participant);
            _domain.Dispose();
            throw;
        }
    }

    /// <summary>The options it was created with.</summary>
    public ContextOptions Options { get; }

    /// <summary>The participant's identity on the network.</summary>
    public Gid Gid { get; }

    /// <summary>Who else is there.</summary>
    public Graph Graph { get; }

    internal int Participant { get; }

    internal NodeDirectory Directory { get; }

    /// <summary>Adds a node to the graph.</summary>
    /// <param name="name">Letters, digits and underscores, not starting with a digit.</param>
    /// <param name="ns">Namespace, starting with a slash.</param>
    /// <exception cref="InvalidNameException">A name breaks a rule.</exception>
    public Node CreateNode(string name, string ns = "/")
    {
        var node = new Node(this, name, ns);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _nodes.Add(node);
        }
        Announce();
        return node;
    }

    /// <summary>Leaves the domain, with all nodes and wait sets. Threads that wait are woken.</summary>
    public void Dispose()
    {
        Node[] nodes;
        WaitSet[] waitSets;
        lock (_announcing)
        {
            lock (_gate)
            {
                if (_disposed)
                    return;
                _disposed = true;
                nodes = [.. _nodes];
                waitSets = [.. _waitSets];
            }
        }
        foreach (WaitSet waitSet in waitSets)
            waitSet.Dispose();
        foreach (Node node in nodes)
            node.Dispose();
        Directory.Dispose();
        foreach (nint type in _types.Values)
            Dds.ddsi_sertype_unref(type);
        Dds.Check(Dds.dds_delete(Participant), $"cannot leave ROS domain {Options.DomainId}");
        _domain.Dispose();
    }

    /// <summary>Cyclone's object for a message type; it lives as long as this context.</summary>
    internal nint TypeOf(TypeDescriptor type)
    {
        lock (_gate)
        {
            if (!_types.TryGetValue(type, out nint reference))
                _types[type] = reference = Topics.ReferenceType(Participant, type);
            return reference;
        }
    }

    internal void Add(WaitSet waitSet)
    {
        lock (_gate)
            _waitSets.Add(waitSet);
    }

    internal void Remove(WaitSet waitSet)
    {
        lock (_gate)
            _waitSets.Remove(waitSet);
    }

    internal void Remove(Node node)
    {
        lock (_gate)
            _nodes.Remove(node);
        Announce();
    }

    /// <summary>Tells the graph about the nodes as they are now.</summary>
    internal void Announce()
    {
        // One announcement at a time, so that the last one published is the newest.
        lock (_announcing)
        {
            Node[] nodes;
            lock (_gate)
            {
                if (_disposed)
                    return;
                nodes = [.. _nodes];
            }
            Directory.Announce(nodes);
        }
    }
}
