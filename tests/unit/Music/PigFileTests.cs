using FsCheck;
using FsCheck.Fluent;
using Legato.Music;

namespace Legato.Tests.Music;

public class PigFileTests
{
    [Fact]
    public void WhatIsWrittenIsReadAgainInAnyCulture() =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), seed =>
        {
            using var german = new Culture("de-DE");
            var random = new Random(seed);
            PigNote[] notes = [.. Enumerable.Range(0, random.Next(1, 30)).Select(i =>
            {
                // To the microsecond, as far as files go.
                double onset = Math.Round((random.Next(100000) / 1000.0) + i, 6);
                int finger = random.Next(1, 6) * (random.Next(2) == 0 ? 1 : -1);
                return new PigNote(onset, Math.Round(onset + (random.Next(3000) / 1000.0), 6), random.Next(88), random.Next(128), random.Next(128), random.Next(2), finger);
            }).OrderBy(n => n.Onset).ThenBy(n => n.Key)];
            return PigFile.Parse(PigFile.Format(notes), "text").SequenceEqual(notes);
        }).Holds();

    [Fact]
    public void AFileIsReadAsItIsWritten()
    {
        string path = Path.GetTempFileName();
        try
        {
            PigNote[] notes = [PigNote.ForPart(0, 0.5, 39, 0), PigNote.ForPart(0.5, 1, 51, 9)];
            PigFile.Write(path, notes);
            Assert.Equal(notes, PigFile.Read(path));
        }
        finally
        {
            File.Delete(path);
        }
        Assert.Throws<InputException>(() => PigFile.Read(path));
    }

    [Fact]
    public void CommentsEmptyLinesAndForeignLineEndsAreSkipped() => Assert.Equal(
        [new PigNote(0.25, 1, 39, 64, 80, 0, 3), new PigNote(1, 1.5, 27, 60, 0, 1, -2)],
        PigFile.Parse("//Version: PianoFingering_v170101\r\n\r\n0\t0.25\t1\tC4\t64\t80\t0\t3\r\n  \n1\t1\t1.5\tC3\t60\t0\t1\t-2\n", "text"));

    [Theory]
    [InlineData("A0", 0)]
    [InlineData("C8", 87)]
    [InlineData("F#3", 33)]
    [InlineData("Gb3", 33)]
    [InlineData("B#3", 39)]
    [InlineData("Cb4", 38)]
    [InlineData("F##4", 46)]
    [InlineData("Abb4", 46)]
    public void PitchesAreSpelledAsInScores(string pitch, int key) => Assert.Equal(key, Note(pitch: pitch).Key);

    [Theory]
    [InlineData("1", 0)]
    [InlineData("5", 4)]
    [InlineData("-1", 5)]
    [InlineData("-5", 9)]
    [InlineData("2_1", 1)]
    [InlineData("-3_-2_-1", 7)]
    public void FingersAreThoseOfScoresAndTheFirstOfASubstitution(string finger, int part)
    {
        PigNote note = Note(finger: finger);
        Assert.Equal(part, note.Part);
        Assert.Equal(note.Finger, PigNote.ForPart(0, 1, 39, part).Finger);
    }

    [Theory]
    [InlineData("0\t0\t1\tC4\t64\t80\t0", "7 columns")]
    [InlineData("0 0 1 C4 64 80 0 1", "1 columns")]
    [InlineData("x\t0\t1\tC4\t64\t80\t0\t1", "note number 'x'")]
    [InlineData("0\t-1\t1\tC4\t64\t80\t0\t1", "onset '-1'")]
    [InlineData("0\t0,5\t1\tC4\t64\t80\t0\t1", "onset '0,5'")]
    [InlineData("0\t0\tnan\tC4\t64\t80\t0\t1", "offset 'nan'")]
    [InlineData("0\t2\t1\tC4\t64\t80\t0\t1", "offset 1 before onset 2")]
    [InlineData("0\t0\t1\tH4\t64\t80\t0\t1", "pitch 'H4'")]
    [InlineData("0\t0\t1\tC\t64\t80\t0\t1", "pitch 'C'")]
    [InlineData("0\t0\t1\t \t64\t80\t0\t1", "pitch ' '")]
    [InlineData("0\t0\t1\tCx4\t64\t80\t0\t1", "pitch 'Cx4'")]
    [InlineData("0\t0\t1\tC#8\t64\t80\t0\t1", "pitch 'C#8'")]
    [InlineData("0\t0\t1\tC4\t128\t80\t0\t1", "onset velocity '128'")]
    [InlineData("0\t0\t1\tC4\t64\t80\t2\t1", "channel '2'")]
    [InlineData("0\t0\t1\tC4\t64\t80\t0\t0", "finger '0'")]
    [InlineData("0\t0\t1\tC4\t64\t80\t0\t6_1", "finger '6_1'")]
    public void WhatIsNotInTheFormatIsNamedWithItsLine(string line, string what)
    {
        var e = Assert.Throws<InputException>(() => PigFile.Parse("//comment\n" + line + "\n", "a.txt"));
        Assert.StartsWith("a.txt:2: " + what, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e.Message);
    }

    [Fact]
    public void AFileWithoutNotesIsRefused() => Assert.StartsWith("a.txt: no notes", Assert.Throws<InputException>(() => PigFile.Parse("//only\n", "a.txt")).Message, StringComparison.Ordinal);

    private static PigNote Note(string pitch = "C4", string finger = "1") => Assert.Single(PigFile.Parse($"0\t0\t1\t{pitch}\t64\t80\t0\t{finger}", "text"));
}
