using System.Numerics;
using Rclcs.Native;

namespace Rclcs;

/// <summary>A publisher, whatever its message type.</summary>
/// <remarks>All members are thread-safe.</remarks>
public abstract class Publisher : Endpoint
{
    private protected Publisher(Context context, EndpointName name, TypeDescriptor type, QosProfile qos, Action<Endpoint> onDisposed)
        : base(context, name, type, qos, onDisposed) { }

    /// <summary>Subscriptions that this publisher knows and matches now. A peer may take seconds to see the match from its side.</summary>
    public unsafe int MatchedSubscriptions => (int)GetStatus<PublicationMatchedStatus>(&Dds.dds_get_publication_matched_status).CurrentCount;

    /// <summary>Subscriptions on this topic that request more than this publisher offers.</summary>
    public unsafe IncompatibleQos IncompatibleQos => ToIncompatibleQos(GetStatus<IncompatibleQosStatus>(&Dds.dds_get_offered_incompatible_qos_status));

    /// <summary>The matched subscriptions.</summary>
    public unsafe IReadOnlyList<EndpointInfo> GetSubscriptions() =>
        GetMatches(&Dds.dds_get_matched_subscriptions, &Dds.dds_get_matched_subscription_data);

    private protected override int Create(int topic, nint qos) =>
        Dds.Check(Dds.dds_create_writer(Context.Participant, topic, qos, 0), $"cannot create a publisher on {this}");
}

/// <summary>Publishes messages on a topic.</summary>
/// <typeparam name="T">The message type.</typeparam>
/// <remarks>All members are thread-safe. Publishing allocates nothing once the buffer has grown to the largest message.</remarks>
public sealed class Publisher<T> : Publisher where T : class, IMessage<T>, new()
{
    private readonly nint _type;
    private byte[] _buffer = [];

    internal Publisher(Context context, EndpointName name, QosProfile qos, Action<Endpoint> onDisposed)
        : this(context, name, qos, onDisposed, context.TypeOf(T.Descriptor)) { }

    private Publisher(Context context, EndpointName name, QosProfile qos, Action<Endpoint> onDisposed, nint type)
        : base(context, name, T.Descriptor, qos, onDisposed) => _type = type;

    /// <summary>Serializes the message and hands it to DDS. The message can be changed as soon as this returns.</summary>
    /// <exception cref="CdrException">The message cannot be serialized (a string with a NUL).</exception>
    /// <exception cref="RclcsException">DDS refuses, with <see cref="DdsReturnCode.Timeout"/> when subscriptions held it up for longer than <see cref="QosProfile.MaxBlocking"/>.</exception>
    public void Publish(T message)
    {
        lock (Gate)
        {
            ThrowIfDisposed();
            int length = Serialize(message);
            if (length > _buffer.Length)
            {
                _buffer = new byte[BitOperations.RoundUpToPowerOf2((uint)length)];
                length = Serialize(message);
            }
            Write(_buffer.AsSpan(0, length));
        }
    }

    private int Serialize(T message)
    {
        var writer = new CdrWriter(_buffer);
        message.Serialize(ref writer);
        return writer.Length;
    }

    private unsafe void Write(ReadOnlySpan<byte> cdr)
    {
        nint sample;
        fixed (byte* bytes = cdr)
        {
            var vector = new IoVector { Base = bytes, Length = (nuint)cdr.Length };
            sample = Dds.ddsi_serdata_from_ser_iov(_type, Serdata.Data, 1, &vector, vector.Length);
        }
        if (sample == 0)
            throw new CdrException($"DDS does not accept the {cdr.Length} bytes of a message on {this}: Serialize does not follow the definition");
        int result = Dds.dds_writecdr(Entity, sample);
        if (result < 0)
            throw new RclcsException($"cannot publish on {this}", (DdsReturnCode)result);
    }
}
