using System.Globalization;
using System.Text;

using Legato.Runtime.Calibration;
using Legato.Runtime.Improvement;
using Legato.Runtime.Statistics;
using Legato.SystemId.Reports;

namespace Legato.Runtime.Benchmarks;

/// <summary>Puts a study of learning into tables, a figure and a file of curves. Stateless; alike in every culture.</summary>
internal static class LearningReportPage
{
    /// <summary>Files in the folder of a study.</summary>
    public const string MarkdownFile = "report.md", HtmlFile = "report.html", CurveFile = "curves.csv";

    private const string SignedFormat = "+0.000;-0.000;0.000";

    private static readonly string[] Header = ["learning", "F1", "onset F1", "difference in F1", "n", "p, Holm", "env steps"];

    private static readonly string[] Colours = ["#1f6fb4", "#999999", "#d1603d", "#3d9950", "#8a5fb0", "#b08a2e", "#c04f8a", "#3f9fa8"];

    /// <summary>Writes all files, each in one step.</summary>
    /// <param name="report">The figures.</param>
    /// <param name="conditions">What all trainings have in common.</param>
    /// <param name="folder">Where to.</param>
    /// <exception cref="InputException">The disk refuses.</exception>
    public static void Save(LearningReport report, string conditions, string folder)
    {
        ReportDocument page = Write(report, conditions);
        CalibrationFiles.Write(Path.Combine(folder, MarkdownFile), page.ToMarkdown());
        CalibrationFiles.Write(Path.Combine(folder, HtmlFile), page.ToHtml());
        CalibrationFiles.Write(Path.Combine(folder, CurveFile), Curves(report));
    }

    /// <summary>Prints the table in Markdown.</summary>
    public static void Print(LearningReport report, TextWriter writer)
    {
        foreach (IEnumerable<string> cells in new[] { Header, [.. Header.Select((_, i) => i == 0 ? "---" : "---:")] }.Concat(report.Rows.Select(Cells)))
            writer.WriteLine($"| {string.Join(" | ", cells)} |");
    }

    /// <summary>Writes the report.</summary>
    public static ReportDocument Write(LearningReport report, string conditions)
    {
        var page = new ReportDocument("What each part of learning is worth");
        page.Text($"{conditions}. Every training is judged on the same rigs, on which nobody trained or chose. Intervals hold the mean with 95 % confidence (bootstrap over songs and seeds, bias-corrected and accelerated); differences and p are pair by pair, the same song and seed (Fisher's paired permutation test with Holm's correction); n is the number of pairs.");
        page.Table(Header, report.Rows.Select(Cells));
        page.Section("Learning curves");
        page.Text($"F1 without exploring, on rigs to choose the best policy by, mean over songs and seeds. Every training's curve is in {CurveFile}.");
        page.Figure(Chart(report));
        return page;
    }

    /// <summary>Every training's curve as CSV: <c>row,song,seed,env_steps,f1</c>.</summary>
    public static string Curves(LearningReport report)
    {
        var csv = new StringBuilder("row,song,seed,env_steps,f1\n");
        foreach (LearningTrial trial in report.Trials)
        {
            foreach (double[] point in trial.Curve)
                csv.Append(CultureInfo.InvariantCulture, $"{Quoted(trial.Row)},{Quoted(trial.Song)},{trial.Seed},{point[0]},{point[1]:R}\n");
        }
        return csv.ToString();
    }

    private static string Quoted(string text) => text.AsSpan().ContainsAny(",\"\n") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;

    private static string[] Cells(LearningRow row) =>
    [
        row.Name, Interval(row.F1, "0.000"), Interval(row.OnsetF1, "0.000"), row.Difference is { } d ? Interval(d, SignedFormat) : "",
        row.F1.Count.ToString(CultureInfo.InvariantCulture), row.PHolm is { } p ? p.ToString("0.000", CultureInfo.InvariantCulture) : "", row.EnvSteps.ToString("N0", CultureInfo.InvariantCulture),
    ];

    private static string Interval(Estimate e, string format) =>
        $"{e.Mean.ToString(format, CultureInfo.InvariantCulture)} ({e.Low.ToString(format, CultureInfo.InvariantCulture)} … {e.High.ToString(format, CultureInfo.InvariantCulture)})";

    // A line per row that learns, with its name beside.
    private static Svg Chart(LearningReport report)
    {
        const double left = 40, width = 460, height = 240, top = 10, legend = 16;
        (string Name, string Colour, IReadOnlyList<LearningCurvePoint> Points)[] curves =
            [.. report.Rows.Select((row, i) => (row.Name, Colours[i % Colours.Length], report.CurveOf(row.Name))).Where(c => c.Item3.Count > 0)];
        double steps = curves.SelectMany(c => c.Points).Select(p => p.EnvSteps).DefaultIfEmpty(1).Max(), low = curves.SelectMany(c => c.Points).Select(p => p.F1).DefaultIfEmpty(0).Min();
        // Equal values would have no scale.
        (steps, low) = (Math.Max(1, steps), Math.Floor(10 * Math.Min(low, 0.99)) / 10);
        double X(double s) => left + (width * s / steps);
        double Y(double f1) => top + (height * (1 - f1) / (1 - low));
        var svg = new Svg(left + width + 20, top + height + 24 + (legend * curves.Length), "Learning curves");
        foreach (double f1 in (ReadOnlySpan<double>)[low, 0.5 * (1 + low), 1])
        {
            svg.Line(left, Y(f1), left + width, Y(f1), "stroke:#ddd");
            svg.Text(left - 6, Y(f1) + 4, f1.ToString("0.00", CultureInfo.InvariantCulture), "end");
        }
        svg.Text(left, top + height + 16, "0");
        svg.Text(left + width, top + height + 16, $"{steps.ToString("N0", CultureInfo.InvariantCulture)} environment steps", "end");
        foreach ((int i, (string name, string colour, IReadOnlyList<LearningCurvePoint> points)) in curves.Index())
        {
            svg.Curve(points.Select(p => (X(p.EnvSteps), Y(p.F1))), $"stroke:{colour};stroke-width:2");
            double y = top + height + 28 + (legend * i);
            svg.Line(left, y, left + 20, y, $"stroke:{colour};stroke-width:2");
            svg.Text(left + 28, y + 4, name);
        }
        return svg;
    }
}
