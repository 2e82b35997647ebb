using System.Globalization;
using System.Text;

namespace Legato.Music;

/// <summary>A note with a pianist's finger.</summary>
/// <param name="Onset">When the key goes down, seconds.</param>
/// <param name="Offset">When it comes up, seconds.</param>
/// <param name="Key">0..87 (MIDI note − 21).</param>
/// <param name="OnsetVelocity">0..127.</param>
/// <param name="OffsetVelocity">0..127.</param>
/// <param name="Channel">0 right hand, 1 left hand, as the score is written.</param>
/// <param name="Finger">1..5 right thumb to little finger, −1..−5 left thumb to little finger.</param>
public readonly record struct PigNote(double Onset, double Offset, int Key, int OnsetVelocity, int OffsetVelocity, int Channel, int Finger)
{
    /// <summary>The finger as a <see cref="ScoreNote.Part"/>: 0..4 right thumb to little finger, 5..9 left.</summary>
    public int Part => Finger > 0 ? Finger - 1 : 4 - Finger;

    /// <summary>A note for a finger given as a <see cref="ScoreNote.Part"/>, at middling velocity.</summary>
    public static PigNote ForPart(double onset, double offset, int key, int part) =>
        new(onset, offset, key, 64, 64, part < 5 ? 0 : 1, part < 5 ? part + 1 : 4 - part);
}

/// <summary>
/// Fingering files of the PIG dataset: one note per line with tab-separated columns number, onset, offset, pitch, onset velocity,
/// offset velocity, channel, finger. Lines that start with <c>//</c> are comments.
/// </summary>
/// <remarks>
/// Format: Nakamura, Saito and Yoshii, "Statistical learning and estimation of piano fingering", 2020. Of a substitution
/// (<c>1_2</c>) the first finger counts. Stateless and thread-safe.
/// </remarks>
public static class PigFile
{
    private const int Columns = 8;
    private const string Steps = "C D EF G A B";
    private static readonly string[] Accidentals = ["bb", "b", "", "#", "##"];

    /// <summary>Reads a file.</summary>
    /// <exception cref="InputException">The file cannot be read, has no notes, or a line is not in the format.</exception>
    public static IReadOnlyList<PigNote> Read(string path) => Parse(InputFile.ReadText(path, "a fingering file of the PIG dataset"), path);

    /// <summary>Reads a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="name">Where it comes from, for messages.</param>
    /// <exception cref="InputException">There are no notes, or a line is not in the format.</exception>
    public static IReadOnlyList<PigNote> Parse(string text, string name)
    {
        var notes = new List<PigNote>();
        foreach ((int index, string raw) in text.Split('\n').Index())
        {
            string line = raw.TrimEnd('\r', ' ', '\t');
            if (line.Length > 0 && !line.StartsWith("//", StringComparison.Ordinal))
                notes.Add(ParseLine(line.Split('\t'), $"{name}:{index + 1}"));
        }
        return notes.Count > 0 ? notes : throw new InputException($"{name}: no notes; expected lines of {Columns} tab-separated columns as in the PIG dataset");
    }

    /// <summary>Writes a file.</summary>
    /// <exception cref="IOException">The disk refuses; an old file stays as it is.</exception>
    public static void Write(string path, IEnumerable<PigNote> notes) => AtomicFile.Write(path, Format(notes));

    /// <summary>The text of a file; black keys are spelled with sharps.</summary>
    public static string Format(IEnumerable<PigNote> notes)
    {
        var text = new StringBuilder("//Version: PianoFingering_v170101\n");
        foreach ((int index, PigNote n) in notes.OrderBy(n => n.Onset).ThenBy(n => n.Key).Index())
        {
            text.Append(CultureInfo.InvariantCulture,
                $"{index}\t{n.Onset:0.######}\t{n.Offset:0.######}\t{Keyboard.KeyName(n.Key)}\t{n.OnsetVelocity}\t{n.OffsetVelocity}\t{n.Channel}\t{n.Finger}\n");
        }
        return text.ToString();
    }

    private static PigNote ParseLine(string[] columns, string where)
    {
        if (columns.Length != Columns)
            throw new InputException($"{where}: {columns.Length} columns; expected {Columns}, tab-separated: number, onset, offset, pitch, onset velocity, offset velocity, channel, finger");
        Whole(columns[0], "note number", 0, int.MaxValue, where);
        double onset = Seconds(columns[1], "onset", where), offset = Seconds(columns[2], "offset", where);
        if (offset < onset)
            throw new InputException($"{where}: offset {columns[2]} before onset {columns[1]}; expected it after");
        return new PigNote(
            onset,
            offset,
            KeyOf(columns[3], where),
            Whole(columns[4], "onset velocity", 0, 127, where),
            Whole(columns[5], "offset velocity", 0, 127, where),
            Whole(columns[6], "channel", 0, 1, where),
            FingerOf(columns[7], where));
    }

    private static double Seconds(string text, string what, string where) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && value is >= 0 and <= NoteTrajectory.MaxDuration
            ? value
            : throw new InputException($"{where}: {what} '{text}'; expected seconds, 0 or more");

    private static int Whole(string text, string what, int low, int high, string where) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value) && value >= low && value <= high
            ? value
            : throw new InputException($"{where}: {what} '{text}'; expected a whole number {low}..{high}");

    // A letter, accidentals, an octave; C4 is middle C.
    private static int KeyOf(string text, string where)
    {
        int digits = text.Length - 1;
        int step = text.Length > 1 && text[0] != ' ' ? Steps.IndexOf(text[0], StringComparison.Ordinal) : -1;
        int accidental = step < 0 ? -1 : Array.IndexOf(Accidentals, text[1..digits]);
        int key = step >= 0 && accidental >= 0 && char.IsAsciiDigit(text[digits])
            ? (12 * (text[digits] - '0' + 1)) + step + accidental - (Accidentals.Length / 2) - Keyboard.LowestNoteNumber
            : -1;
        return key is >= 0 and < Keyboard.KeyCount ? key : throw new InputException($"{where}: pitch '{text}'; expected a note of the piano such as C4, F#3 or Bb5 (A0..C8)");
    }

    private static int FingerOf(string text, string where)
    {
        string first = text.Split('_')[0];
        return int.TryParse(first, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int finger) && Math.Abs(finger) is >= 1 and <= 5
            ? finger
            : throw new InputException($"{where}: finger '{text}'; expected 1..5 for the right hand or -1..-5 for the left (1_2 for a substitution)");
    }
}
