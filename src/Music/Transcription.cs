using System.Globalization;

namespace Legato.Music;

/// <summary>
/// A score typed in as text, compiled to a MIDI file. The notation is described in <c>songs/src/README.md</c>.
/// </summary>
/// <remarks>
/// The compiler checks what a typesetter would: every bar has the length of the meter, all voices end together,
/// ties join equal pitches. The same text always gives the same bytes. Immutable and thread-safe.
/// </remarks>
public sealed class Transcription
{
    internal const string SourcePrefix = "Source: ";

    private const short TicksPerQuarterNote = 480;
    private const byte Velocity = 80;

    private readonly TranscriptionHeader _header;
    private readonly IReadOnlyList<TranscribedVoice> _voices;

    private Transcription(TranscriptionHeader header, IReadOnlyList<TranscribedVoice> voices)
    {
        _header = header;
        _voices = voices;
    }

    /// <summary>Title of the piece.</summary>
    public string Title => _header.Title;

    /// <summary>Where the music comes from.</summary>
    public string Source => _header.Source;

    /// <summary>Reads a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="name">Where it comes from, for messages.</param>
    /// <exception cref="InputException">The text is not in the notation, or a bar or voice has the wrong length.</exception>
    public static Transcription Parse(string text, string name)
    {
        var header = new TranscriptionHeader(name);
        var voices = new List<TranscribedVoice>();
        foreach ((int index, string raw) in text.ReplaceLineEndings("\n").Split('\n').Index())
        {
            string line = raw.Trim();
            int number = index + 1;
            if (line.Length == 0 || line[0] == '#')
                continue;
            int colon = line.IndexOf(": ", StringComparison.Ordinal);
            bool isField = colon > 0 && line[..colon].All(char.IsAsciiLetterLower);
            if (isField && line[..colon] == "voice")
                voices.Add(new TranscribedVoice(name, line[(colon + 1)..].Trim(), header));
            else if (isField && voices.Count == 0)
                header.Set(line[..colon], line[(colon + 1)..].Trim(), number);
            else if (voices.Count > 0)
                voices[^1].AddLine(line, number);
            else
                throw new InputException($"{name}, line {number}: '{line}'; expected a field such as 'title: ...' before the first 'voice: ...'");
        }
        if (voices.Count == 0)
            throw new InputException($"{name}: no music; expected 'voice: Right hand' and bars after it");
        foreach (TranscribedVoice voice in voices)
        {
            voice.Finish();
            if (voice.Length != voices[0].Length)
                throw new InputException($"{name}: voice '{voice.Name}' is {voice.Length} long, '{voices[0].Name}' {voices[0].Length}; make them end together");
        }
        return new Transcription(header, voices);
    }

    /// <summary>Reads a text file.</summary>
    /// <exception cref="InputException">The file cannot be read, or is not in the notation.</exception>
    public static Transcription Load(string path) => Parse(InputFile.ReadText(path, "a transcription"), path);

    /// <summary>The piece as a MIDI file: a track with title, source, meter and tempo, then one track per voice.</summary>
    public MidiFile ToMidiFile()
    {
        var conductor = new TrackChunk(
            new SequenceTrackNameEvent(_header.Title),
            new CopyrightNoticeEvent("Public domain"),
            new TextEvent(SourcePrefix + _header.Source),
            new TimeSignatureEvent((byte)_header.Beats, (byte)_header.BeatUnit),
            new KeySignatureEvent((sbyte)_header.Sharps, (byte)(_header.IsMinor ? 1 : 0)),
            new SetTempoEvent((int)Math.Round(60e6 / _header.Tempo)));
        return new MidiFile([conductor, .. _voices.Select((voice, i) => Track(voice, (byte)i))])
        {
            TimeDivision = new TicksPerQuarterNoteTimeDivision(TicksPerQuarterNote),
        };
    }

    private static TrackChunk Track(TranscribedVoice voice, byte channel)
    {
        var events = new List<(long Tick, MidiEvent Event)>();
        foreach (TranscribedNote note in voice.Notes)
        {
            events.Add((Ticks(note.Start), new NoteOnEvent(channel, note.NoteNumber, Velocity)));
            events.Add((Ticks(note.End), new NoteOffEvent(channel, note.NoteNumber, 0)));
        }
        var track = new TrackChunk(new SequenceTrackNameEvent(voice.Name), new ProgramChangeEvent(channel, 0));
        long last = 0;
        // Releases come first, so that a repeated note ends before it begins again.
        foreach ((long tick, MidiEvent e) in events.OrderBy(e => e.Tick).ThenBy(e => e.Event is NoteOnEvent))
        {
            track.Events.Add(e with { DeltaTime = tick - last });
            last = tick;
        }
        return track;
    }

