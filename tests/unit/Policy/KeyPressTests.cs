using FsCheck;
using FsCheck.Fluent;
using Legato.Music;
using Legato.Policy.Fingering;

namespace Legato.Tests.Policy;

public class KeyPressTests
{
    [Fact]
    public void PressesPaintTheSongsOwnRoll() =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), seed =>
        {
            var random = new Random(seed);
            NoteTrajectory song = Song([.. Enumerable.Range(0, 30).Select(_ =>
            {
                double start = random.NextDouble() * 4;
                return new ScoreNote(start, start + random.NextDouble(), random.Next(36, 42), 80);
            })]);
            IReadOnlyList<KeyPress> presses = KeyPress.Of(song);
            KeyRoll painted = KeyRoll.Create(0.05, Enumerable.Range(0, song.Count).Select(t => presses.Where(p => p.Start <= t && t < p.End).Select(p => p.Key)));
            return painted.Steps.SequenceEqual(song.ToKeyRoll().Steps)
                && presses.All(p => p.Start < p.End && p.End <= song.Count)
                && presses.Zip(presses.Skip(1)).All(p => (p.First.Start, p.First.Key).CompareTo((p.Second.Start, p.Second.Key)) < 0);
        }).Holds();

    [Fact]
    public void ARepeatedNoteIsTwoPressesWithAGapOfOneStep() => Assert.Equal(
        [new KeyPress(39, 0, 10), new KeyPress(39, 11, 20)],
        KeyPress.Of(Song(new ScoreNote(0, 0.5, 39, 80), new ScoreNote(0.5, 1, 39, 80))));

    [Fact]
    public void ANoteThatLastsToTheEndEndsWithTheSong()
    {
        NoteTrajectory song = Song(new ScoreNote(0, 0.98, 39, 80));
        Assert.Equal([new KeyPress(39, 0, song.Count)], KeyPress.Of(song));
    }

    [Fact]
    public void FingersAreThoseOfTheScoreIfItNamesSeveral()
    {
        Assert.Equal([1, 7], KeyPress.Of(Song(new ScoreNote(0, 1, 39, 80, Part: 1), new ScoreNote(0, 1, 41, 80, Part: 7))).Select(p => p.Digit));
        Assert.Equal([-1, -1], KeyPress.Of(Song(new ScoreNote(0, 1, 39, 80), new ScoreNote(0, 1, 41, 80))).Select(p => p.Digit));
    }

    [Fact]
    public void SilenceHasNoPresses() => Assert.Empty(KeyPress.Of(Song()));

    private static NoteTrajectory Song(params ScoreNote[] notes) => NoteTrajectory.FromScore(new Score("song", notes));
}
