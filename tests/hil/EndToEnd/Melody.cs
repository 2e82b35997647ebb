using Legato.Music;

namespace Legato.Tests.EndToEnd;

/// <summary>Songs made for a test.</summary>
internal static class Melody
{
    /// <summary>Middle C upwards to G, half a second each.</summary>
    public static IReadOnlyList<int> FiveNotes { get; } = [60, 62, 64, 65, 67];

    /// <summary>Writes notes of half a second each, one after the other, and returns the path.</summary>
    public static string Write(string path, params IEnumerable<int> noteNumbers) => Write(path, TimeSpan.Zero, noteNumbers);

    /// <summary>The same with a silence before the last note.</summary>
    public static string Write(string path, TimeSpan silence, params IEnumerable<int> noteNumbers)
    {
        // At 120 quarters per minute, MIDI's default, a tick is a millisecond.
        const short ticksPerQuarter = 500;
        byte[] notes = [.. noteNumbers.Select(number => (byte)number)];
        var track = new TrackChunk(notes.Index().SelectMany(note => new MidiEvent[]
        {
            new NoteOnEvent(0, note.Item, 80) { DeltaTime = note.Index == notes.Length - 1 ? (long)silence.TotalMilliseconds : 0 },
            new NoteOffEvent(0, note.Item, 64) { DeltaTime = ticksPerQuarter },
        }));
        new MidiFile(track) { TimeDivision = new TicksPerQuarterNoteTimeDivision(ticksPerQuarter) }.Write(path);
        return path;
    }
}
