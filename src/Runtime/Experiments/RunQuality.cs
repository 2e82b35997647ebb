using Legato.RobotDriver;
using Legato.Runtime.Loop;
using Legato.Runtime.Safety;

namespace Legato.Runtime.Experiments;

/// <summary>How far a run can be trusted as a measurement, A (best) to F, and why.</summary>
/// <param name="Grade">A to F: that of the worst criterion, F after a fault.</param>
/// <param name="Reason">What made it no better, in one line.</param>
public sealed record RunQuality(string Grade, string Reason)
{
    private const string Grades = "ABCDE";

    // Every threshold there is; docs/recording.md has the same table. A value up to a column's bound gets that grade, a larger one an E.
    private static readonly Criterion[] Criteria =
    [
        new(f => f.Timing.LatenessUs.P99, [500, 2_000, 10_000, 25_000], v => $"one cycle in a hundred began more than {v / 1000:0.0} ms late"),
        new(f => Share(f.Timing.Overruns, f.Timing.Cycles), [0, 0.001, 0.01, 0.05], v => $"{v:0.00 %} of the cycles ended after the next was due"),
        new(f => Share(f.Timing.Skipped, f.Timing.Cycles), [0, 0, 0.001, 0.01], v => $"{v:0.00 %} of the cycles were left out after a stall"),
        new(f => f.Lost, [0, 0, 0.001, 0.01], v => $"{v:0.00 %} of the messages of a stream were lost"),
        new(f => Share(f.Timing.AgedStates, f.Timing.Cycles), [0.001, 0.01, 0.05, 0.2], v => $"{v:0.0 %} of the cycles acted on a state older than a period"),
        new(f => f.Timing.Following, [0.5, 0.8, 1, double.PositiveInfinity], v => $"one cycle in a hundred was ahead of the joints by {v:0 %} of what the guard allows"),
        // What was sent is recorded, so that even a run that the guard changed throughout can be fitted.
        new(f => f.Clamped, [0.001, 0.01, double.PositiveInfinity, double.PositiveInfinity], v => $"the guard changed {v:0.0 %} of the targets"),
        new(f => f.ClockErrorUs, [2_000, 5_000, 20_000, double.PositiveInfinity], v => $"a clock is known to {v / 1000:0.0} ms only"),
    ];

    /// <summary>Grades a run.</summary>
    /// <param name="report">How the loop went.</param>
    /// <param name="losses">What was lost, per stream.</param>
    /// <param name="clocks">The clocks behind its stamps.</param>
    public static RunQuality Of(LoopReport report, IReadOnlyList<StreamLoss> losses, IReadOnlyList<ClockSummary> clocks)
    {
        if (report.State == RunState.Faulted)
            return new("F", $"the run ended in a fault: {report.Cause}");
        var facts = new Facts(
            report.Timing, losses.Select(l => Share(l.Lost, l.Lost + l.Received)).DefaultIfEmpty().Max(), report.GuardShare, clocks.Select(c => c.ErrorUs).DefaultIfEmpty().Max());
        (int Grade, string Reason)[] found = [.. Criteria.Select(c => c.Judge(facts))];
        int worst = found.Max(f => f.Grade);
        return worst == 0 ? new("A", "in time, nothing lost") : new(Grades[worst].ToString(), string.Join("; ", found.Where(f => f.Grade == worst).Select(f => f.Reason)));
    }

    private static double Share(long part, long whole) => whole == 0 ? 0 : (double)part / whole;

    private sealed record Facts(LoopTimingReport Timing, double Lost, double Clamped, double ClockErrorUs);

    /// <param name="Value">What is judged; more is worse.</param>
    /// <param name="Bounds">Largest values for A, B, C, D.</param>
    /// <param name="Describe">Says it in words.</param>
    private sealed record Criterion(Func<Facts, double> Value, double[] Bounds, Func<double, FormattableString> Describe)
    {
        public (int Grade, string Reason) Judge(Facts facts)
        {
            double value = Value(facts);
            // Written so that a value that is no number gets the worst grade.
            int grade = Array.FindIndex(Bounds, bound => value <= bound);
            return (grade < 0 ? Bounds.Length : grade, FormattableString.Invariant(Describe(value)));
        }
    }
}
