namespace Legato.Music;

/// <summary>Precision, recall and F1, each in 0..1.</summary>
public readonly record struct F1Score(double Precision, double Recall, double F1)
{
    /// <summary>From counts; a quotient 0/0 is 1, as in scikit-learn with zero_division=1.</summary>
    public static F1Score FromCounts(long truePositives, long falsePositives, long falseNegatives)
    {
        static double Ratio(long part, long whole) => whole == 0 ? 1 : (double)part / whole;
        return new F1Score(
            Ratio(truePositives, truePositives + falsePositives),
            Ratio(truePositives, truePositives + falseNegatives),
            Ratio(2 * truePositives, (2 * truePositives) + falsePositives + falseNegatives));
    }
}

/// <summary>
/// How the keys that were down compare with those that should have been, control step by control step.
/// </summary>
/// <param name="Keys">RoboPianist's metric: each of the three computed per step over the 88 keys, then averaged over the steps.</param>
/// <param name="Micro">The three from the counts of all steps together.</param>
/// <param name="Sustain">As <paramref name="Keys"/>, for the pedal.</param>
/// <param name="SilentF1">The F1 of <paramref name="Keys"/> that pressing nothing would have: the share of silent steps.</param>
/// <param name="Steps">Number of steps.</param>
public sealed record StepMetrics(F1Score Keys, F1Score Micro, F1Score Sustain, double SilentF1, int Steps)
{
    /// <summary>Compares two rolls.</summary>
    /// <param name="truth">What should have been.</param>
    /// <param name="played">What was.</param>
    /// <exception cref="InputException">The rolls differ in length or time step, or are empty.</exception>
    public static StepMetrics Compare(KeyRoll truth, KeyRoll played)
    {
        if (truth.TimeStep != played.TimeStep)
            throw new InputException(FormattableString.Invariant($"the rolls have time steps of {truth.TimeStep} s and {played.TimeStep} s; sample both alike"));
        if (truth.Count != played.Count || truth.Count == 0)
            throw new InputException($"the rolls have {truth.Count} and {played.Count} steps; expected the same number, at least 1");

        var sum = new StepMetricsSum();
        for (int i = 0; i < truth.Count; i++)
            sum.Add(truth.Steps[i], truth.Sustain[i] != 0, played.Steps[i], played.Sustain[i] != 0);
        return sum.Metrics;
    }
}

/// <summary>Adds up <see cref="StepMetrics"/> step by step, while a song is played.</summary>
/// <remarks>Start from <c>default</c>. Allocates nothing but for <see cref="Metrics"/>. One thread at a time.</remarks>
public struct StepMetricsSum
{
    private Mean _keys, _sustain;
    private long _hits, _extra, _missed;
    private int _silent;

    /// <summary>Number of steps added.</summary>
    public int Steps { get; private set; }

    /// <summary>RoboPianist's metric of the keys over the steps so far; NaN before the first.</summary>
    public readonly F1Score Keys => _keys.Value;

    /// <summary>All metrics of the steps so far; NaN before the first.</summary>
    public readonly StepMetrics Metrics => new(_keys.Value, F1Score.FromCounts(_hits, _extra, _missed), _sustain.Value, (double)_silent / Steps, Steps);

    /// <summary>Adds a step.</summary>
    /// <param name="wanted">Keys that should have been down: bit k is key k.</param>
    /// <param name="wantedPedal">Whether the pedal should have been down.</param>
    /// <param name="got">Keys that were down.</param>
    /// <param name="gotPedal">Whether the pedal was down.</param>
    public void Add(UInt128 wanted, bool wantedPedal, UInt128 got, bool gotPedal)
    {
        long hits = Count(wanted & got), extra = Count(got & ~wanted), missed = Count(wanted & ~got);
        _keys.Add(F1Score.FromCounts(hits, extra, missed));
        (_hits, _extra, _missed) = (_hits + hits, _extra + extra, _missed + missed);
        _silent += wanted == 0 ? 1 : 0;
        _sustain.Add(F1Score.FromCounts(wantedPedal && gotPedal ? 1 : 0, gotPedal && !wantedPedal ? 1 : 0, wantedPedal && !gotPedal ? 1 : 0));
        Steps++;
    }

    private static long Count(UInt128 mask) => (long)UInt128.PopCount(mask);

    private struct Mean
    {
        private double _precision, _recall, _f1;
        private int _count;

        public readonly F1Score Value => new(_precision / _count, _recall / _count, _f1 / _count);

        public void Add(F1Score score)
        {
            _precision += score.Precision;
            _recall += score.Recall;
            _f1 += score.F1;
            _count++;
        }
    }
}
