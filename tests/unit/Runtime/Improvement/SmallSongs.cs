using Legato.Music;

namespace Legato.Tests.Runtime.Improvement;

/// <summary>Songs of a second or two.</summary>
internal static class SmallSongs
{
    /// <summary>Writes notes one after the other, 400 ms each.</summary>
    /// <param name="path">The file.</param>
    /// <param name="notes">MIDI notes.</param>
    public static string Write(string path, params int[] notes)
    {
        // At 120 quarters per minute, MIDI's default, a tick is a millisecond.
        IEnumerable<MidiEvent> events = notes.SelectMany(n => (MidiEvent[])[new NoteOnEvent(0, (byte)n, 80), new NoteOffEvent(0, (byte)n, 64) { DeltaTime = 400 }]);
        new MidiFile(new TrackChunk(events)) { TimeDivision = new TicksPerQuarterNoteTimeDivision(500) }.Write(path, overwriteFile: true);
        return path;
    }
}
