using FsCheck;
using FsCheck.Fluent;
using Legato.Music;

namespace Legato.Tests.Music;

public class StepMetricsTests
{
    private static Gen<KeyRoll> Roll(int steps) =>
        from keys in Gen.Choose(0, 5).ArrayOf().Select(k => k.Distinct().Take(3)).ArrayOf(steps)
        from sustain in Gen.Choose(0, 1).ArrayOf(steps)
        select KeyRoll.Create(0.05, keys, sustain.Select(s => (byte)s));

    private static Gen<(KeyRoll Truth, KeyRoll Played)> Pair =>
        from steps in Gen.Choose(1, 12)
        from truth in Roll(steps)
        from played in Roll(steps)
        select (truth, played);

    [Fact]
    public void They_follow_from_the_definitions_bit_by_bit()
    {
        Prop.ForAll(Pair.ToArbitrary(), p =>
        {
            StepMetrics m = StepMetrics.Compare(p.Truth, p.Played);
            int n = p.Truth.Count;
            var keys = Enumerable.Range(0, n).Select(i => Scores(Enumerable.Range(0, 88).Select(k => (p.Truth[i, k], p.Played[i, k])))).ToArray();
            var all = Scores(Enumerable.Range(0, n).SelectMany(i => Enumerable.Range(0, 88).Select(k => (p.Truth[i, k], p.Played[i, k]))));
            double Average(Func<(double P, double R, double F), double> which) => keys.Average(which);
            return Near(m.Keys.Precision, Average(s => s.P)) && Near(m.Keys.Recall, Average(s => s.R)) && Near(m.Keys.F1, Average(s => s.F)) && Near(m.Micro.F1, all.F);
        }).Holds();
    }

    [Fact]
    public void The_silent_baseline_is_what_pressing_nothing_scores()
    {
        Prop.ForAll(Pair.ToArbitrary(), p =>
        {
            KeyRoll nothing = KeyRoll.Create(0.05, Enumerable.Repeat(Array.Empty<int>(), p.Truth.Count));
            return StepMetrics.Compare(p.Truth, p.Played).SilentF1 == StepMetrics.Compare(p.Truth, nothing).Keys.F1;
        }).Holds();
    }

    [Fact]
    public void Perfection_is_one_and_swapping_the_rolls_swaps_precision_and_recall()
    {
        Prop.ForAll(Pair.ToArbitrary(), p =>
        {
            StepMetrics there = StepMetrics.Compare(p.Truth, p.Played), back = StepMetrics.Compare(p.Played, p.Truth);
            StepMetrics self = StepMetrics.Compare(p.Truth, p.Truth);
            return self.Keys == new F1Score(1, 1, 1) && self.Micro == new F1Score(1, 1, 1) && self.Sustain == new F1Score(1, 1, 1)
                && there.Keys == new F1Score(back.Keys.Recall, back.Keys.Precision, back.Keys.F1) && there.Sustain.F1 == back.Sustain.F1;
        }).Holds();
    }

    [Theory]
    [InlineData("", "", 1, 1, 1)]
    [InlineData("5", "", 1, 0, 0)]
    [InlineData("", "5", 0, 1, 0)]
    [InlineData("5 6", "6 7", 0.5, 0.5, 0.5)]
    [InlineData("5 6 7", "7", 1, 1.0 / 3, 0.5)]
    public void One_step(string truth, string played, double precision, double recall, double f1)
    {
        static KeyRoll Step(string keys) => KeyRoll.Create(0.05, [keys.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)]);
        Assert.Equal(new F1Score(precision, recall, f1), StepMetrics.Compare(Step(truth), Step(played)).Keys);
    }

    [Fact]
    public void Rolls_that_do_not_fit_are_refused_with_both_figures()
    {
        KeyRoll one = KeyRoll.Create(0.05, [[]]);
        Assert.Contains("1 and 2 steps", Assert.Throws<InputException>(() => StepMetrics.Compare(one, one.Resize(2))).Message, StringComparison.Ordinal);
        using var _ = new Culture("de-DE");
        Assert.Contains("0.05 s and 0.1 s", Assert.Throws<InputException>(() => StepMetrics.Compare(one, KeyRoll.Create(0.1, [[]]))).Message, StringComparison.Ordinal);
        Assert.Throws<InputException>(() => StepMetrics.Compare(one.Resize(0), one.Resize(0)));
    }

    private static bool Near(double a, double b) => Math.Abs(a - b) < 1e-12;

    private static (double P, double R, double F) Scores(IEnumerable<(bool Truth, bool Played)> bits)
    {
        var list = bits.ToList();
        double both = list.Count(b => b.Truth && b.Played), truth = list.Count(b => b.Truth), played = list.Count(b => b.Played);
        double p = played == 0 ? 1 : both / played, r = truth == 0 ? 1 : both / truth;
        // Zero division: the harmonic mean is 0 where nothing agrees, unless there was nothing at all.
        return (p, r, truth + played == 0 ? 1 : both == 0 ? 0 : 2 * p * r / (p + r));
    }
}
