namespace Legato.RobotDriver.Lab;

/// <summary>Estimates a sender's clock from the stamps of its messages, whose delays only ever add.</summary>
/// <remarks>
/// Of each interval only the message with the least delay counts; a straight line through those gives offset and drift, and what
/// they scatter about it the error bar. Least-delay filtering of one-way times: Paxson, "On calibrating measurements of packet
/// transit times" (SIGMETRICS 1998); the choice of the least delay as in NTP's clock filter (RFC 5905, section 10). The least delay
/// itself, some 0.1 ms on one machine, stays in the offset. One thread at a time; nothing is allocated after construction.
/// </remarks>
internal sealed class SenderClock
{
    /// <summary>Intervals that are kept; when they run out, each two become one.</summary>
    public const int Intervals = 64;

    private const string Method = "least delay per interval, line through them";

    private readonly long[] _received = new long[Intervals], _offsets = new long[Intervals];
    private long _start, _newest, _width = 1_000_000_000, _samples;

    /// <summary>Creates an estimate without a sample.</summary>
    public SenderClock() => Array.Fill(_offsets, long.MinValue);

    /// <summary>Adds a message.</summary>
    /// <param name="received">When it was received, ns of the robot's clock; not before the last one.</param>
    /// <param name="sent">When it was sent, ns of the sender's clock.</param>
    public void Add(long received, long sent)
    {
        if (_samples++ == 0)
            _start = received;
        _newest = received;
        while ((received - _start) / _width >= Intervals)
            Widen();
        int interval = (int)((received - _start) / _width);
        // A delay makes the sender's clock look late: the largest difference has the least delay.
        if (sent - received > _offsets[interval])
            (_received[interval], _offsets[interval]) = (received, sent - received);
    }

    /// <summary>The estimate so far; null without a sample. Allocates.</summary>
    public ClockOffset? Estimate(string source)
    {
        int[] heard = [.. Enumerable.Range(0, Intervals).Where(i => _offsets[i] != long.MinValue)];
        if (heard.Length == 0)
            return null;
        // Differences from the first sample: UNIX time in ns has more digits than a double.
        long origin = _offsets[heard[0]];
        double[] times = [.. heard.Select(i => (_received[i] - _start) * 1e-9)], offsets = [.. heard.Select(i => (double)(_offsets[i] - origin))];
        double meanTime = times.Average(), meanOffset = offsets.Average();
        double spread = times.Sum(t => (t - meanTime) * (t - meanTime));
        double slope = spread > 0 ? times.Zip(offsets, (t, o) => (t - meanTime) * (o - meanOffset)).Sum() / spread : 0;
        double At(double time) => meanOffset + (slope * (time - meanTime));
        double error = times.Zip(offsets, (t, o) => Math.Abs(o - At(t))).Max();
        // ns per s are 1e-3 ppm.
        return new ClockOffset(source, origin + (long)Math.Round(At((_newest - _start) * 1e-9)), (long)Math.Round(error), heard.Length > 2 ? slope * 1e-3 : null, _samples, Method);
    }

    private void Widen()
    {
        for (int i = 0; i < Intervals; i++)
        {
            int better = 2 * i < Intervals && _offsets[2 * i] >= _offsets[(2 * i) + 1] ? 2 * i : (2 * i) + 1;
            (_received[i], _offsets[i]) = better < Intervals ? (_received[better], _offsets[better]) : (0, long.MinValue);
        }
        _width *= 2;
    }
}
