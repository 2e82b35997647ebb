namespace Legato.RobotDriver.Lab;

/// <summary>Counts the messages of periodic senders and, by their time stamps, those that are missing.</summary>
/// <remarks>
/// A sender's schedule is followed slowly, so that clocks may differ and single messages be late or early. A message is missing
/// when all that follow it for a while are behind the schedule by a period. One thread counts; the counts can be read from any.
/// Allocates only for a sender that it has not met.
/// </remarks>
internal sealed class LossCounter
{
    /// <summary>Messages that have to be behind the schedule in a row.</summary>
    public const int Patience = 8;

    private const int MostSenders = 64;

    // Share of a message's delay that moves the schedule: a clock that differs by 1000 ppm stays within a tenth of a period.
    private const double Follow = 0.01;

    // A sender that restarts, or a clock that is set, is no loss of a thousand messages.
    private const double LongestGap = 1000;

    private readonly Dictionary<(ulong Publisher, int Order), Schedule> _schedules = [];
    private readonly double _period;
    private long _received;
    private long _lost;

    /// <param name="rate">Messages per second of each sender; 0 looks for none that are missing.</param>
    public LossCounter(double rate) => _period = 1e9 / rate;

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
        if (double.IsInfinity(_period))
            return;
        if (_schedules.TryGetValue((publisher, order), out Schedule? schedule))
        {
            AddLost(schedule.Meet(sent, _period));
            return;
        }
        if (_schedules.Count == MostSenders)
            _schedules.Clear();
        _schedules[(publisher, order)] = new Schedule(sent + _period);
    }

    /// <summary>Counts messages that are known to be lost.</summary>
    public void AddLost(long count) => Volatile.Write(ref _lost, _lost + count);

    /// <summary>When a sender's next message is due, ns.</summary>
    private sealed class Schedule(double due)
    {
        private double _due = due;
        private double _leastDelay;
        private int _behind;

        /// <returns>How many messages have turned out to be missing.</returns>
        public long Meet(long sent, double period)
        {
            double delay = sent - _due;
            if (Math.Abs(delay) > LongestGap * period || delay < -period)
            {
                (_due, _behind) = (sent + period, 0);
                return 0;
            }
            _due += period;
            if (delay < 0.75 * period)
            {
                _due += Follow * delay;
                _behind = 0;
                return 0;
            }
            _leastDelay = _behind++ == 0 ? delay : Math.Min(_leastDelay, delay);
            if (_behind < Patience)
                return 0;
            long missing = (long)Math.Round(_leastDelay / period);
            (_due, _behind) = (_due + (missing * period), 0);
            return missing;
        }
    }
}
