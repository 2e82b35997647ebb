using Legato.RobotDriver;
using Legato.Tests.Runtime.Loop;

using Rclcs;

namespace Legato.Tests.Runtime.Watchdog;

/// <summary>Hands that follow at once, in a time that passes when somebody sleeps.</summary>
internal sealed class FakeHands : IStandbyHands, IRobotClock
{
    public const long Start = 5_000 * FakeClock.Millisecond;

    private long _newest = long.MinValue;

    public double[] Positions { get; } = [0.3, 0.6, 0.4, 0.1, 0.05, 0.3, -0.05];

    public List<long> Deadlines { get; } = [];

    /// <summary>How much too late every sleep ends.</summary>
    public long LatenessNs { get; set; } = 50_000;

    /// <summary>When the last report came, which is taken once.</summary>
    public long LastReport { get; set; } = long.MaxValue;

    public Action? OnRead { get; set; }

    public List<double[]> Written { get; } = [];

    public int Refusals { get; set; }

    public long? StampedAt { get; set; }

    public Action<long>? OnSleep { get; set; }

    public string? Missing { get; set; }

    public long Now { get; set; } = Start;

    public bool IsRealTime => true;

    public void SleepUntil(long deadline)
    {
        Deadlines.Add(deadline);
        // A wake-up takes a moment.
        Now = Math.Max(Now, deadline) + LatenessNs;
        Assert.True(Now < Start + (60_000 * FakeClock.Millisecond), "it watches for ever");
        OnSleep?.Invoke(Now);
    }

    public bool TryRead(RobotState state)
    {
        OnRead?.Invoke();
        long stamp = Math.Min(Now, LastReport);
        if (stamp < 0 || stamp == _newest)
            return false;
        _newest = stamp;
        Positions.CopyTo(state.Positions, 0);
        state.Stamp = StampedAt ?? stamp;
        return true;
    }

    public void Write(ReadOnlySpan<double> targets)
    {
        if (Refusals-- > 0)
            throw new RclcsException("full");
        Written.Add(targets.ToArray());
        // In the order of the states; J0 is both of its joints.
        (Positions[0], Positions[1], Positions[2], Positions[3], Positions[5]) = (targets[2] / 3, targets[2] * 2 / 3, targets[1], targets[0], targets[4]);
    }
}
