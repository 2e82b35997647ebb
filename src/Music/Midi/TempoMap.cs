namespace Legato.Music;

/// <summary>
/// Ticks to seconds, exactly: sums of ticks × microseconds in integers, one division at the end.
/// </summary>
/// <remarks>
/// Tempo events of all tracks count, at the latest one of a tick; before the first, a quarter note lasts 0.5 s.
/// Immutable and thread-safe.
/// </remarks>
public sealed class TempoMap
{
    private readonly Segment[] _segments;
    private readonly Int128 _denominator;

    private TempoMap(Segment[] segments, Int128 denominator)
    {
        _segments = segments;
        _denominator = denominator;
    }

    /// <summary>The tempo changes of a file: tick and microseconds per quarter note. Empty under SMPTE time.</summary>
    public IReadOnlyList<(long Tick, int MicrosecondsPerQuarterNote)> TempoChanges { get; private init; } = [];

    /// <summary>Reads a file's tempo events.</summary>
    internal static TempoMap Create(MidiFile file)
    {
        if (file.TimeDivision is SmpteTimeDivision smpte)
        {
            // 29 stands for 30000/1001 frames per second, the rate of colour television.
            (int frames, int per) = smpte.Format == SmpteFormat.ThirtyDrop ? (30_000, 1001) : ((int)smpte.Format, 1);
            return new TempoMap([new Segment(0, 0, per)], (Int128)frames * smpte.Resolution);
        }
        var changes = TempoEvents(file).OrderBy(c => c.Tick).ToArray();
        var segments = new List<Segment> { new(0, 0, SetTempoEvent.DefaultMicrosecondsPerQuarterNote) };
        foreach ((long tick, int tempo) in changes)
        {
            Segment last = segments[^1];
            var next = new Segment(tick, last.Start + ((Int128)(tick - last.Tick) * last.Factor), tempo);
            if (tick == last.Tick)
                segments[^1] = next;
            else
                segments.Add(next);
        }
        int ticksPerQuarterNote = ((TicksPerQuarterNoteTimeDivision)file.TimeDivision).TicksPerQuarterNote;
        return new TempoMap([.. segments], (Int128)ticksPerQuarterNote * 1_000_000)
        {
            TempoChanges = [.. segments.Select(s => (s.Tick, s.Factor))],
        };
    }

    /// <summary>The time of a tick as a fraction of whole numbers, in seconds.</summary>
    public (Int128 Numerator, Int128 Denominator) ExactSecondsAt(long tick)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(tick);
        int i = _segments.Length - 1;
        if (tick < _segments[i].Tick)
        {
            i = Array.BinarySearch(_segments, new Segment(tick, 0, 0));
            i = i >= 0 ? i : ~i - 1;
        }
        Segment s = _segments[i];
        return (s.Start + ((Int128)(tick - s.Tick) * s.Factor), _denominator);
    }

    /// <summary>The time of a tick in seconds. The double nearest to the exact time, for files of up to a thousand hours.</summary>
    public double SecondsAt(long tick)
    {
        (Int128 numerator, Int128 denominator) = ExactSecondsAt(tick);
        return (double)numerator / (double)denominator;
    }

    private static IEnumerable<(long Tick, int Tempo)> TempoEvents(MidiFile file)
    {
        foreach (TrackChunk track in file.TrackChunks)
        {
            long tick = 0;
            foreach (MidiEvent e in track.Events)
            {
                tick += e.DeltaTime;
                if (e is SetTempoEvent tempo)
                    yield return (tick, tempo.MicrosecondsPerQuarterNote);
            }
        }
    }

    // From Tick on a tick lasts Factor/denominator seconds; Start is the time of Tick in units of 1/denominator.
    private readonly record struct Segment(long Tick, Int128 Start, int Factor) : IComparable<Segment>
    {
        public int CompareTo(Segment other) => Tick.CompareTo(other.Tick);
    }
}
