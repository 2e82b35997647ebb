using System.Globalization;

namespace Legato.Music;

/// <summary>Reads the bars of one voice of a transcription, token by token. Used once.</summary>
internal sealed class TranscribedVoice(string file, string name, TranscriptionHeader header)
{
    private readonly List<TranscribedNote> _notes = [];
    private readonly List<TranscribedNote> _tied = [];
    private Duration _duration = Duration.Of(1, 4)!.Value;
    private Duration _barStart;
    private int _bar = header.Pickup.Units > 0 ? 0 : 1;
    private int _line;

    /// <summary>Which hand plays it; the name of its track.</summary>
    public string Name => name;

    /// <summary>The notes so far, in order of their ends.</summary>
    public IReadOnlyList<TranscribedNote> Notes => _notes;

    /// <summary>Length so far.</summary>
    public Duration Length { get; private set; }

    /// <summary>Adds a line of music.</summary>
    public void AddLine(string text, int line)
    {
        _line = line;
        foreach (string token in text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            if (token == "|")
                EndBar();
            else
                AddToken(token);
        }
    }

    /// <summary>Closes the voice. The last bar may be short, by the pickup for example.</summary>
    public void Finish()
    {
        if (_tied.Count > 0)
            throw Error($"a tie from {Keyboard.NoteName(_tied[0].NoteNumber)} leads nowhere", "end it with the same note");
        if (Length.Units - _barStart.Units > header.Bar.Units)
            throw Error($"the bar is {new Duration(Length.Units - _barStart.Units)} long", $"the meter has {header.Bar}");
    }

    private void EndBar()
    {
        // A bar line before the first note, and one after the last, may stand for looks.
        if (Length == _barStart && Length.Units == 0)
            return;
        var length = new Duration(Length.Units - _barStart.Units);
        Duration expected = _bar == 0 ? header.Pickup : header.Bar;
        if (length != expected)
            throw Error($"the bar is {length} long", $"expected {expected}");
        _barStart = Length;
        _bar++;
    }

    private void AddToken(string token)
    {
        string rest = token;
        bool tie = rest.EndsWith('~');
        rest = rest.TrimEnd('~');
        if (rest.IndexOf(':') is >= 0 and var colon)
        {
            _duration = ParseDuration(rest[(colon + 1)..]) ?? throw Error($"'{token}' has no duration", "write :1 :2 :4 :8 :16 :32, with a dot or a t for triplets, such as c4:8.");
            rest = rest[..colon];
        }
        Duration end = Length + _duration;
        if (rest != "r")
        {
            foreach (string pitch in rest.Split('+'))
                AddNote(ParsePitch(pitch) ?? throw Error($"'{token}' is no note", "write c4, f#4, bb3, chords as c4+e4, rests as r"), end, tie);
        }
        if (_tied.Find(t => t.End == Length) is { NoteNumber: > 0 } open)
            throw Error($"the tie from {Keyboard.NoteName(open.NoteNumber)} does not reach the same note", "repeat it or drop the tie");
        Length = end;
    }

    private void AddNote(byte number, Duration end, bool tie)
    {
        int before = _tied.FindIndex(t => t.NoteNumber == number && t.End == Length);
        Duration start = before >= 0 ? _tied[before].Start : Length;
        if (before >= 0)
            _tied.RemoveAt(before);
        (tie ? _tied : _notes).Add(new TranscribedNote(number, start, end));
    }

    private static Duration? ParseDuration(string text)
    {
        string digits = text.TrimEnd('.', 't');
        if (!int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int denominator) || denominator is not (1 or 2 or 4 or 8 or 16 or 32))
            return null;
        return text[digits.Length..] switch
        {
            "" => Duration.Of(1, denominator),
            "." => Duration.Of(3, 2 * denominator),
            ".." => Duration.Of(7, 4 * denominator),
            "t" => Duration.Of(2, 3 * denominator),
            _ => null,
        };
    }

    private static byte? ParsePitch(string text)
    {
        if (text.Length is < 2 or > 3 || !char.IsAsciiDigit(text[^1]))
            return null;
        int step = text[0] switch { 'c' => 0, 'd' => 2, 'e' => 4, 'f' => 5, 'g' => 7, 'a' => 9, 'b' => 11, _ => -1 };
        int accidental = text.Length == 2 ? 0 : text[1] switch { '#' => 1, 'b' => -1, _ => 100 };
        int number = (12 * (text[^1] - '0' + 1)) + step + accidental;
        return step >= 0 && accidental != 100 && Keyboard.Contains(number) ? (byte)number : null;
    }

    private InputException Error(string problem, string advice) =>
        new($"{file}, line {_line}, voice '{name}', bar {_bar}: {problem}; {advice}");
}
