using Legato.Music;

namespace Legato.Tests.Music;

public class TranscriptionTests
{
    public static TheoryData<string> Sources => [.. Directory.EnumerateFiles(Path.Combine(Reference.Songs, "src"), "*.txt").Select(f => Path.GetFileNameWithoutExtension(f)!)];

    [Theory]
    [MemberData(nameof(Sources))]
    public void Compiling_a_source_gives_the_song_s_bytes(string name)
    {
        using var output = new MemoryStream();
        Transcription.Load(Path.Combine(Reference.Songs, "src", name + ".txt")).ToMidiFile().Write(output);
        Assert.Equal(File.ReadAllBytes(Path.Combine(Reference.Songs, name + ".mid")), output.ToArray());
    }

    [Fact]
    public void Every_song_has_a_source() =>
        Assert.Equal(SongLibrary.Open(Reference.Songs).Names, Sources.Select(s => s.Data).Order(StringComparer.Ordinal));

    [Fact]
    public void Lengths_pitches_chords_and_rests()
    {
        // At 60 quarters a minute a quarter note lasts a second.
        Assert.Equal(
            ["C4 0-1", "F#4 1-1.5", "A#3 1.5-2.25", "C5 2.25-2.5", "E5 2.25-2.5", "A0 3-4"],
            Notes("tempo: 60\nvoice: v\nc4 f#4:8 bb3:8. c5+e5:16 r:8 a0:4 |"));
    }

    [Fact]
    public void Dots_triplets_and_ties()
    {
        Assert.Equal(
            ["C4 0-1.75", "D4 1.75-2", "E4 2-2.333", "F4 2.333-2.667", "G4 2.667-3", "C4 3-7", "E4 3-7"],
            Notes("tempo: 60\nvoice: v\nc4:4.. d4:16 e4:8t f4 g4 c4+e4:4~ | c4+e4:2~ c4+e4:4"));
    }

    [Theory]
    [InlineData("c4:4 c4 c4 |", "line 2, voice 'v', bar 1: the bar is 3/4 long; expected 1/1")]
    [InlineData("c4:1 | c4:2 c4 c4 |", "bar 2: the bar is 3/2 long; expected 1/1")]
    [InlineData("c4:1 | c4:1 c4:8", "bar 2: the bar is 9/8 long; the meter has 1/1")]
    [InlineData("h4:1 |", "'h4:1' is no note")]
    [InlineData("c4:7 |", "'c4:7' has no duration")]
    [InlineData("c4:1~ |", "a tie from C4 leads nowhere")]
    [InlineData("c4:2~ d4 |", "the tie from C4 does not reach the same note")]
    [InlineData("g0:1 |", "'g0:1' is no note")]
    public void Errors_name_file_line_voice_and_bar(string music, string message)
    {
        InputException e = Assert.Throws<InputException>(() => Transcription.Parse("voice: v\n" + music, "a.txt"));
        Assert.StartsWith("a.txt, line 2, voice 'v'", e.Message, StringComparison.Ordinal);
        Assert.Contains(message, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("title: x", "no music")]
    [InlineData("c4 d4", "line 1: 'c4 d4'; expected a field")]
    [InlineData("tempo: fast\nvoice: v\nc4", "line 1: 'tempo: fast'; expected one of")]
    [InlineData("meter: 3/5\nvoice: v\nc4", "line 1: 'meter: 3/5'")]
    [InlineData("key: H major\nvoice: v\nc4", "line 1: 'key: H major'")]
    [InlineData("pickup: 5/4\nvoice: v\nc4", "line 1: 'pickup: 5/4'")]
    [InlineData("voice: a\nc4\nvoice: b\nc4 d4", "voice 'b' is 1/2 long, 'a' 1/4")]
    public void Errors_of_the_whole_are_explained(string text, string message) =>
        Assert.Contains(message, Assert.Throws<InputException>(() => Transcription.Parse(text, "a.txt")).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("C major", 0, 0)]
    [InlineData("Bb major", -2, 0)]
    [InlineData("F# minor", 3, 1)]
    [InlineData("Eb minor", -6, 1)]
    public void The_key_signature_is_in_the_file(string key, sbyte sharps, byte scale) =>
        Assert.Contains(new KeySignatureEvent(sharps, scale), Transcription.Parse($"key: {key}\nvoice: v\nc4", "a").ToMidiFile().TrackChunks.First().Events);

    [Fact]
    public void An_upbeat_has_its_own_length()
    {
        Transcription.Parse("meter: 3/8\npickup: 1/8\nvoice: v\ne5:16 d#5 | e5:4. |", "a");
        Assert.Contains("bar 0", Assert.Throws<InputException>(() => Transcription.Parse("meter: 3/8\npickup: 1/8\nvoice: v\ne5:16 | e5:4. |", "a")).Message, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Notes(string text) =>
        Score.FromMidi(Transcription.Parse(text, "a").ToMidiFile(), "a", ScoreOptions.AsWritten).Notes.OrderBy(n => n.Start).ThenBy(n => n.Key)
            .Select(n => FormattableString.Invariant($"{Keyboard.KeyName(n.Key)} {Math.Round(n.Start, 3)}-{Math.Round(n.End, 3)}"));
}