    private static long Ticks(Duration time) => time.ToTicks(4L * TicksPerQuarterNote);
}

/// <summary>A length of musical time in 1/192 whole notes: short enough for triplets of 64ths.</summary>
internal readonly record struct Duration(int Units)
{
    private const int UnitsPerWholeNote = 192;

    public static Duration operator +(Duration a, Duration b) => new(a.Units + b.Units);

    /// <summary>A fraction of a whole note, or null if it is too fine.</summary>
    public static Duration? Of(int numerator, int denominator) =>
        denominator > 0 && (long)UnitsPerWholeNote * numerator % denominator == 0
            ? new Duration((int)((long)UnitsPerWholeNote * numerator / denominator))
            : null;

    public long ToTicks(long ticksPerWholeNote) => Units * ticksPerWholeNote / UnitsPerWholeNote;

    public override string ToString()
    {
        int divisor = (int)System.Numerics.BigInteger.GreatestCommonDivisor(Units, UnitsPerWholeNote);
        return string.Create(CultureInfo.InvariantCulture, $"{Units / divisor}/{UnitsPerWholeNote / divisor}");
    }
}

/// <summary>A note of a voice, its ties joined.</summary>
internal readonly record struct TranscribedNote(byte NoteNumber, Duration Start, Duration End);

/// <summary>The fields before the first voice.</summary>
internal sealed class TranscriptionHeader(string name)
{
    private const string Fields = "title, source, meter, tempo, key, pickup";

    public string Title { get; private set; } = "";

    public string Source { get; private set; } = "";

    public int Beats { get; private set; } = 4;

    public int BeatUnit { get; private set; } = 4;

    public double Tempo { get; private set; } = 120;

    public int Sharps { get; private set; }

    public bool IsMinor { get; private set; }

    public Duration Bar { get; private set; } = Duration.Of(4, 4)!.Value;

    public Duration Pickup { get; private set; }

    public void Set(string field, string value, int line)
    {
        switch (field)
        {
            case "title":
                Title = value;
                break;
            case "source":
                Source = value;
                break;
            case "meter" when Fraction(value) is ( >= 1 and <= 255, 1 or 2 or 4 or 8 or 16) and var (beats, unit):
                (Beats, BeatUnit, Bar) = (beats, unit, Duration.Of(beats, unit)!.Value);
                break;
            case "pickup" when Fraction(value) is var (beats, unit) && Duration.Of(beats, unit) is { } pickup && pickup.Units < Bar.Units:
                Pickup = pickup;
                break;
            case "tempo" when double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double tempo) && tempo is >= 4 and <= 1000:
                Tempo = tempo;
                break;
            case "key" when Signature(value) is var (sharps, isMinor):
                (Sharps, IsMinor) = (sharps, isMinor);
                break;
            default:
                throw new InputException($"{name}, line {line}: '{field}: {value}'; expected one of {Fields}, such as 'meter: 3/4', 'tempo: 120' (quarter notes per minute), 'key: Bb major', 'pickup: 1/8'");
        }
    }

    private static (int, int)? Fraction(string value) => value.Split('/') is [var a, var b]
        && int.TryParse(a, NumberStyles.None, CultureInfo.InvariantCulture, out int numerator)
        && int.TryParse(b, NumberStyles.None, CultureInfo.InvariantCulture, out int denominator)
            ? (numerator, denominator)
            : null;

    // Sharps along the circle of fifths, flats negative.
    private static (int Sharps, bool IsMinor)? Signature(string value)
    {
        if (value.Split(' ') is not [{ Length: 1 or 2 } tonic, "major" or "minor"] || !"FCGDAEB".Contains(tonic[0], StringComparison.Ordinal))
            return null;
        bool isMinor = value.EndsWith("minor", StringComparison.Ordinal);
        int accidental = tonic.Length == 1 ? 0 : tonic[1] switch { '#' => 7, 'b' => -7, _ => 100 };
        int sharps = "FCGDAEB".IndexOf(tonic[0], StringComparison.Ordinal) - 1 + accidental - (isMinor ? 3 : 0);
        return sharps is >= -7 and <= 7 ? (sharps, isMinor) : null;
    }
}
