using Legato.Music;
using Legato.Policy.Bundles;
using Legato.Policy.Planning;
using Legato.Runtime.Cli;
using Legato.Runtime.Experiments;

namespace Legato.Runtime.Hil;

/// <summary>A piece with its plan.</summary>
/// <param name="Song">The piece.</param>
/// <param name="Bundle">Its plan.</param>
/// <param name="Folder">The plan's folder.</param>
internal sealed record PlannedPiece(PlayableSong Song, PolicyBundle Bundle, string Folder);

/// <summary>Makes the pieces of scenarios: a MIDI file and a plan each, planned once.</summary>
/// <param name="library">Songs that go by name.</param>
/// <param name="folder">Receives the MIDI files.</param>
/// <param name="policies">Folder of all bundles, where plans are kept from call to call.</param>
/// <param name="options">How to plan.</param>
/// <param name="progress">Makes the line that tells of planning a piece.</param>
internal sealed class Pieces(SongLibrary library, string folder, string policies, PlannerOptions options, Func<string, PlanningLine> progress)
{
    // At 120 quarters per minute, MIDI's default, a tick is a millisecond.
    private const short TicksPerQuarter = 500;
    private const byte Loudness = 80;

    private readonly Dictionary<string, PlannedPiece> _made = new(StringComparer.Ordinal);

    /// <summary>The piece, planned for a robot.</summary>
    /// <exception cref="InputException">There is no such song, or nothing of it can be played.</exception>
    public PlannedPiece Make(ScenarioPiece piece, RobotSetup setup, CancellationToken cancellation)
    {
        if (_made.TryGetValue(piece.Name, out PlannedPiece? made))
            return made;
        Directory.CreateDirectory(folder);
        string file = Path.Combine(folder, piece.Name + ".mid");
        ToMidi(NotesOf(piece)).Write(file, overwriteFile: true);
        var song = PlayableSong.Load(library, file);
        using PlanningLine line = progress($"planning {piece.Name}");
        (PolicyBundle bundle, string where) = NominalPolicy.FindOrPlan(
            setup.Scene, song, setup.Parameters.Hash, policies, options with { Limits = setup.PlanningLimits }, line, cancellation);
        return _made[piece.Name] = new PlannedPiece(song, bundle, where);
    }

    private IReadOnlyList<ScoreNote> NotesOf(ScenarioPiece piece)
    {
        if (piece.Song is null)
            return [.. piece.Notes.Select(note => new ScoreNote(0, piece.Seconds, note - Keyboard.LowestNoteNumber, Loudness))];
        Score score = PlayableSong.Load(library, piece.Song).Score;
        return [.. score.Notes.Where(n => n.Start < piece.Seconds).Select(n => n with { End = Math.Min(n.End, piece.Seconds) })];
    }

    private static MidiFile ToMidi(IReadOnlyList<ScoreNote> notes)
    {
        IEnumerable<(long Time, ChannelEvent Event)> offs = notes.Select(n => (Ticks(n.End), (ChannelEvent)new NoteOffEvent(0, Pitch(n), Loudness)));
        IEnumerable<(long Time, ChannelEvent Event)> ons = notes.Select(n => (Ticks(n.Start), (ChannelEvent)new NoteOnEvent(0, Pitch(n), Loudness)));
        var events = new List<MidiEvent>();
        long last = 0;
        // A key that is struck again comes up first.
        foreach ((long time, ChannelEvent each) in offs.Concat(ons).OrderBy(e => e.Time))
        {
            events.Add(each with { DeltaTime = time - last });
            last = time;
        }
        return new MidiFile(new TrackChunk(events)) { TimeDivision = new TicksPerQuarterNoteTimeDivision(TicksPerQuarter) };
    }

    private static long Ticks(double seconds) => (long)Math.Round(seconds * 2 * TicksPerQuarter);

    private static byte Pitch(ScoreNote note) => (byte)(note.Key + Keyboard.LowestNoteNumber);
}
