using Rclcs.Native;

namespace Rclcs;

/// <summary>What publishers and subscriptions have in common.</summary>
/// <remarks>All members are thread-safe.</remarks>
public abstract class Endpoint : IDisposable
{
    private readonly Action<Endpoint> _onDisposed;
    private readonly int _topicEntity;
    private bool _disposed;

    private protected Endpoint(Context context, EndpointName name, TypeDescriptor type, QosProfile qos, Action<Endpoint> onDisposed)
    {
        Context = context;
        Topic = name.Topic;
        TypeName = type.Name;
        Qos = qos;
        _onDisposed = onDisposed;
        _topicEntity = Topics.Create(context.Participant, type, name.DdsTopic);
        try
        {
            using var native = Native.Qos.Of(qos);
            Entity = Create(_topicEntity, native.Handle);
            Dds.Check(Dds.dds_get_guid(Entity, out Gid gid), $"cannot get the identity of {this}");
            Gid = gid;
        }
        catch
        {
            // Deleting the topic fails as long as something on it is left, so the entity goes first.
            _ = Dds.dds_delete(Entity);
            _ = Dds.dds_delete(_topicEntity);
            throw;
        }
    }

    /// <summary>The topic's absolute name.</summary>
    public string Topic { get; }

    /// <summary>ROS name of the message type.</summary>
    public string TypeName { get; }

    /// <summary>The quality of service it was created with.</summary>
    public QosProfile Qos { get; }

    /// <summary>Its identity on the network.</summary>
    public Gid Gid { get; }

    internal Context Context { get; }

    /// <summary>Held during every native call on the entity, so that it cannot go away meanwhile.</summary>
    private protected Lock Gate { get; } = new();

    /// <summary>The native writer or reader.</summary>
    private protected int Entity { get; }

    /// <summary>Leaves the topic. Returns when no call on this object is running in another thread any more.</summary>
    public void Dispose()
    {
        lock (Gate)
        {
            if (_disposed)
                return;
            _disposed = true;
        }
        Close();
        lock (Gate)
        {
            // Fails only if the participant is gone already, and these with it.
            _ = Dds.dds_delete(Entity);
            _ = Dds.dds_delete(_topicEntity);
        }
        _onDisposed(this);
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Topic} [{TypeName}]";

    private protected abstract int Create(int topic, nint qos);

    private protected virtual void Close() { }

    /// <summary>Reads a status of the entity.</summary>
    private protected unsafe TStatus GetStatus<TStatus>(delegate*<int, out TStatus, int> get) where TStatus : unmanaged
    {
        lock (Gate)
        {
            ThrowIfDisposed();
            int result = get(Entity, out TStatus status);
            return result >= 0 ? status : throw new RclcsException($"cannot read {typeof(TStatus).Name} of {this}", (DdsReturnCode)result);
        }
    }

    /// <summary>Describes the matched peers.</summary>
    private protected unsafe IReadOnlyList<EndpointInfo> GetMatches(
        delegate*<int, ulong*, nuint, int> list, delegate*<int, ulong, BuiltinEndpoint*> describe)
    {
        lock (Gate)
        {
            ThrowIfDisposed();
            return EndpointInfo.OfMatches(Entity, list, describe);
        }
    }

    private protected void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(_disposed, this);

    private protected static IncompatibleQos ToIncompatibleQos(IncompatibleQosStatus status) => status.TotalCount == 0
        ? default
        : new IncompatibleQos((int)status.TotalCount, Enum.IsDefined((QosPolicy)status.LastPolicyId) ? (QosPolicy)status.LastPolicyId : QosPolicy.Unknown);
}

/// <summary>A topic's name for people and for DDS.</summary>
internal readonly record struct EndpointName(string Topic, string DdsTopic)
{
    public static EndpointName OfRosTopic(string topic) => new(topic, RosName.ToDdsTopic(topic));
}
