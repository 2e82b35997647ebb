using System.Text.Json;
using System.Text.Json.Serialization;

namespace Legato.Music;

/// <summary>Timing errors of matched onsets in milliseconds; null without matches.</summary>
/// <param name="Median">Median of the absolute error.</param>
/// <param name="P95">95th percentile of the absolute error.</param>
/// <param name="Mean">Mean of the signed error; positive is late.</param>
public sealed record OnsetError(
    [property: JsonPropertyName("median")] double? Median,
    [property: JsonPropertyName("p95")] double? P95,
    [property: JsonPropertyName("mean")] double? Mean);

/// <summary>All figures of one performance, with the names they have in every report.</summary>
/// <param name="Precision">Mean over control steps of the precision over 88 keys.</param>
/// <param name="Recall">Mean over control steps of the recall.</param>
/// <param name="F1">Mean over control steps of the F1: RoboPianist's metric.</param>
/// <param name="F1Silent">The F1 of pressing nothing at all.</param>
/// <param name="F1Micro">F1 from the counts of all steps together.</param>
/// <param name="OnsetF1">F1 of note beginnings within ±50 ms.</param>
/// <param name="OnsetErrorMs">Timing of the beginnings that were met.</param>
/// <param name="SustainF1">Mean over control steps of the pedal's F1.</param>
/// <param name="Notes">How many note beginnings the song has.</param>
/// <param name="Steps">How many control steps the song has.</param>
public sealed record PerformanceScore(
    [property: JsonPropertyName("precision")] double Precision,
    [property: JsonPropertyName("recall")] double Recall,
    [property: JsonPropertyName("f1")] double F1,
    [property: JsonPropertyName("f1_silent")] double F1Silent,
    [property: JsonPropertyName("f1_micro")] double F1Micro,
    [property: JsonPropertyName("onset_f1")] double OnsetF1,
    [property: JsonPropertyName("onset_error_ms")] OnsetError OnsetErrorMs,
    [property: JsonPropertyName("sustain_f1")] double SustainF1,
    [property: JsonPropertyName("notes")] int Notes,
    [property: JsonPropertyName("steps")] int Steps)
{
    private const double MillisecondsPerSecond = 1000;

    /// <summary>Scores what a keyboard reported: the key state at the end of each control step, onsets by their own times.</summary>
    /// <param name="song">The score that was to be played.</param>
    /// <param name="events">Keys and pedal in seconds of the song.</param>
    /// <param name="dt">Control period, seconds.</param>
    /// <exception cref="InputException">The song is too long.</exception>
    public static PerformanceScore OfEvents(Score song, IEnumerable<TimedKeyEvent> events, double dt = NoteTrajectory.DefaultTimeStep)
    {
        TimedKeyEvent[] all = [.. events];
        KeyRoll truth = NoteTrajectory.FromScore(song, dt).ToKeyRoll();
        return Of(StepMetrics.Compare(truth, KeyRoll.FromEvents(all, truth.Count, dt)),
            OnsetMetrics.Match(Onsets(song), all.Where(e => e.Down && e.Key >= 0).Select(e => new Onset(e.Time, e.Key))));
    }

    /// <summary>
    /// Scores a performance that is itself a score, for example a MIDI file: both go through the same conversion to
    /// control steps, so that a song played exactly as written has 1 in every figure.
    /// </summary>
    /// <param name="song">The score that was to be played.</param>
    /// <param name="performance">What was played, untrimmed (<see cref="ScoreOptions.AsWritten"/>).</param>
    /// <param name="dt">Control period, seconds.</param>
    /// <remarks>
    /// A recording starts either where the song's file does or where its first note does, if silence was trimmed;
    /// of the two the one that meets more onsets is taken.
    /// </remarks>
    /// <exception cref="InputException">The song or the performance is too long.</exception>
    public static PerformanceScore OfScore(Score song, Score performance, double dt = NoteTrajectory.DefaultTimeStep)
    {
        (double shift, OnsetMetrics onsets) = new[] { 0, song.TrimmedStart }.Distinct()
            .Select(s => (Shift: s, Onsets: OnsetMetrics.Match(Onsets(song), Onsets(performance.Advance(s)))))
            .MaxBy(c => c.Onsets.Matches.Count);
        KeyRoll truth = NoteTrajectory.FromScore(song, dt).ToKeyRoll();
        KeyRoll played = NoteTrajectory.FromScore(performance.Advance(shift), dt).ToKeyRoll().Resize(truth.Count);
        return Of(StepMetrics.Compare(truth, played), onsets);
    }

    /// <summary>Scores a MIDI file of a performance, which may be silent; see <see cref="OfScore"/>.</summary>
    /// <exception cref="InputException">The file cannot be read, or the song or the performance is too long.</exception>
    public static PerformanceScore OfMidiFile(Score song, string path, double dt = NoteTrajectory.DefaultTimeStep) =>
        OfScore(song, Score.FromMidi(MidiFile.Read(path), Path.GetFileName(path), ScoreOptions.AsWritten), dt);

    /// <summary>Scores rolls; onsets are where a key appears, on the grid of steps.</summary>
    /// <exception cref="InputException">The rolls differ in length or time step, or are empty.</exception>
    public static PerformanceScore OfRolls(KeyRoll truth, KeyRoll played) =>
        Of(StepMetrics.Compare(truth, played), OnsetMetrics.Match(truth.Onsets(), played.Onsets()));

    /// <summary>Puts the figures of steps and onsets together.</summary>
    public static PerformanceScore Of(StepMetrics steps, OnsetMetrics onsets) => new(
        steps.Keys.Precision, steps.Keys.Recall, steps.Keys.F1, steps.SilentF1, steps.Micro.F1, onsets.Score.F1,
        new OnsetError(onsets.MedianError * MillisecondsPerSecond, onsets.Error95 * MillisecondsPerSecond, onsets.MeanSignedError * MillisecondsPerSecond),
        steps.Sustain.F1, onsets.Matches.Count + onsets.Missed.Count, steps.Steps);

    /// <summary>The figures as JSON on one line.</summary>
    public string ToJson() => JsonSerializer.Serialize(this);

    // Two voices on one key at one time are one key press.
    private static IEnumerable<Onset> Onsets(Score score) => score.Notes.Select(n => new Onset(n.Start, n.Key)).Distinct();
}
