using Rclcs.Native;

namespace Rclcs;

/// <summary>A subscription, whatever its message type.</summary>
/// <remarks>All members are thread-safe.</remarks>
public abstract class Subscription : Endpoint
{
    private WaitSet? _waitSet;

    private protected Subscription(Context context, EndpointName name, TypeDescriptor type, QosProfile qos, Action<Endpoint> onDisposed)
        : base(context, name, type, qos, onDisposed) =>
        Condition = Dds.Check(Dds.dds_create_readcondition(Entity, Dds.AnyState), $"cannot create a condition on {this}");

    /// <summary>Raised once, at the start of <see cref="Endpoint.Dispose"/>.</summary>
    internal event Action? Closing;

    /// <summary>Publishers that this subscription knows and matches now.</summary>
    public unsafe int MatchedPublishers => (int)GetStatus<SubscriptionMatchedStatus>(&Dds.dds_get_subscription_matched_status).CurrentCount;

    /// <summary>Publishers on this topic that offer less than this subscription requests.</summary>
    public unsafe IncompatibleQos IncompatibleQos => ToIncompatibleQos(GetStatus<IncompatibleQosStatus>(&Dds.dds_get_requested_incompatible_qos_status));

    /// <summary>
    /// Samples that never arrived, since creation. Samples that arrived and were pushed out of a <see cref="History.KeepLast"/>
    /// history before they were taken are not counted by DDS.
    /// </summary>
    public unsafe int LostSamples => (int)GetStatus<SampleLostStatus>(&Dds.dds_get_sample_lost_status).TotalCount;

    /// <summary>Samples that arrived and were refused for lack of room, since creation.</summary>
    public unsafe int RejectedSamples => (int)GetStatus<SampleRejectedStatus>(&Dds.dds_get_sample_rejected_status).TotalCount;

    /// <summary>True while there is a sample to take; what wait sets wait for.</summary>
    internal int Condition { get; }

    /// <summary>The matched publishers: more than one on a command topic means a second commander.</summary>
    public unsafe IReadOnlyList<EndpointInfo> GetPublishers() =>
        GetMatches(&Dds.dds_get_matched_publications, &Dds.dds_get_matched_publication_data);

    /// <summary>Blocks until there is a sample to take.</summary>
    /// <param name="timeout">0 or more, or <see cref="Timeout.InfiniteTimeSpan"/>.</param>
    /// <returns>False when the time ran out, or when the subscription was disposed meanwhile.</returns>
    /// <exception cref="ObjectDisposedException">The subscription was disposed before.</exception>
    public bool Wait(TimeSpan timeout)
    {
        WaitSet waitSet;
        lock (Gate)
        {
            ThrowIfDisposed();
            waitSet = _waitSet ??= new WaitSet(this);
        }
        return waitSet.Wait(timeout) == WaitResult.Ready;
    }

    private protected override int Create(int topic, nint qos) =>
        Dds.Check(Dds.dds_create_reader(Context.Participant, topic, qos, 0), $"cannot create a subscription on {this}");

    private protected override void Close()
    {
        Closing?.Invoke();
        _waitSet?.Dispose();
    }
}

/// <summary>Receives the messages of a topic. They wait inside DDS, in a history as deep as the QoS says, until they are taken.</summary>
/// <typeparam name="T">The message type.</typeparam>
/// <remarks>All members are thread-safe. Taking allocates nothing as long as sizes and strings of the messages stay the same.</remarks>
public sealed class Subscription<T> : Subscription where T : class, IMessage<T>, new()
{
    internal Subscription(Context context, EndpointName name, QosProfile qos, Action<Endpoint> onDisposed)
        : base(context, name, T.Descriptor, qos, onDisposed) { }

    /// <summary>Takes the next message in order of arrival. Never blocks.</summary>
    /// <param name="into">Overwritten when there is a message.</param>
    /// <param name="info">What is known about the sample.</param>
    /// <returns>False when there is none.</returns>
    /// <exception cref="CdrException">The sample is malformed; it is gone, and <paramref name="into"/> is partly overwritten.</exception>
    public bool TryTake(T into, out MessageInfo info)
    {
        lock (Gate)
        {
            ThrowIfDisposed();
            nint sample = TakeSample(out SampleInfo native);
            return Decode(sample, native, 0, into, out info);
        }
    }

    /// <summary>Takes all messages that have arrived and keeps the last: for states, of which only the newest counts. Never blocks.</summary>
    /// <param name="into">Overwritten when there is a message.</param>
    /// <param name="info">What is known about the sample, and how many older ones were skipped.</param>
    /// <returns>False when there is none.</returns>
    /// <exception cref="CdrException">The sample is malformed; it is gone, and <paramref name="into"/> is partly overwritten.</exception>
    public bool TryTakeLatest(T into, out MessageInfo info)
    {
        lock (Gate)
        {
            ThrowIfDisposed();
            nint latest = TakeSample(out SampleInfo native);
            int skipped = 0;
            while (latest != 0 && TakeSample(out SampleInfo newer) is not 0 and var sample)
            {
                Dds.ddsi_serdata_unref(latest);
                (latest, native) = (sample, newer);
                skipped++;
            }
            return Decode(latest, native, skipped, into, out info);
        }
    }

    // Takes the next sample that carries data, and skips notices of publishers that left; 0 when there is none.
    private unsafe nint TakeSample(out SampleInfo info)
    {
        fixed (SampleInfo* native = &info)
        {
            while (true)
            {
                nint sample;
                int result = Dds.dds_takecdr(Entity, &sample, 1, native, Dds.AnyState);
                if (result < 0)
                    throw new RclcsException($"cannot take from {this}", (DdsReturnCode)result);
                if (result == 0 || native->ValidData != 0)
                    return result == 0 ? 0 : sample;
                Dds.ddsi_serdata_unref(sample);
            }
        }
    }

    private static bool Decode(nint sample, in SampleInfo native, int skipped, T into, out MessageInfo info)
    {
        info = default;
        if (sample == 0)
            return false;
        nint bytes = 0;
        IoVector vector = default;
        try
        {
            bytes = Dds.ddsi_serdata_to_ser_ref(sample, 0, Dds.ddsi_serdata_size(sample), out vector);
            Cdr.Deserialize(vector.Span, into);
            info = new MessageInfo(native.SourceTimestamp, native.PublicationHandle, skipped);
            return true;
        }
        finally
        {
            Dds.ddsi_serdata_to_ser_unref(bytes, in vector);
            Dds.ddsi_serdata_unref(sample);
        }
    }
}
