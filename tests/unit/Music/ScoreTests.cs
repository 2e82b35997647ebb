using Legato.Music;

namespace Legato.Tests.Music;

public sealed class ScoreTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("legato-score");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Notes_come_by_instrument_in_the_order_of_their_first_ends_then_by_their_ends()
    {
        Score score = Score.FromMidi(TwoTracks(), "s", ScoreOptions.AsWritten);
        Assert.Equal([40, 39, 27], score.Notes.Select(n => n.Key));
        Assert.Equal(["Right", "Left"], score.Instruments.Select(i => i.Name));
        Assert.Equal([0, 0, 1], score.Notes.Select(n => n.Instrument));
        Assert.Equal(2, score.TotalTime);
        Assert.Equal("Right", score.Title);
    }

    [Fact]
    public void Trimming_goes_from_the_first_listed_note_to_the_last_listed_one_and_says_what_it_drops()
    {
        Score score = Score.FromMidi(TwoTracks(), "s");
        Assert.Equal([(0.0, 40)], score.Notes.Select(n => (n.Start, n.Key)));
        Assert.Equal(1, score.TrimmedStart);
        Assert.Contains("dropped 2 and shortened 0 notes", Assert.Single(score.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Trimming_keeps_the_pedal_s_position_and_moves_it_with_the_notes()
    {
        var score = new Score("s", [new ScoreNote(1, 2, 5, 80), new ScoreNote(2, 3, 6, 80)], [new(0.5, 3), new(1, 100), new(1.5, 0), new(3, 127), new(0.2, 9, 1)]).TrimSilence();
        Assert.Equal([new SustainChange(0, 9, 1), new SustainChange(0, 100), new SustainChange(0.5, 0)], score.Sustain);
        Assert.Equal([(0.0, 1.0), (1.0, 2.0)], score.Notes.Select(n => (n.Start, n.End)));
        Assert.Empty(score.Warnings);
    }

    [Fact]
    public void Trimming_ends_before_what_begins_with_the_end()
    {
        Score score = new Score("s", [new ScoreNote(0, 1, 5, 80), new ScoreNote(2, 3, 7, 80), new ScoreNote(1, 2, 6, 80)]).TrimSilence();
        Assert.Equal([5, 6], score.Notes.Select(n => n.Key));
    }

    [Fact]
    public void Saying_the_tempo_again_changes_no_time_by_a_single_bit()
    {
        static Score Scale(params int[] tempi) => Score.FromMidi(
            new MidiFile(
                new TrackChunk(tempi.Select(t => new SetTempoEvent(t) { DeltaTime = 7 })),
                new TrackChunk(Enumerable.Range(0, 200).SelectMany(i => new MidiEvent[] { new NoteOnEvent(0, 60, 80), new NoteOffEvent(0, 60, 0) { DeltaTime = 13 } })))
            { TimeDivision = new TicksPerQuarterNoteTimeDivision(220) },
            "s", ScoreOptions.AsWritten);
        Assert.Equal(Scale(500_000).Notes, Scale(500_000, 500_000, 500_000).Notes);
        Assert.NotEqual(Scale(500_000).Notes, Scale(500_000, 500_001).Notes);
    }

    [Fact]
    public void A_last_listed_note_that_ends_before_the_first_begins_does_not_empty_the_score()
    {
        var score = new Score("s", [new ScoreNote(5, 6, 5, 80), new ScoreNote(1, 2, 6, 80)]).TrimSilence();
        Assert.Equal([(0.0, 6), (4.0, 5)], score.Notes.Select(n => (n.Start, n.Key)));
    }

    [Fact]
    public void Stretching_scales_all_times()
    {
        Score score = new Score("s", [new ScoreNote(1, 2, 5, 80)], [new(0.5, 3)]).Stretch(1.5);
        Assert.Equal((1.5, 3.0, 0.75), (score.Notes[0].Start, score.Notes[0].End, score.Sustain[0].Time));
        Assert.All([0, -1, double.NaN, double.PositiveInfinity], f => Assert.Throws<InputException>(() => score.Stretch(f)));
    }

    [Fact]
    public void Transposing_drops_what_leaves_the_keyboard_and_names_it()
    {
        Score score = new Score("s", [new ScoreNote(0, 1, 86, 80), new ScoreNote(0, 1, 80, 80)]).Transpose(5);
        Assert.Equal([85], score.Notes.Select(n => n.Key));
        Assert.Equal("dropped 1 notes outside the keyboard (21..108): 112", Assert.Single(score.Warnings));
    }

    [Fact]
    public void Notes_outside_the_keyboard_are_kept_if_transposing_brings_them_back()
    {
        MidiFile file = Notes(0, 12, 60, 120);
        Score score = Score.FromMidi(file, "s");
        Assert.Equal([39], score.Notes.Select(n => n.Key));
        Assert.Contains("dropped 2 notes outside the keyboard (21..108): 12, 120", score.Warnings);
        Assert.Equal([3, 51], Score.FromMidi(file, "s", new ScoreOptions(Transpose: 12)).Notes.Select(n => n.Key));
        Assert.Throws<InputException>(() => Score.FromMidi(file, "s", new ScoreOptions(Transpose: int.MaxValue)));
    }

    [Fact]
    public void Percussion_is_played_untransposed_with_a_warning()
    {
        Score score = Score.FromMidi(Notes(9, 60), "s", new ScoreOptions(Transpose: 3));
        Assert.Equal([39], score.Notes.Select(n => n.Key));
        Assert.Equal([39], score.Transpose(5).Notes.Select(n => n.Key));
        Assert.Contains(score.Warnings, w => w.Contains("percussion", StringComparison.Ordinal));
    }

    [Fact]
    public void Missing_note_offs_are_reported_and_held_to_the_end()
    {
        var file = new MidiFile(new TrackChunk(new NoteOnEvent(0, 60, 80), new NoteOffEvent(0, 61, 0), new TextEvent("") { DeltaTime = 96 }));
        Score score = Score.FromMidi(file, "s");
        Assert.Equal(0.5, Assert.Single(score.Notes).End);
        Assert.Equal(["1 notes have no note-off and are held to the end of their track: C4", "1 note-offs end no note and are ignored"], score.Warnings);
    }

    [Fact]
    public void Fingering_is_annotated_if_parts_differ()
    {
        static Score Parts(params int[] parts) => new("s", parts.Select((p, i) => new ScoreNote(i, i + 1, 39, 80, p)));
        Assert.False(Parts().HasFingering);
        Assert.False(Parts(0, 0).HasFingering);
        Assert.False(Parts(3, 3).HasFingering);
        Assert.True(Parts(0, 3).HasFingering);
    }

    [Fact]
    public void The_digest_identifies_the_file()
    {
        string path = Path.Combine(_folder.FullName, "a.mid");
        Notes(0, 60).Write(path);
        Score score = Score.Load(path);
        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(path))), score.Sha256);
        Assert.Equal(("a", "a", path), (score.Name, score.Title, score.SourcePath));
    }

    [Fact]
    public void A_file_without_playable_notes_says_why()
    {
        string path = Path.Combine(_folder.FullName, "low.mid");
        Notes(0, 5).Write(path);
        string message = Assert.Throws<InputException>(() => Score.Load(path)).Message;
        Assert.Contains("no notes on the piano's keys (dropped 1 notes outside the keyboard (21..108): 5", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Impossible_notes_are_refused()
    {
        ScoreNote good = new(0, 1, 0, 80);
        Assert.All(
            [good with { Key = 88 }, good with { Velocity = 0 }, good with { Part = 10 }, good with { Start = -1 }, good with { End = double.NaN }, good with { Start = 2 }],
            bad => Assert.Throws<ArgumentException>(() => new Score("s", [bad])));
    }

    [Fact]
    public void A_perfect_player_releases_before_pressing_again()
    {
        var score = new Score("s", [new ScoreNote(0, 1, 5, 80), new ScoreNote(1, 2, 5, 80)], [new(1, 64)]);
        Assert.Equal(
            [new(0, 5, true), new(1, 5, false), new(1, 5, true), new(1, TimedKeyEvent.Pedal, true), new TimedKeyEvent(2, 5, false)],
            score.ToKeyEvents());
    }

    // Right hand: C#4 from 1 to 1.5 s, listed before C4 from 0.75 to 2 s. Left hand: C3 from 0 to 1.75 s.
    private static MidiFile TwoTracks() => new(
        new TrackChunk(
            new SequenceTrackNameEvent("Right"), new NoteOnEvent(0, 60, 80) { DeltaTime = 144 }, new NoteOnEvent(0, 61, 80) { DeltaTime = 48 },
            new NoteOffEvent(0, 61, 0) { DeltaTime = 96 }, new NoteOffEvent(0, 60, 0) { DeltaTime = 96 }),
        new TrackChunk(new SequenceTrackNameEvent("Left"), new NoteOnEvent(1, 48, 80), new NoteOffEvent(1, 48, 0) { DeltaTime = 336 }));

    private static MidiFile Notes(byte channel, params byte[] numbers) => new(new TrackChunk(
        numbers.SelectMany(n => new MidiEvent[] { new NoteOnEvent(channel, n, 80), new NoteOffEvent(channel, n, 0) { DeltaTime = 96 } })));
}
