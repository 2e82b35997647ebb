namespace Rclcs;

/// <summary>A named member of the ROS graph that owns publishers and subscriptions.</summary>
/// <remarks>All members are thread-safe. Disposing it disposes what it owns.</remarks>
public sealed class Node : IDisposable
{
    private readonly Context _context;
    private readonly List<Endpoint> _endpoints = [];
    private readonly Lock _gate = new();
    private bool _disposed;

    internal Node(Context context, string name, string ns)
    {
        RosName.CheckNode(name);
        RosName.CheckNamespace(ns);
        _context = context;
        Name = name;
        Namespace = ns;
    }

    /// <summary>Name without namespace.</summary>
    public string Name { get; }

    /// <summary>Namespace, starting with a slash.</summary>
    public string Namespace { get; }

    /// <summary>Publishes on a topic.</summary>
    /// <param name="topic">Absolute (<c>/a</c>), relative to the namespace (<c>a</c>) or to the node (<c>~/a</c>).</param>
    /// <param name="qos">What to offer; the default profile if null.</param>
    /// <exception cref="InvalidNameException">The topic's name breaks a rule.</exception>
    /// <exception cref="RclcsException">DDS refuses.</exception>
    public Publisher<T> CreatePublisher<T>(string topic, QosProfile? qos = null) where T : class, IMessage<T>, new() =>
        Add(topic, name => new Publisher<T>(_context, name, qos ?? QosProfile.Default, Forget));

    /// <summary>Subscribes to a topic.</summary>
    /// <param name="topic">Absolute (<c>/a</c>), relative to the namespace (<c>a</c>) or to the node (<c>~/a</c>).</param>
    /// <param name="qos">What to request; the default profile if null.</param>
    /// <exception cref="InvalidNameException">The topic's name breaks a rule.</exception>
    /// <exception cref="RclcsException">DDS refuses.</exception>
    public Subscription<T> CreateSubscription<T>(string topic, QosProfile? qos = null) where T : class, IMessage<T>, new() =>
        Add(topic, name => new Subscription<T>(_context, name, qos ?? QosProfile.Default, Forget));

    /// <summary>Leaves the graph, with all publishers and subscriptions.</summary>
    public void Dispose()
    {
        Endpoint[] endpoints;
        lock (_gate)
        {
            if (_disposed)
                return;
            _disposed = true;
            endpoints = [.. _endpoints];
            _endpoints.Clear();
        }
        foreach (Endpoint endpoint in endpoints)
            endpoint.Dispose();
        _context.Remove(this);
    }

    /// <summary>Publishers and subscriptions at this moment.</summary>
    internal IReadOnlyList<Endpoint> GetEndpoints()
    {
        lock (_gate)
            return [.. _endpoints];
    }

    private TEndpoint Add<TEndpoint>(string topic, Func<EndpointName, TEndpoint> create) where TEndpoint : Endpoint
    {
        var name = EndpointName.OfRosTopic(RosName.ExpandTopic(topic, Namespace, Name));
        TEndpoint endpoint;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            endpoint = create(name);
            _endpoints.Add(endpoint);
        }
        _context.Announce();
        return endpoint;
    }

    private void Forget(Endpoint endpoint)
    {
        lock (_gate)
        {
            if (!_endpoints.Remove(endpoint))
                return;
        }
        _context.Announce();
    }
}
