using Legato.Runtime.Recording.Mcap;

namespace Legato.Runtime.Recording;

/// <summary>One topic of a recording that is being written. From <see cref="Recorder.AddStream"/>.</summary>
/// <remarks>One thread writes; the counts may be read from any. Every message gets a number, also one that is lost, so that the file shows the gap.</remarks>
public sealed class RecordingStream
{
    private readonly MessageRing _ring;
    private long _offered;
    private long _refused;
    private volatile bool _closed;

    internal RecordingStream(McapChannel channel, int capacity)
    {
        Channel = channel;
        _ring = new MessageRing(capacity);
    }

    /// <summary>Its name.</summary>
    public string Topic => Channel.Topic;

    /// <summary>Messages that were handed to <see cref="TryWrite"/>.</summary>
    public long Offered => Volatile.Read(ref _offered);

    internal McapChannel Channel { get; }

    /// <summary>Messages that found no room.</summary>
    internal long Refused => Volatile.Read(ref _refused);

    /// <summary>Hands a message to the recorder: no lock, no allocation, no system call.</summary>
    /// <param name="cdr">The encoded message, copied.</param>
    /// <param name="logTimeNs">When it was recorded, UNIX ns (<see cref="LogClock.ToLogTime"/>), not negative.</param>
    /// <param name="publishTimeNs">When it was sent, UNIX ns, not negative.</param>
    /// <returns>False if it is lost, because the disk does not keep up or the recorder has stopped; it is counted.</returns>
    public bool TryWrite(ReadOnlySpan<byte> cdr, long logTimeNs, long publishTimeNs)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(logTimeNs);
        ArgumentOutOfRangeException.ThrowIfNegative(publishTimeNs);
        long number = _offered;
        Volatile.Write(ref _offered, number + 1);
        if (!_closed && _ring.TryWrite(cdr, (uint)number, logTimeNs, publishTimeNs)) return true;
        Volatile.Write(ref _refused, _refused + 1);
        return false;
    }

    /// <summary>From here on nothing is taken.</summary>
    internal void Close() => _closed = true;

    /// <summary>Moves everything that waits into the file's open chunk.</summary>
    internal void Drain(McapWriter writer)
    {
        while (_ring.TryPeek(out ReadOnlySpan<byte> data, out uint sequence, out long logTime, out long publishTime))
        {
            writer.WriteMessage(Channel, sequence, logTime, publishTime, data);
            _ring.Release();
        }
    }
}
