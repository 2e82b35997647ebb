namespace Legato.Music;

/// <summary>Which note-on a note-off belongs to, when several notes of one pitch sound in a channel.</summary>
public enum NoteStartDetectionPolicy
{
    /// <summary>The earliest (DryWetMidi's default).</summary>
    FirstNoteOn,

    /// <summary>The latest.</summary>
    LastNoteOn,

    /// <summary>All that began at an earlier tick (pretty_midi's rule, and with it RoboPianist's).</summary>
    EveryNoteOn,
}

/// <summary>A note of a file, from its note-on to its note-off.</summary>
/// <param name="Track">Index of the track among the file's tracks.</param>
/// <param name="Channel">0..15.</param>
/// <param name="Program">The channel's program when the note ended.</param>
/// <param name="NoteNumber">0..127.</param>
/// <param name="Velocity">1..127.</param>
/// <param name="Start">Tick of the note-on.</param>
/// <param name="End">Tick of the note-off.</param>
public sealed record Note(int Track, byte Channel, byte Program, byte NoteNumber, byte Velocity, long Start, long End);

/// <summary>The notes of a file, and what did not pair up.</summary>
/// <param name="Notes">In order of track, then of their ends.</param>
/// <param name="Unfinished">Notes without note-off; they end where their track ends.</param>
/// <param name="StrayNoteOffs">How many note-offs had no note of any length to end.</param>
public sealed record NoteExtraction(IReadOnlyList<Note> Notes, IReadOnlyList<Note> Unfinished, int StrayNoteOffs)
{
    /// <summary>Pairs note-ons and note-offs, track by track.</summary>
    internal static NoteExtraction From(MidiFile file, NoteStartDetectionPolicy policy)
    {
        var notes = new List<Note>();
        var unfinished = new List<Note>();
        int stray = 0;
        foreach ((int index, TrackChunk track) in file.TrackChunks.Index())
        {
            var open = new Dictionary<(byte Channel, byte Number), LinkedList<(long Tick, byte Velocity)>>();
            var programs = new byte[16];
            long tick = 0;
            foreach (MidiEvent e in track.Events)
            {
                tick += e.DeltaTime;
                if (e is ProgramChangeEvent program)
                    programs[program.Channel] = program.ProgramNumber;
                if (e is not NoteEvent note)
                    continue;
                var key = (note.Channel, note.NoteNumber);
                if (note is NoteOnEvent { Velocity: > 0 })
                {
                    if (!open.TryGetValue(key, out var list))
                        open[key] = list = [];
                    list.AddLast((tick, note.Velocity));
                }
                else
                {
                    var ended = open.TryGetValue(key, out var list) ? TakeEnded(list, tick, policy) : [];
                    foreach ((long start, byte velocity) in ended)
                        notes.Add(new Note(index, note.Channel, programs[note.Channel], note.NoteNumber, velocity, start, tick));
                    stray += ended.Length == 0 ? 1 : 0;
                }
            }
            foreach (((byte channel, byte number), var list) in open)
            {
                foreach ((long start, byte velocity) in list)
                    unfinished.Add(new Note(index, channel, programs[channel], number, velocity, start, tick));
            }
        }
        return new NoteExtraction(notes, unfinished, stray);
    }

    private static (long Tick, byte Velocity)[] TakeEnded(
        LinkedList<(long Tick, byte Velocity)> open, long tick, NoteStartDetectionPolicy policy)
    {
        if (open.Count == 0)
            return [];
        if (policy == NoteStartDetectionPolicy.EveryNoteOn)
        {
            // A note that began at this very tick goes on if the note-off has an older one to end, else it had no length.
            var ended = open.Where(o => o.Tick != tick).ToArray();
            var kept = ended.Length > 0 ? open.Where(o => o.Tick == tick).ToArray() : [];
            open.Clear();
            foreach (var note in kept)
                open.AddLast(note);
            return ended;
        }
        var one = policy == NoteStartDetectionPolicy.FirstNoteOn ? open.First! : open.Last!;
        open.Remove(one);
        return [one.Value];
    }
}
