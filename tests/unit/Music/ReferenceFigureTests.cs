using Legato.Music;

namespace Legato.Tests.Music;

/// <summary>
/// A few of RoboPianist 1.0.10's own results, for repositories without the full set. Rolls are written run by run:
/// <c>39+43x20</c> is 20 steps with keys 39 and 43, <c>-x1</c> a silent one.
/// </summary>
public class ReferenceFigureTests
{
    private const string Repeated = "39x5 -x1 39x4 -x1 39x4 -x1 39x4 -x1 39x4 -x1 39x4 -x1 39x4 -x1 39x4 -x1";

    [Theory]
    [InlineData("c-major-chord-progression", 1, "27+39+43+46x20 20+44+48+51x20 22+46+50+53x20 27+39+43x1 27+39+43+46x19 -x1")]
    [InlineData("c-major-chord-progression", 1.25, "27+39+43+46x25 20+44+48+51x25 22+46+50+53x25 27+39+43x1 27+39+43+46x24 -x1")]
    [InlineData("twinkle", 1, "39x10 -x1 39x9 46x10 -x1 46x9 48x10 -x1 48x9 46x20 44x10 -x1 44x9 43x10 -x1 43x9 41x10 -x1 41x9 39x20")]
    [InlineData("twinkle", 1.25, "39x12 -x1 39x12 46x12 -x1 46x12 48x12 -x1 48x12 46x25 44x12 -x1 44x12 43x12 -x1 43x12 41x12 -x1 41x12 39x25")]
    public void Songs_begin_with_the_steps_of_robopianist_s_songs(string song, double stretch, string expected)
    {
        Score score = SongLibrary.Open(Reference.Songs).Load(song, new ScoreOptions(Stretch: stretch));
        KeyRoll roll = NoteTrajectory.FromScore(score).ToKeyRoll(), wanted = Parse(expected);
        Assert.Equal(wanted.ToJson(), roll.Resize(wanted.Count).ToJson());
    }

    [Theory]
    [InlineData(Repeated, Repeated, 1, 1, 1)]
    [InlineData(Repeated, "39x41", 0.8048780487804879, 1, 0.8048780487804879)]
    [InlineData("-x30 39x1 -x30", "-x61", 1, 0.9836065573770492, 0.9836065573770492)]
    [InlineData("39+43+46x20 41+44+48x20 -x1", "39+43x20 41+44x20 -x1", 1, 0.6747967479674796, 0.8048780487804879)]
    [InlineData("0x10 87x10 0x1 0+87x9 -x1", "0x10 87x10 0x1 0+87x9 -x1", 1, 1, 1)]
    public void Metrics_are_those_of_its_evaluation_wrapper(string truth, string played, double precision, double recall, double f1)
    {
        F1Score keys = StepMetrics.Compare(Parse(truth), Parse(played)).Keys;
        Assert.Equal(precision, keys.Precision, 1e-12);
        Assert.Equal(recall, keys.Recall, 1e-12);
        Assert.Equal(f1, keys.F1, 1e-12);
    }

    private static KeyRoll Parse(string runs) => KeyRoll.Create(NoteTrajectory.DefaultTimeStep, runs.Split(' ')
        .Select(run => run.Split('x'))
        .SelectMany(run => Enumerable.Repeat(run[0].Split(['-', '+'], StringSplitOptions.RemoveEmptyEntries).Select(int.Parse), int.Parse(run[1], null))));
}
