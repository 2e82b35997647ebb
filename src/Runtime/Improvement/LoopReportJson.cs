using Legato.Runtime.Statistics;

namespace Legato.Runtime.Improvement;

/// <summary>What <c>loop --json</c> prints. Stateless.</summary>
internal static class LoopReportJson
{
    /// <summary>The object.</summary>
    public static object Of(LoopReport report, string folder) => new
    {
        Loop = folder,
        report.State.Request.Learner,
        Rounds = report.Rounds.Zip(report.State.Rounds, Round),
        StoppedBecause = report.State.Ended,
        BestRound = report.Best,
        Baselines = report.Baselines.Select(arm => new { arm.Name, SimF1 = arm.PredictedF1, RealF1 = arm.F1.Mean, RealF1Ci95 = Interval(arm.F1), N = arm.F1.Count, arm.LearningSeconds, arm.PlayedSeconds, Pieces = arm.Pieces.Select(Piece) }),
        Comparisons = report.Comparisons.Select(c => new { c.Than, Difference = c.Difference.Mean, DifferenceCi95 = Interval(c.Difference), Pairs = c.Difference.Count, c.P, c.PHolm }),
        Shortfalls = report.Shortfalls.Select(s => new { s.Song, SimF1 = s.PredictedF1, RealF1 = s.F1, Loss = s.PredictedF1 - s.F1 }),
        Ablations = report.Ablations.Select(a => new { a.Without, RealF1 = a.F1.Mean, RealF1Ci95 = Interval(a.F1), Gain = a.Gain.Mean, GainCi95 = Interval(a.Gain), N = a.Gain.Count, a.PHolm }),
        Report = Path.Combine(folder, LoopReportPage.HtmlFile),
    };

    private static object Round(ArmFigures arm, LoopRound round) => new
    {
        round.Parameters,
        SimF1 = arm.PredictedF1,
        RealF1 = arm.F1.Mean,
        RealF1Ci95 = Interval(arm.F1),
        N = arm.F1.Count,
        arm.LearningSeconds,
        arm.PlayedSeconds,
        Pieces = arm.Pieces.Select(Piece),
        Learning = round.Arm.Policies.Where(p => p.Value.Learning is not null).Select(p => new { Song = p.Key, p.Value.Learning!.EnvSteps, p.Value.Learning.PlanF1, p.Value.Learning.PolicyF1 }),
        HoldOut = round.Calibration?.HoldOut,
        Moved = round.Calibration?.Moved,
    };

    private static object Piece(PieceFigures piece) => new
    {
        piece.Song,
        SimF1 = piece.PredictedF1,
        RealF1 = piece.F1.Mean,
        RealF1Ci95 = Interval(piece.F1),
        OnsetF1 = piece.OnsetF1.Mean,
        OnsetF1Ci95 = Interval(piece.OnsetF1),
    };

    private static double[] Interval(Estimate e) => [e.Low, e.High];
}
