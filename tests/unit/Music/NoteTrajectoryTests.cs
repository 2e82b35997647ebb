using FsCheck;
using FsCheck.Fluent;
using Legato.Music;

namespace Legato.Tests.Music;

public class NoteTrajectoryTests
{
    [Fact]
    public void A_repeated_note_leaves_out_its_first_step_and_a_whole_total_time_adds_a_silent_one() =>
        Assert.Equal("60 60 - 60 60 -", Steps(Note(0, 0.1), Note(0.1, 0.25)));

    [Fact]
    public void A_repetition_of_one_step_vanishes() => Assert.Equal("60 60 - 62", Steps(Note(0, 0.1), Note(0.1, 0.15), Note(0.15, 0.19, 62)));

    [Fact]
    public void A_note_covers_every_step_it_touches_and_at_least_one()
    {
        Assert.Equal("- 60 60 60", Steps(Note(0.06, 0.16)));
        Assert.Equal("- 60", Steps(Note(0.06, 0.06)));
    }

    [Fact]
    public void A_note_that_overlaps_another_of_its_key_is_a_repetition_with_its_own_velocity()
    {
        ScoreNote @long = new(0, 0.19, 39, 50, 1), inner = new(0.05, 0.14, 39, 90, 2);
        Assert.All([[@long, inner], [inner, @long]], (ScoreNote[] notes) =>
        {
            NoteTrajectory t = NoteTrajectory.FromScore(new Score("s", notes));
            Assert.Equal([new TrajectoryNote(39, 50, 1)], t.Steps[0]);
            Assert.Empty(t.Steps[1]);
            Assert.Equal([new TrajectoryNote(39, 90, 2)], t.Steps[2]);
            Assert.Equal([new TrajectoryNote(39, 50, 1)], t.Steps[3]);
        });
    }

    [Fact]
    public void The_pedal_holds_its_last_state_and_the_last_change_of_a_step_wins()
    {
        var score = new Score("s", [new ScoreNote(0, 0.5, 39, 80)], [new(0.1, 64), new(0.2, 0), new(0.22, 127), new(0.3, 63), new(9, 127)]);
        Assert.Equal<byte>([0, 0, 1, 1, 1, 1, 0, 0, 0, 0, 0], NoteTrajectory.FromScore(score).Sustain);
    }

    [Fact]
    public void Silence_can_be_put_before_it()
    {
        NoteTrajectory t = NoteTrajectory.FromScore(new Score("s", [new ScoreNote(0, 0.1, 39, 80)], [new(0, 127)])).WithInitialBuffer(0.12);
        Assert.Equal([0, 0, 1, 1, 0], t.Steps.Select(s => s.Count));
        Assert.Equal<byte>([0, 0, 1, 1, 1], t.Sustain);
        Assert.Equal(t.Steps.Count, t.ToKeyRoll().Count);
    }

    [Fact]
    public void Every_step_agrees_with_the_rules_asked_key_by_key()
    {
        Prop.ForAll(Generate.Score.ToArbitrary(), score =>
        {
            KeyRoll roll = NoteTrajectory.FromScore(score).ToKeyRoll();
            return Enumerable.Range(0, roll.Count).All(i => Enumerable.Range(40, 5).All(key =>
            {
                bool Covers(ScoreNote n, int step) => n.Key == key && (int)(n.Start * 20) <= step && step < Math.Max((int)(n.Start * 20) + 1, Math.Ceiling(n.End * 20));
                bool repeats = i > 0 && score.Notes.Any(n => Covers(n, i - 1)) && score.Notes.Any(n => n.Key == key && (int)(n.Start * 20) == i);
                return roll[i, key] == (score.Notes.Any(n => Covers(n, i)) && !repeats);
            }));
        }).Holds();
    }

    [Fact]
    public void Days_of_music_are_a_damaged_file()
    {
        var e = Assert.Throws<InputException>(() => NoteTrajectory.FromScore(new Score("long", [new ScoreNote(0, 1e9, 39, 80)])));
        Assert.StartsWith("long: lasts ", e.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => NoteTrajectory.FromScore(new Score("s", []), 0));
    }

    private static ScoreNote Note(double start, double end, int pitch = 60) => new(start, end, pitch - 21, 80);

    private static string Steps(params ScoreNote[] notes) => string.Join(' ', NoteTrajectory.FromScore(new Score("s", notes)).Steps
        .Select(s => s.Count == 0 ? "-" : string.Join('+', s.Select(n => n.Key + 21))));
}
