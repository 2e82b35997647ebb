using System.Globalization;

using Legato.Runtime.Calibration;
using Legato.Runtime.Statistics;
using Legato.SystemId.Reports;

namespace Legato.Runtime.Improvement;

/// <summary>Puts a loop's report into words, tables and a figure. Stateless.</summary>
internal static class LoopReportPage
{
    /// <summary>Files in the folder of a loop.</summary>
    public const string MarkdownFile = "report.md", HtmlFile = "report.html";

    private const string SignedFormat = "+0.000;-0.000;0.000";

    // Parameters of a refit that are listed, those that moved most.
    private const int MostMoved = 10;

    /// <summary>Writes both files, each in one step.</summary>
    /// <exception cref="InputException">The disk refuses.</exception>
    public static void Save(LoopReport report, string folder)
    {
        ReportDocument page = Write(report);
        CalibrationFiles.Write(Path.Combine(folder, MarkdownFile), page.ToMarkdown());
        CalibrationFiles.Write(Path.Combine(folder, HtmlFile), page.ToHtml());
    }

    /// <summary>Writes the report.</summary>
    public static ReportDocument Write(LoopReport report)
    {
        LoopRequest request = report.State.Request;
        var page = new ReportDocument($"Sim2Real2Sim on {Path.GetFileNameWithoutExtension(request.Robot)}");
        ArmFigures best = report.Arms[report.Best];
        page.Text(Invariant($"The best round is {best.Name}: F1 {Interval(best.F1)} on the robot, {Number(best.PredictedF1)} in its simulator. Rounds ended: {report.State.Ended ?? "not yet"}."));
        if (report.Ours is { } anew)
            page.Text(Invariant($"Played anew, after it was chosen: F1 {Interval(anew.F1)}."));
        page.Text(Invariant($"{request.Songs.Count} songs, {request.Repeats} performances each, seed {request.Seed}; learner {request.Learner}{(request.Learning is null ? "" : $" ({request.Learning})")}, {request.Seconds} s of planning per song. Intervals hold the mean with 95 % confidence (bootstrap over performances, bias-corrected and accelerated); n is the number of performances."));
        Shortfalls(page, report);
        page.Section("Arms");
        page.Figure(Chart(report.Arms));
        page.Table(["arm", "F1 in its simulator", "F1 on the robot", "n", "robot time, learning", "robot time, performing"], report.Arms.Select(Row));
        foreach (ArmFigures arm in report.Arms)
            page.Text($"{arm.Name}: {arm.Meaning}.");
        page.Section("Pieces");
        page.Table(["arm", "piece", "F1 in its simulator", "F1 on the robot", "onset F1 on the robot", "n"], report.Arms.SelectMany(arm => arm.Pieces.Select(piece => Row(arm, piece))));
        Comparisons(page, report);
        Ablations(page, report);
        Learning(page, report.State);
        foreach ((int number, LoopRound round) in report.State.Rounds.Index())
            Refit(page, number, round);
        return page;
    }

    private static void Shortfalls(ReportDocument page, LoopReport report)
    {
        foreach (Shortfall s in report.Shortfalls)
            page.Warning(Invariant($"{s.Song}: the robot falls short of the simulator: F1 {s.F1:0.000} instead of {s.PredictedF1:0.000}, a loss of {s.PredictedF1 - s.F1:0.000} ({s.F1 / s.PredictedF1:P0} of it; {LoopReport.ExpectedShare:P0} are expected)."));
        if (report.Shortfalls.Count == 0)
            page.Text(Invariant($"On every piece the robot reaches {LoopReport.ExpectedShare:P0} of the simulator's F1 or more."));
        if (report.Arms.All(a => a.Pieces.All(p => p.F1.Low == p.F1.High)) && report.State.Request.Repeats > 1)
            page.Warning("All performances of a policy were the same: this robot has no noise, so that intervals and tests say nothing about chance.");
    }

    private static void Comparisons(ReportDocument page, LoopReport report)
    {
        if (report.Comparisons.Count == 0)
            return;
        page.Section(Invariant($"Round {report.Best} against the others"));
        page.Text("Differences in F1, pair by pair: the same song, the same repeat. p is Fisher's paired permutation test over all pieces and repeats, on both sides; Holm's correction allows for the number of comparisons. " + (report.Ours is null
            ? "The best round was chosen by these same performances, which favours it a little."
            : "All performances that are compared were played after the best round was chosen, with seeds that no round had had."));
        page.Table(["than", "difference in F1", "pairs", "p", "p, Holm"], report.Comparisons.Select(c => (string[])[c.Than, Interval(c.Difference, SignedFormat), Invariant($"{c.Difference.Count}"), Probability(c.P), Probability(c.PHolm)]));
    }

