using System.Security.Cryptography;

namespace Legato.Music;

/// <summary>A note to play.</summary>
/// <param name="Start">When the key goes down, seconds.</param>
/// <param name="End">When it comes up, seconds.</param>
/// <param name="Key">0..87 (MIDI note − 21).</param>
/// <param name="Velocity">1..127.</param>
/// <param name="Part">Finger: 0..4 right thumb to little finger, 5..9 left; 0 throughout where nothing is annotated.</param>
/// <param name="Instrument">Index into <see cref="Score.Instruments"/>.</param>
public readonly record struct ScoreNote(double Start, double End, int Key, int Velocity, int Part = 0, int Instrument = 0);

/// <summary>A movement of the sustain pedal (controller 64).</summary>
/// <param name="Time">Seconds.</param>
/// <param name="Value">0..127; down from 64.</param>
/// <param name="Instrument">Index into <see cref="Score.Instruments"/>.</param>
public readonly record struct SustainChange(double Time, int Value, int Instrument = 0);

/// <summary>A voice of the score: the notes of one program on one channel of one track.</summary>
/// <param name="Name">The track's name, or empty.</param>
/// <param name="Channel">0..15; 9 is percussion.</param>
public sealed record ScoreInstrument(string Name, int Channel);

/// <summary>What to do with a song while it is loaded.</summary>
/// <param name="Stretch">Factor on all times, above 0; more than 1 is slower.</param>
/// <param name="Transpose">Semitones up.</param>
/// <param name="TrimSilence">Cut the silence before the first and after the last note.</param>
public sealed record ScoreOptions(double Stretch = 1, int Transpose = 0, bool TrimSilence = true)
{
    /// <summary>The file as it is.</summary>
    public static ScoreOptions AsWritten { get; } = new(TrimSilence: false);
}

/// <summary>
/// A piece of music as keys, seconds and fingers, with the pedal. Immutable and thread-safe.
/// </summary>
/// <remarks>
/// Made from a MIDI file by the rules of note_seq and RoboPianist (both Apache-2.0), so that figures compare:
/// stretch, then transpose, then trim; notes in order of instrument, then of their ends.
/// </remarks>
public sealed record Score
{
    /// <summary>Pedal values from here on mean down.</summary>
    internal const int PedalDown = 64;

    /// <summary>Creates a score.</summary>
    /// <exception cref="ArgumentException">A key, velocity, part or time is out of range.</exception>
    public Score(string name, IEnumerable<ScoreNote> notes, IEnumerable<SustainChange>? sustain = null)
    {
        Name = name;
        Notes = [.. notes];
        Sustain = [.. sustain ?? []];
        foreach (ScoreNote n in Notes)
        {
            if (n.Key is < 0 or >= Keyboard.KeyCount || n.Velocity is < 1 or > 127 || n.Part is < 0 or > 9
                || !(n.Start >= 0) || !(n.End >= n.Start) || !double.IsFinite(n.End))
            {
                throw new ArgumentException($"{n}: expected key 0..87, velocity 1..127, part 0..9 and 0 <= start <= end.", nameof(notes));
            }
        }
    }

    /// <summary>Short name, for file names and reports.</summary>
    public string Name { get; init; }

    /// <summary>The title in the file, or the name.</summary>
    public string Title { get => field ?? Name; init; }

    /// <summary>Where the score was read from; null if it was made in memory.</summary>
    public string? SourcePath { get; init; }

    /// <summary>SHA-256 of the file, 64 lower-case hexadecimal digits; null if it was made in memory.</summary>
    public string? Sha256 { get; init; }

    /// <summary>The notes.</summary>
    public IReadOnlyList<ScoreNote> Notes { get; private init; }

    /// <summary>The pedal.</summary>
    public IReadOnlyList<SustainChange> Sustain { get; private init; }

    /// <summary>The voices that notes and pedal refer to. May be empty for scores made in memory.</summary>
    public IReadOnlyList<ScoreInstrument> Instruments { get; init; } = [];

    /// <summary>What was dropped or changed on the way from the file, one line each.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Seconds cut off at the start by <see cref="TrimSilence"/>.</summary>
    public double TrimmedStart { get; private init; }

    /// <summary>End of the last note to end, seconds.</summary>
    public double TotalTime => Notes.Select(n => n.End).DefaultIfEmpty(0).Max();

    /// <summary>True if fingers are annotated: more than one value among the parts, not all of them zero.</summary>
    public bool HasFingering => Notes.Select(n => n.Part).Distinct().Take(2).Count() > 1;

