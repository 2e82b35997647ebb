using FsCheck;
using FsCheck.Fluent;
using Legato.Music;

namespace Legato.Tests.Music;

public class OnsetMetricsTests
{
    // Times on a 20 ms grid around the tolerance of 50 ms give every kind of competition.
    private static Gen<Onset[]> Onsets =>
        from count in Gen.Choose(0, 6)
        from onsets in Gen.Zip(Gen.Choose(0, 15), Gen.Choose(40, 41)).ArrayOf(count)
        select onsets.Select(o => new Onset(o.Item1 * 0.02, o.Item2)).ToArray();

    [Fact]
    public void The_matching_is_the_best_there_is()
    {
        Prop.ForAll(Gen.Zip(Onsets, Onsets).ToArbitrary(), p =>
        {
            OnsetMetrics m = OnsetMetrics.Match(p.Item1, p.Item2);
            (int count, double error) = BestByTryingAll(p.Item1, [.. p.Item2], 0);
            return m.Matches.Count == count && Math.Abs(m.Errors.Sum(Math.Abs) - error) < 1e-9;
        }).Holds();
    }

    [Fact]
    public void Every_onset_is_matched_missed_or_extra_exactly_once_and_within_tolerance()
    {
        Prop.ForAll(Gen.Zip(Onsets, Onsets).ToArbitrary(), p =>
        {
            OnsetMetrics m = OnsetMetrics.Match(p.Item1, p.Item2);
            return Sorted(m.Matches.Select(x => x.Wanted).Concat(m.Missed)).SequenceEqual(Sorted(p.Item1))
                && Sorted(m.Matches.Select(x => x.Played).Concat(m.Extra)).SequenceEqual(Sorted(p.Item2))
                && m.Matches.All(x => x.Wanted.Key == x.Played.Key && Math.Abs(x.Wanted.Time - x.Played.Time) <= 0.05 + 1e-9);
        }).Holds();
    }

    [Fact]
    public void A_played_onset_goes_to_the_nearer_of_two_though_not_at_the_price_of_a_match()
    {
        Onset[] wanted = [new(0, 40), new(0.04, 40)];
        Assert.Equal(new Onset(0.04, 40), OnsetMetrics.Match(wanted, [new(0.041, 40)]).Matches.Single().Wanted);
        Assert.Equal(2, OnsetMetrics.Match(wanted, [new(0.03, 40), new(0.08, 40)]).Matches.Count);
    }

    [Theory]
    [InlineData(10.05, 1)]
    [InlineData(9.95, 1)]
    [InlineData(10.0501, 0)]
    public void The_tolerance_counts_as_inside(double played, int matches) =>
        Assert.Equal(matches, OnsetMetrics.Match([new(10, 3)], [new(played, 3)]).Matches.Count);

    [Fact]
    public void Timing_errors_are_played_minus_wanted()
    {
        double[] errors = [-0.01, 0.02, 0.03, 0.04, -0.05];
        OnsetMetrics m = OnsetMetrics.Match(errors.Select((_, i) => new Onset(i, 10)), errors.Select((e, i) => new Onset(i + e, 10)));
        Assert.Equal(0.03, m.MedianError!.Value, 1e-9);
        Assert.Equal(0.048, m.Error95!.Value, 1e-9);
        Assert.Equal(0.006, m.MeanSignedError!.Value, 1e-9);
        Assert.Equal(new F1Score(1, 1, 1), m.Score);
    }

    [Fact]
    public void Without_matches_there_are_no_errors_and_without_onsets_all_is_well()
    {
        OnsetMetrics none = OnsetMetrics.Match([new(0, 1)], [new(0, 2)]);
        Assert.Null(none.MedianError);
        Assert.Null(none.Error95);
        Assert.Null(none.MeanSignedError);
        Assert.Equal(new F1Score(0, 0, 0), none.Score);
        Assert.Equal(new F1Score(1, 1, 1), OnsetMetrics.Match([], []).Score);
    }

    private static IEnumerable<Onset> Sorted(IEnumerable<Onset> onsets) => onsets.OrderBy(o => o.Time).ThenBy(o => o.Key);

    private static (int Count, double Error) BestByTryingAll(Onset[] wanted, List<Onset> free, int i)
    {
        if (i == wanted.Length)
            return (0, 0);
        (int Count, double Error) best = BestByTryingAll(wanted, free, i + 1);
        foreach (Onset played in free.Where(o => o.Key == wanted[i].Key && Math.Abs(o.Time - wanted[i].Time) <= 0.05 + 1e-9).ToArray())
        {
            List<Onset> rest = [.. free];
            rest.Remove(played);
            (int count, double error) = BestByTryingAll(wanted, rest, i + 1);
            (int Count, double Error) with = (count + 1, error + Math.Abs(played.Time - wanted[i].Time));
            if (with.Count > best.Count || (with.Count == best.Count && with.Error < best.Error))
                best = with;
        }
        return best;
    }
}
