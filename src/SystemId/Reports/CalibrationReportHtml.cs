using System.Globalization;
using System.Text;

using static Legato.SystemId.Reports.ReportFigures;

namespace Legato.SystemId.Reports;

/// <summary>Writes a calibration's report as one HTML file that needs nothing else: no scripts, no network.</summary>
/// <remarks>Stateless. The same report gives the same text in every culture and at any time.</remarks>
public static class CalibrationReportHtml
{
    // Residuals beyond this are outliers however far they are, in standard deviations of the noise.
    private const double ResidualRange = 10;

    private const string Head = """
        <!DOCTYPE html>
        <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
        """;

    private const string Style = """
        <style>
        body{font:15px/1.5 sans-serif;max-width:60em;margin:2em auto;padding:0 1em;color:#222}
        svg{font:11px sans-serif;max-width:100%;display:block;margin:.4em 0 1.2em}
        table{border-collapse:collapse;font-size:13px}td,th{padding:2px 9px;border-bottom:1px solid #ddd;text-align:right}
        td:first-child,th:first-child,td:last-child,th:last-child{text-align:left}
        .frozen{color:#888}.warning{background:#fff3d6;padding:.2em .8em;margin:.3em 0}.look{color:#555;margin:.2em 0}
        </style>
        """;

    /// <summary>The text of the file.</summary>
    /// <exception cref="ArgumentException">The correlations do not belong to the fitted parameters, or an overlay's lists differ in length.</exception>
    public static string Write(CalibrationReport report)
    {
        ReportedParameter[] fitted = [.. report.Parameters.Where(p => p.Frozen is null)];
        Validate(report, fitted.Length);
        var html = new StringBuilder(Head);
        html.Append(CultureInfo.InvariantCulture, $"\n<title>{Svg.Escape($"Calibration {report.Name}")}</title>\n{Style}\n</head><body>\n");
        html.Append(CultureInfo.InvariantCulture, $"<h1>{Svg.Escape($"Calibration {report.Name}")}</h1>\n<p>{Svg.Escape($"Robot {report.Robot}, ")}{FormattableString.Invariant($"{report.Time.UtcDateTime:yyyy-MM-dd HH:mm}")} UTC. {Svg.Escape(report.Summary)}</p>\n");
        foreach (string warning in report.Warnings)
            html.Append(CultureInfo.InvariantCulture, $"<p class=\"warning\">{Svg.Escape(warning)}</p>\n");
        Parameters(html, report.Parameters);
        if (report.Correlations.Count > 0)
            Section(html, "What was told apart", "Rows and columns are the fitted parameters in the order of the table. Look for strong colour beside the diagonal: such a pair errs together, and only a combination of the two is known.", HeatMap([.. fitted.Select(p => p.Name)], report.Correlations));
        if (report.Overlays.Count > 0)
        {
            Heading(html, "Measured and simulated motion", "Black is measured, grey dashes are the simulator before, blue is the simulator after. Look whether blue covers black where grey does not; where it is early, late or too small, the model lacks something.");
            foreach (JointOverlay overlay in report.Overlays)
                html.Append(CultureInfo.InvariantCulture, $"<h3>{Svg.Escape(overlay.Joint)}</h3>\n{Overlay(overlay)}");
        }
        if (report.Errors.Count > 0)
            Section(html, "Errors per joint", "Root mean square in standard deviations of the encoders' noise, grey before and blue after. Look for blue bars far beyond the red line: these joints do what no parameter explains.", Bars(report.Errors));
        if (report.ResidualsBefore.Count + report.ResidualsAfter.Count > 0)
            Section(html, "Residuals", "Measured less simulated, in standard deviations of the noise. Look for a narrow blue hill around 0; a hill beside 0 is a wrong zero or delay, bars at the ends are outliers.", Histogram("Residuals", report.ResidualsBefore, report.ResidualsAfter, ResidualRange, "sd"));
        if (report.KeyTimingBefore.Count + report.KeyTimingAfter.Count > 0)
            Section(html, "Timing of keys", "Recorded less simulated key events. Look for blue closer to 0 than grey: keys then sound in the simulator when they sound on the piano.", Histogram("Timing of key events", [.. report.KeyTimingBefore.Select(s => 1000 * s)], [.. report.KeyTimingAfter.Select(s => 1000 * s)], 60, "ms"));
        return html.Append("</body></html>\n").ToString();
    }

    private static void Parameters(StringBuilder html, IReadOnlyList<ReportedParameter> parameters)
    {
        Heading(html, "Parameters", "Look for intervals that do not contain the prior (the rig differs from the simulator there), and for notes: a frozen parameter was not measured, one at its bound is not to be trusted.");
        html.Append("<table><tr><th>parameter</th><th>unit</th><th>prior</th><th>estimate</th><th>95 % interval</th><th>note</th></tr>\n");
        foreach (ReportedParameter p in parameters)
        {
            string interval = p.Frozen is null ? $"{Number(p.Estimate - p.HalfWidth95, "G4")} … {Number(p.Estimate + p.HalfWidth95, "G4")}" : "";
            string note = p.Frozen is { } why ? $"frozen at the prior: {why}" : p.AtBound ? "at its bound" : "";
            html.Append(CultureInfo.InvariantCulture, $"<tr{(p.Frozen is null ? "" : " class=\"frozen\"")}><td>{Svg.Escape(p.Name)}</td><td>{Svg.Escape(p.Unit)}</td><td>{Number(p.Prior, "G4")}</td><td>{Number(p.Estimate, "G4")}</td><td>{interval}</td><td>{Svg.Escape(note)}</td></tr>\n");
        }
        html.Append("</table>\n");
    }

    private static void Section(StringBuilder html, string title, string look, string figure)
    {
        Heading(html, title, look);
        html.Append(figure);
    }

    private static void Heading(StringBuilder html, string title, string look) => html.Append(CultureInfo.InvariantCulture, $"<h2>{title}</h2>\n<p class=\"look\">{look}</p>\n");

    private static void Validate(CalibrationReport report, int fitted)
    {
        if (report.Correlations.Count != 0 && (report.Correlations.Count != fitted || report.Correlations.Any(row => row.Count != fitted)))
            throw new ArgumentException($"{report.Correlations.Count} rows of correlations for {fitted} fitted parameters; expected a square of that size", nameof(report));
        JointOverlay? ragged = report.Overlays.FirstOrDefault(o => o.Measured.Count != o.Times.Count || o.Before.Count != o.Times.Count || o.After.Count != o.Times.Count);
        if (ragged is not null)
            throw new ArgumentException($"the overlay of {ragged.Joint} has curves of different lengths", nameof(report));
    }
}