    /// <summary>Reads a score from a MIDI file.</summary>
    /// <exception cref="InputException">The file cannot be read or has no notes on the keyboard, or an option is out of range.</exception>
    public static Score Load(string path, ScoreOptions? options = null)
    {
        byte[] bytes = InputFile.ReadBytes(path, "a MIDI file");
        Score score = FromMidi(MidiFile.Read(bytes, path, settings: null), Path.GetFileNameWithoutExtension(path), options);
        if (score.Notes.Count == 0)
        {
            string dropped = score.Warnings.Count > 0 ? $" ({string.Join("; ", score.Warnings)})" : "";
            throw new InputException($"{path}: no notes on the piano's keys{dropped}; expected a MIDI file with notes 21..108");
        }
        return score with { SourcePath = path, Sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes)) };
    }

    /// <summary>Makes a score of a MIDI file in memory. It may turn out empty.</summary>
    /// <exception cref="InputException">An option is out of range.</exception>
    public static Score FromMidi(MidiFile file, string name, ScoreOptions? options = null)
    {
        options ??= new ScoreOptions();
        if (options.Transpose is < -127 or > 127)
            throw new InputException($"transpose {options.Transpose}: expected -127..127 semitones; 12 is an octave up");
        Score score = ScoreReader.Read(file, name, options.Transpose).Stretch(options.Stretch);
        return options.TrimSilence ? score.TrimSilence() : score;
    }

    /// <summary>The score with all times multiplied.</summary>
    /// <exception cref="InputException">The factor is not a positive number.</exception>
    public Score Stretch(double factor)
    {
        if (!(factor > 0) || !double.IsFinite(factor))
            throw new InputException(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"stretch {factor}: expected a factor above 0; 2 plays at half speed"));
        return this with
        {
            Notes = [.. Notes.Select(n => n with { Start = n.Start * factor, End = n.End * factor })],
            Sustain = [.. Sustain.Select(s => s with { Time = s.Time * factor })],
        };
    }

    /// <summary>The score some semitones higher. Notes that leave the keyboard are dropped, with a warning; percussion stays.</summary>
    public Score Transpose(int semitones)
    {
        ILookup<bool, ScoreNote> moved = Notes
            .Select(n => n with { Key = IsPercussion(n.Instrument) ? n.Key : n.Key + semitones })
            .ToLookup(n => n.Key is >= 0 and < Keyboard.KeyCount);
        return this with
        {
            Notes = [.. moved[true]],
            Warnings = !moved.Contains(false) ? Warnings
                : [.. Warnings, ScoreReader.OutsideKeyboard(moved[false].Select(n => n.Key + Keyboard.LowestNoteNumber))],
        };
    }

    /// <summary>The part from the start of the first listed note to the end of the last listed one, moved to time zero.</summary>
    /// <remarks>
    /// RoboPianist's rule. In files with several tracks the first listed note need not be the first to sound;
    /// what is lost in that case is in <see cref="Warnings"/>.
    /// </remarks>
    public Score TrimSilence()
    {
        if (Notes.Count == 0)
            return this;
        (double from, double to) = (Notes[0].Start, Notes[^1].End);
        if (from >= to)
            (from, to) = (Notes.Min(n => n.Start), TotalTime);
        var kept = Notes.Where(n => n.Start >= from && n.Start < to).OrderBy(n => n.Start)
            .Select(n => n with { Start = n.Start - from, End = Math.Min(n.End, to) - from }).ToList();
        int shortened = Notes.Count(n => n.Start >= from && n.Start < to && n.End > to);
        int lost = Notes.Count - kept.Count;
        return this with
        {
            Notes = kept,
            Sustain = [.. TrimSustain(from, to)],
            TrimmedStart = TrimmedStart + from,
            Warnings = lost + shortened == 0 ? Warnings
                : [.. Warnings, $"trimming silence dropped {lost} and shortened {shortened} notes of tracks that start before the first or end after the last; load it untrimmed to keep them"],
        };
    }

    /// <summary>The score some seconds earlier; what would lie before time zero is cut off.</summary>
    public Score Advance(double seconds)
    {
        double Earlier(double time) => Math.Max(0, time - seconds);
        return this with
        {
            Notes = [.. Notes.Where(n => n.End > seconds).Select(n => n with { Start = Earlier(n.Start), End = Earlier(n.End) })],
            Sustain = [.. Sustain.Select(s => s with { Time = Earlier(s.Time) })],
        };
    }

    /// <summary>The keys and the pedal as a perfect player would move them, in order of time; releases come before presses.</summary>
    public IReadOnlyList<TimedKeyEvent> ToKeyEvents() =>
    [
        .. Notes.SelectMany(n => new[] { new TimedKeyEvent(n.Start, n.Key, true), new TimedKeyEvent(n.End, n.Key, false) })
            .Concat(Sustain.Select(s => new TimedKeyEvent(s.Time, TimedKeyEvent.Pedal, s.Value >= PedalDown)))
            .OrderBy(e => e.Time).ThenBy(e => e.Down),
    ];

    // The pedal's position at the start is kept per instrument, in the order in which the instruments first moved it.
    private IEnumerable<SustainChange> TrimSustain(double from, double to)
    {
        var sorted = Sustain.OrderBy(s => s.Time).ToList();
        foreach (IGrouping<int, SustainChange> before in sorted.Where(s => s.Time <= from).GroupBy(s => s.Instrument))
            yield return before.Last() with { Time = 0 };
        foreach (SustainChange s in sorted.Where(s => s.Time > from && s.Time < to))
            yield return s with { Time = s.Time - from };
    }

    private bool IsPercussion(int instrument) => instrument < Instruments.Count && Instruments[instrument].Channel == ScoreReader.PercussionChannel;
}
