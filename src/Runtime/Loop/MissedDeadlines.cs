namespace Legato.Runtime.Loop;

/// <summary>A cycle that ended after the next one was due.</summary>
/// <param name="Cycle">Number of the cycle since homing began.</param>
/// <param name="Section">Its longest section: the one to blame. <see cref="LoopSection.Wait"/> where it began late already.</param>
/// <param name="SectionUs">How long that took, microseconds.</param>
/// <param name="LateUs">How late the cycle ended, microseconds; 0 where it did not end.</param>
/// <param name="LeftOut">Whole cycles that were left out after it.</param>
public readonly record struct MissedDeadline(long Cycle, LoopSection Section, double SectionUs, double LateUs, long LeftOut);

/// <summary>Ledger of missed deadlines: the newest of them, in a ring of fixed size.</summary>
/// <remarks>For the control thread; nothing is allocated after construction, <see cref="Report"/> aside.</remarks>
public sealed class MissedDeadlines
{
    /// <summary>How many are kept.</summary>
    public const int Capacity = 64;

    private readonly MissedDeadline[] _ring = new MissedDeadline[Capacity];
    private long _count;

    /// <summary>A cycle ended too late.</summary>
    /// <param name="cycle">Its number.</param>
    /// <param name="section">Who is to blame.</param>
    /// <param name="duration">How long that took, ns.</param>
    /// <param name="late">How late the cycle ended, ns.</param>
    public void Add(long cycle, LoopSection section, long duration, long late) =>
        _ring[_count++ % Capacity] = new MissedDeadline(cycle, section, duration / 1e3, late / 1e3, 0);

    /// <summary>Cycles are left out. A late cycle that never ended, because it threw, gets its entry here.</summary>
    public void LeaveOut(long cycle, LoopSection section, long count)
    {
        if (_count == 0 || Newest.Cycle != cycle)
            Add(cycle, section, 0, 0);
        Newest = Newest with { LeftOut = count };
    }

    /// <summary>Forgets everything.</summary>
    public void Clear() => _count = 0;

    /// <summary>The newest ones, oldest first.</summary>
    public IReadOnlyList<MissedDeadline> Report()
    {
        long first = Math.Max(0, _count - Capacity);
        var kept = new MissedDeadline[_count - first];
        for (int i = 0; i < kept.Length; i++)
            kept[i] = _ring[(first + i) % Capacity];
        return kept;
    }

    private ref MissedDeadline Newest => ref _ring[(_count - 1) % Capacity];
}
