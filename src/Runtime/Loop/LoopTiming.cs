namespace Legato.Runtime.Loop;

/// <summary>The parts of a cycle.</summary>
public enum LoopSection
{
    /// <summary>Waiting for the deadline: what counts is how late the wait ended.</summary>
    Wait,

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

/// <summary>Things that a loop does again and again, each at a rate of its own.</summary>
public enum LoopCadence
{
    /// <summary>Commands sent.</summary>
    Command,

    /// <summary>Targets computed by the policy.</summary>
    Inference,

    /// <summary>Cycles handed to the recorder.</summary>
    Recording,
}

/// <summary>Ledger of a loop's time: how late cycles begin, how long each section takes, who made a cycle overrun.</summary>
/// <remarks>For the control thread; nothing is allocated after construction. Read it when the loop has ended.</remarks>
public sealed class LoopTiming
{
    private const int SectionCount = (int)LoopSection.Record + 1, CadenceCount = (int)LoopCadence.Recording + 1;

    // Histograms count whole numbers: thousandths are fine enough for a share.
    private const double PerMille = 1000;

    private readonly TimeProvider _time;
    private readonly double _nanosecondsPerTick;
    private readonly LatencyHistogram _lateness = new();
    private readonly LatencyHistogram[] _sections = new LatencyHistogram[SectionCount];
    private readonly LatencyHistogram[] _cadences = new LatencyHistogram[CadenceCount];
    private readonly LatencyHistogram _stateAge = new(), _following = new();
    private readonly MissedDeadlines _missed = new();
    private readonly long[] _blame = new long[SectionCount];
    private readonly long[] _durations = new long[SectionCount];
    private readonly long[] _marks = new long[CadenceCount];
    private long _mark, _allocatedAtStart, _agedStates;
    private int _collectionsAtStart;

    /// <summary>Creates a ledger on a clock of high resolution.</summary>
    public LoopTiming(TimeProvider time)
    {
        _time = time;
        _nanosecondsPerTick = 1e9 / time.TimestampFrequency;
        for (int i = 0; i < SectionCount; i++)
            _sections[i] = new LatencyHistogram();
        for (int i = 0; i < CadenceCount; i++)
            _cadences[i] = new LatencyHistogram();
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
        foreach (LatencyHistogram cadence in _cadences)
            cadence.Clear();
        _stateAge.Clear();
        _following.Clear();
        _missed.Clear();
        Array.Clear(_blame);
        Array.Clear(_marks);
        (Cycles, Overruns, Skipped, _agedStates) = (0, 0, 0, 0);
        _collectionsAtStart = GC.CollectionCount(0);
        _allocatedAtStart = GC.GetAllocatedBytesForCurrentThread();
    }

    /// <summary>A cycle begins.</summary>
    /// <param name="lateness">Nanoseconds after its deadline.</param>
    public void Begin(long lateness)
    {
        _lateness.Record(lateness);
        Array.Clear(_durations);
        _durations[(int)LoopSection.Wait] = lateness;
        Current = LoopSection.Read;
        _mark = _time.GetTimestamp();
    }

    /// <summary>The current section ends and the next begins.</summary>
    public void Next(LoopSection next)
    {
        Close();
        Current = next;
    }

    /// <summary>Something was done that has a cadence of its own; the time since it was last done counts.</summary>
    public void Mark(LoopCadence cadence)
    {
        long now = _time.GetTimestamp();
        ref long last = ref _marks[(int)cadence];
        if (last != 0)
            _cadences[(int)cadence].Record((long)((now - last) * _nanosecondsPerTick));
        last = now;
    }

    /// <summary>A cycle acts on a measured state.</summary>
    /// <param name="age">Its age, ns.</param>
    /// <param name="period">Period of the loop, ns: an older state counts as aged.</param>
    public void StateAge(long age, long period)
    {
        _stateAge.Record(age);
        if (age > period)
            _agedStates++;
    }

