using System.Globalization;

using Legato.Runtime.Improvement;
using Legato.SystemId.Reports;

namespace Legato.Runtime.Hil;

/// <summary>Puts a report into words, tables and a figure. Stateless.</summary>
internal static class HilPage
{
    /// <summary>Writes the page.</summary>
    /// <param name="report">What came of the scenarios.</param>
    /// <param name="scenarios">The scenarios, for their descriptions.</param>
    public static ReportDocument Write(HilReport report, IEnumerable<Scenario> scenarios)
    {
        var descriptions = scenarios.ToDictionary(s => s.Name, s => s.Description, StringComparer.Ordinal);
        var page = new ReportDocument($"Scenarios on {report.Robot}");
        page.Text(FormattableString.Invariant($"{report.Started.UtcDateTime:yyyy-MM-dd HH:mm} UTC: {report.Results.Count} scenarios in {report.Seconds:0} s; {report.Count(ScenarioVerdict.Passed)} passed, {report.Count(ScenarioVerdict.Failed)} failed, {report.Count(ScenarioVerdict.Skipped)} skipped."));
        if (report.Worst is { } worst)
            page.Text(FormattableString.Invariant($"Longest time from a fault until no key was down and the hands went up: {worst.Facts!.TimeToSafeMs:0} ms ({worst.Name})."));
        foreach (ScenarioResult failed in report.Results.Where(r => r.Verdict == ScenarioVerdict.Failed))
            page.Warning($"{failed.Name}: {string.Join("; ", failed.Reasons)}");
        if (report.Worst is not null)
            page.Figure(Chart([.. report.Results.Where(r => r.Facts?.TimeToSafeMs is not null)]));
        page.Section("What was run");
        page.Table(
            ["scenario", "what happens", "verdict", "ended", "safe after, ms", "speed / limit", "s"],
            report.Results.Where(r => r.Verdict != ScenarioVerdict.Skipped).Select(r => (string[])
            [
                r.Name, descriptions.GetValueOrDefault(r.Name, ""), Word(r.Verdict), r.Facts?.Ended ?? "", Number(r.Facts?.TimeToSafeMs, "0"), Number(r.Facts?.Motion?.Speed, "0.00"), Number(r.Seconds, "0.0"),
            ]));
        if (report.Count(ScenarioVerdict.Skipped) == 0)
            return page;
        page.Section("What was not run");
        page.Table(["scenario", "why"], report.Results.Where(r => r.Verdict == ScenarioVerdict.Skipped).Select(r => (string[])[r.Name, r.Reasons[0]]));
        return page;
    }

    private static Svg Chart(IReadOnlyList<ScenarioResult> results)
    {
        const double label = 210, width = 420, row = 18;
        double longest = Math.Max(1, results.Max(r => r.Facts!.TimeToSafeMs!.Value));
        var svg = new Svg(label + width + 80, (row * results.Count) + 10, "Time from the fault to a safe state");
        foreach ((int i, ScenarioResult result) in results.Index())
        {
            double ms = result.Facts!.TimeToSafeMs!.Value, y = row * i;
            svg.Text(label - 8, y + 13, result.Name, "end");
            svg.Rectangle(label, y + 4, width * ms / longest, row - 6, result.Verdict == ScenarioVerdict.Passed ? "fill:#1f6fb4" : "fill:#b4381f");
            svg.Text(label + (width * ms / longest) + 6, y + 13, FormattableString.Invariant($"{ms:0} ms"));
        }
        return svg;
    }

    private static string Word(ScenarioVerdict verdict) => verdict.ToString().ToLowerInvariant();

    private static string Number(double? value, string format) => value?.ToString(format, CultureInfo.InvariantCulture) ?? "–";
}
