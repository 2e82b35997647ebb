namespace Legato.Music;

/// <summary>The piano's 88 keys: 0 is A0 (MIDI note 21), 87 is C8 (MIDI note 108). Stateless.</summary>
public static class Keyboard
{
    /// <summary>How many keys there are.</summary>
    public const int KeyCount = 88;

    /// <summary>MIDI note number of the lowest key.</summary>
    public const int LowestNoteNumber = 21;

    /// <summary>MIDI note number of the highest key.</summary>
    public const int HighestNoteNumber = 108;

    private static readonly string[] Names = ["C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B"];

    /// <summary>True if the piano has a key for this MIDI note number.</summary>
    public static bool Contains(int noteNumber) => noteNumber is >= LowestNoteNumber and <= HighestNoteNumber;

    /// <summary>The name of a MIDI note number, with sharps; 60 is C4.</summary>
    public static string NoteName(int noteNumber) => $"{Names[noteNumber % 12]}{(noteNumber / 12) - 1}";

    /// <summary>The name of a key 0..87.</summary>
    public static string KeyName(int key) => NoteName(key + LowestNoteNumber);
}
