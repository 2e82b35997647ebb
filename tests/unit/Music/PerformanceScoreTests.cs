using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Legato.Music;

namespace Legato.Tests.Music;

public class PerformanceScoreTests
{
    [Fact]
    public void A_song_scored_against_itself_is_perfect()
    {
        SongLibrary library = SongLibrary.Open(Reference.Songs);
        Assert.All(library.Names, name =>
        {
            PerformanceScore s = PerformanceScore.OfMidiFile(library.Load(name), library.Resolve(name));
            Assert.Equal((1, 1, 1, 1, 1, 1), (s.Precision, s.Recall, s.F1, s.F1Micro, s.OnsetF1, s.SustainF1));
            Assert.Equal(0, s.OnsetErrorMs.P95);
        });
    }

    [Fact]
    public void Silence_scores_the_silent_baseline()
    {
        Prop.ForAll(Generate.Score.ToArbitrary(), score =>
        {
            PerformanceScore s = PerformanceScore.OfEvents(score, []);
            return s.F1 == s.F1Silent && s.Precision == 1 && s.OnsetF1 == (score.Notes.Count == 0 ? 1 : 0) && s.Steps == NoteTrajectory.FromScore(score).Count;
        }).Holds();
    }

    [Fact]
    public void A_silent_recording_is_a_performance_too()
    {
        string path = Path.GetTempFileName();
        new MidiFile(new TrackChunk()).Write(path, overwriteFile: true);
        PerformanceScore s = PerformanceScore.OfMidiFile(SongLibrary.Open(Reference.Songs).Load("twinkle"), path);
        File.Delete(path);
        Assert.Equal((19.0 / 481, 1, 0), (s.F1, s.Precision, s.OnsetF1));
    }

    [Fact]
    public void Key_events_a_little_late_are_right_at_the_end_of_every_step()
    {
        // A released key must be up before the step ends, and a repeated key comes back after its silent step.
        Score song = SongLibrary.Open(Reference.Songs).Load("c-major-scale-one-hand");
        var late = song.ToKeyEvents().Select(e => e with { Time = e.Time + 0.01 });
        PerformanceScore s = PerformanceScore.OfEvents(song, late);
        Assert.Equal((1, 1), (s.F1, s.OnsetF1));
        Assert.Equal(10, s.OnsetErrorMs.Mean!.Value, 1e-6);
    }

    [Theory]
    [InlineData(0.04, 1)]
    [InlineData(0.06, 0)]
    public void Onsets_are_judged_by_their_own_times(double delay, double f1)
    {
        Score song = SongLibrary.Open(Reference.Songs).Load("d-major-scale-two-hands");
        PerformanceScore s = PerformanceScore.OfEvents(song, song.ToKeyEvents().Select(e => e with { Time = e.Time + delay }));
        Assert.Equal(f1, s.OnsetF1);
        Assert.Equal(30, s.Notes);
    }

    [Fact]
    public void A_missed_note_costs_recall_and_a_wrong_one_precision()
    {
        Score song = SongLibrary.Open(Reference.Songs).Load("c-major-scale-one-hand");
        PerformanceScore missed = PerformanceScore.OfScore(song, new Score("p", song.Notes.Skip(1)));
        Assert.Equal(1, missed.Precision);
        Assert.Equal(1 - (10.0 / missed.Steps), missed.Recall, 1e-12);
        Assert.Equal(28.0 / 29, missed.OnsetF1, 1e-12);
        PerformanceScore wrong = PerformanceScore.OfScore(song, new Score("p", song.Notes.Append(song.Notes[0] with { Key = 5 })));
        Assert.Equal(1, wrong.Recall);
        Assert.Equal(1 - (5.0 / wrong.Steps), wrong.Precision, 1e-12);
    }

    [Fact]
    public void A_recording_may_start_with_the_file_or_with_the_first_note()
    {
        ScoreNote[] notes = [.. Enumerable.Range(0, 8).Select(i => new ScoreNote(3 + (i * 0.5), 3.5 + (i * 0.5), 40 + i, 80))];
        var untrimmed = new Score("s", notes);
        Score song = untrimmed.TrimSilence();
        Assert.Equal(1, PerformanceScore.OfScore(song, untrimmed).F1);
        Assert.Equal(1, PerformanceScore.OfScore(song, song).F1);
    }

    [Fact]
    public void Notes_that_two_voices_share_are_one_key_press()
    {
        var song = new Score("s", [new ScoreNote(0, 1, 40, 80), new ScoreNote(0, 0.5, 40, 80)]);
        PerformanceScore s = PerformanceScore.OfEvents(song, [new(0, 40, true), new(0.99, 40, false)]);
        Assert.Equal((1, 1), (s.Notes, s.OnsetF1));
    }

    [Fact]
    public void Rolls_are_scored_on_the_grid()
    {
        PerformanceScore s = PerformanceScore.OfRolls(KeyRoll.Create(0.05, [[], [7], [7], []]), KeyRoll.Create(0.05, [[], [], [7], [7]]));
        Assert.Equal(1, s.OnsetF1);
        Assert.Equal(50, s.OnsetErrorMs.Median!.Value, 1e-9);
        Assert.Equal(0.5, s.F1);
    }

    [Fact]
    public void Json_has_the_contract_s_names_in_every_culture()
    {
        using var _ = new Culture("de-DE");
        var score = new PerformanceScore(0.5, 0.25, 0.125, 0.1, 0.2, 0.3, new OnsetError(null, 1.5, -2.5), 1, 3, 4);
        Assert.Equal(
            """{"precision":0.5,"recall":0.25,"f1":0.125,"f1_silent":0.1,"f1_micro":0.2,"onset_f1":0.3,"onset_error_ms":{"median":null,"p95":1.5,"mean":-2.5},"sustain_f1":1,"notes":3,"steps":4}""",
            score.ToJson());
        Assert.Equal(score, JsonSerializer.Deserialize<PerformanceScore>(score.ToJson()));
    }
}
