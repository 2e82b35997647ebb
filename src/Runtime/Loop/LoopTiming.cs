namespace Legato.Runtime.Loop;

/// <summary>The parts of a cycle.</summary>
public enum LoopSection
{
    /// <summary>Taking the newest joint state.</summary>
    Read,

    /// <summary>Taking key events.</summary>
    Keys,

    /// <summary>Computing the targets.</summary>
    Policy,

    /// <summary>Limiting them.</summary>
    Guard,

    /// <summary>Sending them.</summary>
    Write,

    /// <summary>Handing the cycle to the recorder.</summary>
    Record,
}

/// <summary>Ledger of a loop's time: how late cycles begin, how long each section takes, who made a cycle overrun.</summary>
/// <remarks>For the control thread; nothing is allocated after construction. Read it when the loop has ended.</remarks>
public sealed class LoopTiming
{
    private const int SectionCount = (int)LoopSection.Record + 1;

    private readonly TimeProvider _time;
    private readonly double _nanosecondsPerTick;
    private readonly LatencyHistogram _lateness = new();
    private readonly LatencyHistogram[] _sections = new LatencyHistogram[SectionCount];
    private readonly long[] _blame = new long[SectionCount];
    private readonly long[] _durations = new long[SectionCount];
    private long _mark, _allocatedAtStart;
    private int _collectionsAtStart;

    /// <summary>Creates a ledger on a clock of high resolution.</summary>
    public LoopTiming(TimeProvider time)
    {
        _time = time;
        _nanosecondsPerTick = 1e9 / time.TimestampFrequency;
        for (int i = 0; i < SectionCount; i++)
            _sections[i] = new LatencyHistogram();
    }

    /// <summary>Cycles counted.</summary>
    public long Cycles { get; private set; }

    /// <summary>Cycles that ended after the next one was due.</summary>
    public long Overruns { get; private set; }

    /// <summary>Cycles that were left out because their whole period had passed.</summary>
    public long Skipped { get; private set; }

    /// <summary>The section that is running, or ran last.</summary>
    public LoopSection Current { get; private set; }

    /// <summary>Forgets everything and counts from here; call it on the control thread.</summary>
    public void Reset()
    {
        _lateness.Clear();
        foreach (LatencyHistogram section in _sections)
            section.Clear();
        Array.Clear(_blame);
        (Cycles, Overruns, Skipped) = (0, 0, 0);
        _collectionsAtStart = GC.CollectionCount(0);
        _allocatedAtStart = GC.GetAllocatedBytesForCurrentThread();
    }

    /// <summary>A cycle begins.</summary>
    /// <param name="lateness">Nanoseconds after its deadline.</param>
    public void Begin(long lateness)
    {
        _lateness.Record(lateness);
        Array.Clear(_durations);
        Current = LoopSection.Read;
        _mark = _time.GetTimestamp();
    }

    /// <summary>The current section ends and the next begins.</summary>
    public void Next(LoopSection next)
    {
        Close();
        Current = next;
    }

    /// <summary>The cycle ends.</summary>
    /// <param name="overrun">True if the next cycle is due already.</param>
    /// <returns>The longest section, which an overrun is blamed on.</returns>
    public LoopSection End(bool overrun)
    {
        Close();
        Cycles++;
        int longest = 0;
        for (int i = 0; i < SectionCount; i++)
        {
            _sections[i].Record(_durations[i]);
            if (_durations[i] > _durations[longest])
                longest = i;
        }
        if (overrun)
        {
            Overruns++;
            _blame[longest]++;
        }
        return (LoopSection)longest;
    }

    /// <summary>Cycles were left out.</summary>
    public void Skip(long cycles) => Skipped += cycles;

    /// <summary>Everything so far; call it on the control thread, whose allocations it counts.</summary>
    public LoopTimingReport Report()
    {
        long allocated = GC.GetAllocatedBytesForCurrentThread() - _allocatedAtStart;
        int collections = GC.CollectionCount(0) - _collectionsAtStart;
        var sections = new SectionReport[SectionCount];
        for (int i = 0; i < SectionCount; i++)
            sections[i] = new SectionReport((LoopSection)i, _sections[i].Summary(), _blame[i]);
        return new LoopTimingReport(Cycles, Overruns, Skipped, _lateness.Summary(), sections, allocated, collections);
    }

    private void Close()
    {
        long now = _time.GetTimestamp();
        _durations[(int)Current] += (long)((now - _mark) * _nanosecondsPerTick);
        _mark = now;
    }
}

/// <summary>The time one section took, and how many overruns are blamed on it.</summary>
public sealed record SectionReport(LoopSection Section, LatencySummary DurationUs, long Blamed);

/// <summary>Timing of a run from its first step to the end of the lift.</summary>
/// <param name="Cycles">Cycles run.</param>
/// <param name="Overruns">Cycles that ended after the next was due.</param>
/// <param name="Skipped">Cycles left out after a stall of more than a period.</param>
/// <param name="LatenessUs">From deadline to wake-up, microseconds.</param>
/// <param name="Sections">Per section, in the order of the cycle.</param>
/// <param name="AllocatedBytes">Managed bytes allocated on the control thread.</param>
/// <param name="GcCount">Garbage collections in the process.</param>
public sealed record LoopTimingReport(
    long Cycles,
    long Overruns,
    long Skipped,
    LatencySummary LatenessUs,
    IReadOnlyList<SectionReport> Sections,
    long AllocatedBytes,
    int GcCount);
