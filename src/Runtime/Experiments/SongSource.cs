using Legato.Music;

namespace Legato.Runtime.Experiments;

/// <summary>A song as it is to be played: at a tempo, cut into control steps.</summary>
/// <param name="Name">Name in the library, or the file's.</param>
/// <param name="Path">The MIDI file.</param>
/// <param name="Score">The notes at the asked tempo.</param>
/// <param name="Trajectory">The same in control steps of 50 ms.</param>
public sealed record PlayableSong(string Name, string Path, Score Score, NoteTrajectory Trajectory)
{
    /// <summary>Loads a song by name or path.</summary>
    /// <param name="library">Songs that go by name.</param>
    /// <param name="song">Name or path.</param>
    /// <param name="tempo">1 is as written, 0.5 half as fast.</param>
    /// <exception cref="InputException">There is no such song, the file is damaged, or it has no note on the keyboard.</exception>
    public static PlayableSong Load(SongLibrary library, string song, double tempo = 1)
    {
        if (!(tempo is >= 0.1 and <= 2))
            throw new InputException(FormattableString.Invariant($"--tempo {tempo}: must be 0.1..2 (1 is as written)"));
        string path = library.Resolve(song);
        Score score = Score.Load(path, new ScoreOptions(Stretch: 1 / tempo));
        if (score.Notes.Count == 0)
            throw new InputException($"{path}: has no note on an 88-key keyboard; nothing to play");
        return new PlayableSong(System.IO.Path.GetFileNameWithoutExtension(path), path, score, NoteTrajectory.FromScore(score));
    }

    /// <summary>The score of a performance against what a robot is asked for: repeated notes begin one step late in RoboPianist's trajectory.</summary>
    /// <param name="events">Keys that sounded, in seconds of the song.</param>
    public PerformanceScore Judge(IReadOnlyList<TimedKeyEvent> events)
    {
        KeyRoll truth = Trajectory.ToKeyRoll();
        return PerformanceScore.Of(
            StepMetrics.Compare(truth, KeyRoll.FromEvents(events, truth.Count)),
            OnsetMetrics.Match(truth.Onsets(), events.Where(e => e.Down).Select(e => new Onset(e.Time, e.Key))));
    }
}
