using Legato.RobotDriver;
using Legato.Runtime.Loop;
using Legato.Runtime.Safety;

namespace Legato.Runtime.Experiments;

/// <summary>How far a run can be trusted as a measurement, A (best) to F, and why.</summary>
/// <param name="Grade">A to F.</param>
/// <param name="Reason">The worst thing found, in one line.</param>
public sealed record RunQuality(string Grade, string Reason)
{
    // Lateness of a cycle that still counts as in time: a hundredth of the period, and the 95 % figure of a system without real-time rights.
    private const double GoodLatenessUs = 500;
    private const double FairLatenessUs = 2000;

    /// <summary>Grades a run.</summary>
    public static RunQuality Of(LoopReport report, IReadOnlyList<StreamLoss> losses)
    {
        if (report.State == RunState.Faulted)
            return new("F", $"the run ended in a fault: {report.Cause}");
        LoopTimingReport timing = report.Timing;
        long lost = losses.Sum(l => l.Lost);
        if (timing.Skipped > 0)
            return new("E", $"{timing.Skipped} cycles were left out after a stall");
        if (timing.Overruns > 0)
            return new("D", $"{timing.Overruns} cycles ended after the next was due");
        if (lost > 0)
            return new("C", $"{lost} messages were lost");
        if (timing.LatenessUs.P99 > FairLatenessUs)
            return new("C", FormattableString.Invariant($"one cycle in a hundred began more than {timing.LatenessUs.P99 / 1000:0.0} ms late"));
        if (timing.LatenessUs.P99 > GoodLatenessUs)
            return new("B", FormattableString.Invariant($"one cycle in a hundred began more than {timing.LatenessUs.P99 / 1000:0.0} ms late"));
        return new("A", "in time, nothing lost");
    }
}
