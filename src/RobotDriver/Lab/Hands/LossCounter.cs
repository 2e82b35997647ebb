namespace Legato.RobotDriver.Lab;

/// <summary>Counts the messages of periodic senders and, by the gaps between their time stamps, those that are missing.</summary>
/// <param name="rate">Messages per second of each sender; 0 looks for no gaps.</param>
/// <remarks>One thread counts; the counts can be read from any. Allocates only for a sender that it has not met.</remarks>
internal sealed class LossCounter(double rate)
{
    // A sender that restarts, or a clock that is set, is no loss of a thousand messages.
    private const int LongestGap = 1000;

    private const int MostSenders = 64;

    private readonly Dictionary<(ulong Publisher, int Order), long> _lastSent = [];
    private readonly double _period = 1e9 / rate;
    private long _received;
    private long _lost;

    /// <summary>Messages that arrived.</summary>
    public long Received => Volatile.Read(ref _received);

    /// <summary>Messages that are missing.</summary>
    public long Lost => Volatile.Read(ref _lost);

    /// <summary>Counts a message.</summary>
    /// <param name="publisher">Who sent it.</param>
    /// <param name="order">Which joints it names: a publisher may serve several hands in turn.</param>
    /// <param name="sent">When, by the sender's clock, ns.</param>
    public void Add(ulong publisher, int order, long sent)
    {
        Volatile.Write(ref _received, _received + 1);
        (ulong, int) sender = (publisher, order);
        if (_lastSent.Count == MostSenders)
            _lastSent.Clear();
        if (_lastSent.TryGetValue(sender, out long last))
        {
            double missing = Math.Round((sent - last) / _period) - 1;
            if (missing is > 0 and < LongestGap)
                AddLost((long)missing);
        }
        _lastSent[sender] = sent;
    }

    /// <summary>Counts messages that are known to be lost.</summary>
    public void AddLost(long count) => Volatile.Write(ref _lost, _lost + count);
}
