using Legato.Music;

namespace Legato.Tests.Music;

public class SongLibraryTests
{
    private static readonly SongLibrary Library = SongLibrary.Open(Reference.Songs);

    // Steps and notes of the four melodies as published; the exercises as in RoboPianist.
    [Theory]
    [InlineData("twinkle", 481, 42, 1)]
    [InlineData("ode-to-joy", 321, 30, 1)]
    [InlineData("are-you-sleeping", 321, 32, 1)]
    [InlineData("happy-birthday", 241, 25, 1)]
    [InlineData("c-major-scale-one-hand", 151, 15, 1)]
    [InlineData("c-major-scale-two-hands", 151, 30, 2)]
    [InlineData("d-major-scale-one-hand", 151, 15, 1)]
    [InlineData("d-major-scale-two-hands", 151, 30, 2)]
    [InlineData("c-major-chord-progression", 81, 16, 2)]
    [InlineData("bach-prelude-c", 2801, 549, 2)]
    public void Songs_have_their_known_size(string name, int steps, int notes, int hands)
    {
        SongInfo info = SongLibrary.Describe(Library.Resolve(name));
        Assert.Equal((steps, notes, hands), (info.Steps, info.Notes, info.Hands));
    }

    [Fact]
    public void The_chord_progression_has_robopianist_s_notes() => Assert.Equal(
        [[27, 39, 43, 46], [20, 44, 48, 51], [22, 46, 50, 53], [27, 39, 43, 46]],
        NoteTrajectory.FromScore(Library.Load("c-major-chord-progression")).Steps.Where((_, i) => i % 20 == 10).Select(s => s.Select(n => n.Key).ToArray()));

    [Fact]
    public void Songs_lose_nothing_when_silence_is_trimmed_and_need_no_warning()
    {
        Assert.All(Library.Names, name =>
        {
            Score trimmed = Library.Load(name), written = Library.Load(name, ScoreOptions.AsWritten);
            Assert.Empty(trimmed.Warnings);
            Assert.Empty(written.Warnings);
            Assert.Equal(written.Notes.Count, trimmed.Notes.Count);
            Assert.Equal(written.TotalTime - written.Notes.Min(n => n.Start), trimmed.TotalTime, 1e-9);
        });
    }

    [Fact]
    public void In_no_song_do_two_voices_hold_one_key() => Assert.All(Library.Names, name =>
        Assert.All(Library.Load(name).Notes.GroupBy(n => n.Key), key =>
            Assert.All(key.OrderBy(n => n.Start).Zip(key.OrderBy(n => n.Start).Skip(1)), pair => Assert.True(pair.First.End <= pair.Second.Start + 1e-9, $"{name}: {pair}"))));

    [Fact]
    public void No_hand_of_a_song_has_more_than_five_keys_or_spans_more_than_a_tenth() => Assert.All(Library.List(), info =>
    {
        Score score = Library.Load(info.Name);
        foreach (var hand in score.Notes.GroupBy(n => score.Instruments[n.Instrument].Name))
        {
            foreach (ScoreNote note in hand)
            {
                int[] together = [.. hand.Where(n => n.Start <= note.Start && note.Start < n.End - 1e-9).Select(n => n.Key)];
                Assert.InRange(together.Length, 1, 5);
                Assert.True(together.Max() - together.Min() <= 16, $"{info.Name} at {note.Start} s");
            }
        }
    });

    [Fact]
    public void The_list_describes_each_song()
    {
        SongInfo info = Library.List().Single(s => s.Name == "fur-elise");
        Assert.Equal("Für Elise", info.Title);
        Assert.Contains("WoO 59", info.Source, StringComparison.Ordinal);
        Assert.Equal(("E2", "E5", 2), (Keyboard.KeyName(info.LowestKey), Keyboard.KeyName(info.HighestKey), info.MaxPolyphony));
        Assert.Equal(info.Notes / info.Seconds, info.NotesPerSecond);
        Assert.Equal(4, Library.List().Single(s => s.Name == "bach-minuet-g").MaxPolyphony);
    }

    [Fact]
    public void The_table_in_the_readme_is_what_the_library_says()
    {
        string[] rows = [.. File.ReadLines(Path.Combine(Reference.Songs, "README.md")).Where(l => l.StartsWith("| `", StringComparison.Ordinal))];
        Assert.Equal(
            Library.List().Select(s => FormattableString.Invariant(
                $"| `{s.Name}` | {s.Title} | {s.Hands} | {s.Notes} | {s.Steps} | {s.Seconds:F1} | {Keyboard.KeyName(s.LowestKey)}..{Keyboard.KeyName(s.HighestKey)} | {s.NotesPerSecond:F2} | {s.MaxPolyphony} | {s.Source} |")),
            rows);
    }

    [Fact]
    public void A_song_is_found_by_name_or_by_path()
    {
        string path = Library.Resolve("twinkle");
        Assert.Equal(path, Library.Resolve(path));
        Assert.Equal("twinkle", Library.Load(path).Name);
    }

    [Theory]
    [InlineData("twinkel", "did you mean twinkle")]
    [InlineData("bach", "did you mean bach-")]
    [InlineData("zzzzzzzzzzzzzzzzzzzzzzzzzzzz", "there are are-you-sleeping, ")]
    [InlineData("songs/none.mid", "no such file")]
    [InlineData("none.mid", "no such file")]
    public void A_song_that_is_not_there_is_named_with_those_that_are_close(string song, string message)
    {
        string text = Assert.Throws<InputException>(() => Library.Resolve(song)).Message;
        Assert.Contains(song, text, StringComparison.Ordinal);
        Assert.Contains(message, text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_folder_is_named() => Assert.StartsWith("/no/such: ", Assert.Throws<InputException>(() => SongLibrary.Open("/no/such")).Message, StringComparison.Ordinal);
}