    /// <summary>A command was sent that is ahead of the measured joints.</summary>
    /// <param name="share">Of the distance that the guard allows, the largest of all actuators; 0 where nothing limits it.</param>
    public void Following(double share) => _following.Record((long)(share * PerMille));

    /// <summary>The cycle ends.</summary>
    /// <param name="cycle">Its number.</param>
    /// <param name="overrun">Nanoseconds since the next cycle was due; not above 0 if it is not yet.</param>
    /// <returns>The longest section, which an overrun is blamed on.</returns>
    public LoopSection End(long cycle, long overrun)
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
        if (overrun > 0)
        {
            Overruns++;
            _blame[longest]++;
            _missed.Add(cycle, (LoopSection)longest, _durations[longest], overrun);
        }
        return (LoopSection)longest;
    }

    /// <summary>Cycles were left out after one that ended too late.</summary>
    /// <param name="cycle">The late one.</param>
    /// <param name="count">How many.</param>
    public void Skip(long cycle, long count)
    {
        Skipped += count;
        _missed.LeaveOut(cycle, Current, count);
    }

    /// <summary>Everything so far; call it on the control thread, whose allocations it counts.</summary>
    public LoopTimingReport Report()
    {
        long allocated = GC.GetAllocatedBytesForCurrentThread() - _allocatedAtStart;
        int collections = GC.CollectionCount(0) - _collectionsAtStart;
        var sections = new SectionReport[SectionCount];
        for (int i = 0; i < SectionCount; i++)
            sections[i] = new SectionReport((LoopSection)i, _sections[i].Summary(), _blame[i]);
        var cadences = new CadenceReport[CadenceCount];
        for (int i = 0; i < CadenceCount; i++)
            cadences[i] = new CadenceReport((LoopCadence)i, _cadences[i].Count, _cadences[i].Summary());
        return new LoopTimingReport(
            Cycles, Overruns, Skipped, _lateness.Summary(), sections, cadences, _missed.Report(), _stateAge.Summary(), _agedStates,
            _following.Percentile(0.99) / PerMille, allocated, collections);
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

/// <summary>The time from one occurrence to the next of something that has a cadence of its own.</summary>
/// <param name="Cadence">What.</param>
/// <param name="Count">Intervals counted.</param>
/// <param name="IntervalUs">Their length, microseconds.</param>
public sealed record CadenceReport(LoopCadence Cadence, long Count, LatencySummary IntervalUs);

/// <summary>Timing of a run from its first step to the end of the lift.</summary>
/// <param name="Cycles">Cycles run.</param>
/// <param name="Overruns">Cycles that ended after the next was due.</param>
/// <param name="Skipped">Cycles left out after a stall of more than a period.</param>
/// <param name="LatenessUs">From deadline to wake-up, microseconds.</param>
/// <param name="Sections">Per section, in the order of the cycle.</param>
/// <param name="Cadences">Commands, inference and recording, each by itself.</param>
/// <param name="Missed">The newest missed deadlines, oldest first.</param>
/// <param name="StateAgeUs">Age of the state that a cycle acts on, microseconds.</param>
/// <param name="AgedStates">Cycles whose state was older than a period.</param>
/// <param name="Following">Share of the guard's following distance that 99 % of the cycles stay within; 1 is all of it.</param>
/// <param name="AllocatedBytes">Managed bytes allocated on the control thread.</param>
/// <param name="GcCount">Garbage collections in the process.</param>
public sealed record LoopTimingReport(
    long Cycles,
    long Overruns,
    long Skipped,
    LatencySummary LatenessUs,
    IReadOnlyList<SectionReport> Sections,
    IReadOnlyList<CadenceReport> Cadences,
    IReadOnlyList<MissedDeadline> Missed,
    LatencySummary StateAgeUs,
    long AgedStates,
    double Following,
    long AllocatedBytes,
    int GcCount);