    private static void Ablations(ReportDocument page, LoopReport report)
    {
        if (report.Ablations.Count == 0)
            return;
        page.Section("What parts the robot from its simulator");
        page.Text(Invariant($"The policies of round {report.Best} on the same rig without one difference from their simulator: a parameter as the simulator has it, an effect that no parameter describes switched off. The gain is what that difference costs, pair by pair; with every difference gone, the stand-in's shorter physics step remains. p as above."));
        page.Table(["without", "F1", "gain", "pairs", "p, Holm"], report.Ablations.Select(a => (string[])[a.Without, Interval(a.F1), Interval(a.Gain, SignedFormat), Invariant($"{a.Gain.Count}"), Probability(a.PHolm)]));
    }

    private static void Learning(ReportDocument page, LoopState state)
    {
        (int Round, string Song, LearningFigures Figures)[] learnt = [.. state.Rounds.Index().SelectMany(r => r.Item.Arm.Policies.Where(p => p.Value.Learning is not null).Select(p => (r.Index, p.Key, p.Value.Learning!)))];
        if (learnt.Length == 0)
            return;
        page.Section("What the networks have learnt");
        page.Text("On simulated rigs that differ as those of training do, but were not trained on. From the second round on a network begins with that of the round before.");
        page.Table(["round", "piece", "environment steps", "F1 of the plan alone", "F1 with the network"], learnt.Select(l => (string[])[
            LoopReport.NameOf(l.Round), l.Song, Invariant($"{l.Figures.EnvSteps}"), Number(l.Figures.PlanF1), Number(l.Figures.PolicyF1)]));
    }

    private static void Refit(ReportDocument page, int number, LoopRound round)
    {
        if (round.Calibration is not { } refit)
            return;
        page.Section(Invariant($"Refit after round {number}"));
        page.Text(Invariant($"{round.RobotSeconds:0} s on the robot, {round.Excitation?.Seconds ?? 0:0} s of them motions for identification. Parameters: {refit.Parameters}"));
        if (refit.HoldOut is { } error)
        {
            page.Text(Invariant($"Error on motions that the fit did not see: {error.Before:0.00} before, {error.After:0.00} after, in units of the encoders' noise."));
            if (error.After >= error.Before)
                page.Warning("The refit predicts these motions no better than before.");
        }
        page.Text(Invariant($"The {MostMoved} parameters that moved most, in standard deviations of their priors:"));
        page.Table(["parameter", "moved"], refit.Moved.OrderByDescending(m => Math.Abs(m.Value)).ThenBy(m => m.Key, StringComparer.Ordinal).Take(MostMoved).Select(m => (string[])[m.Key, Invariant($"{m.Value:+0.00;-0.00;0.00}")]));
    }

    private static string[] Row(ArmFigures arm) =>
        [arm.Name, Number(arm.PredictedF1), Interval(arm.F1), Invariant($"{arm.F1.Count}"), Invariant($"{arm.LearningSeconds:0} s"), Invariant($"{arm.PlayedSeconds:0} s")];

    private static string[] Row(ArmFigures arm, PieceFigures piece) =>
        [arm.Name, piece.Song, Number(piece.PredictedF1), Interval(piece.F1), Interval(piece.OnsetF1), Invariant($"{piece.F1.Count}")];

    // Means with their intervals, a line per arm.
    private static Svg Chart(IReadOnlyList<ArmFigures> arms)
    {
        const double label = 190, width = 400, row = 22;
        double low = Math.Min(0.9, arms.Min(a => a.F1.Low));
        double X(double f1) => label + (width * (f1 - low) / (1 - low));
        var svg = new Svg(label + width + 60, (row * arms.Count) + 26, "F1 on the robot with 95 % intervals");
        foreach ((int i, ArmFigures arm) in arms.Index())
        {
            double y = (row * i) + 14;
            svg.Text(label - 8, y + 4, arm.Name, "end");
            svg.Line(X(arm.F1.Low), y, X(arm.F1.High), y, "stroke:#1f6fb4;stroke-width:2");
            svg.Rectangle(X(arm.F1.Mean) - 3, y - 4, 6, 8, "fill:#1f6fb4", $"{arm.Name}: {Interval(arm.F1)}");
            if (arm.PredictedF1 is { } predicted)
                svg.Line(X(predicted), y - 6, X(predicted), y + 6, "stroke:#999;stroke-width:2");
            svg.Text(label + width + 8, y + 4, Number(arm.F1.Mean));
        }
        svg.Text(label, (row * arms.Count) + 20, Invariant($"{low:0.00}"));
        svg.Text(label + width, (row * arms.Count) + 20, "1", "end");
        svg.Text(label + (width / 2), (row * arms.Count) + 20, "F1; grey: in its simulator", "middle");
        return svg;
    }

    private static string Number(double? value) => value?.ToString("0.000", CultureInfo.InvariantCulture) ?? "–";

    private static string Interval(Estimate e, string format = "0.000") =>
        $"{e.Mean.ToString(format, CultureInfo.InvariantCulture)} ({e.Low.ToString(format, CultureInfo.InvariantCulture)} … {e.High.ToString(format, CultureInfo.InvariantCulture)})";

    private static string Probability(double p) => p < 0.001 ? "< 0.001" : p.ToString("0.000", CultureInfo.InvariantCulture);

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
