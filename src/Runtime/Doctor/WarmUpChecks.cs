using Legato.Runtime.Calibration;

namespace Legato.Runtime.Doctor;

/// <summary>The doctor's rows of a warm-up.</summary>
public static class WarmUpChecks
{
    // Tendons slacken one by one; a rig that has warmed up or was moved is off everywhere.
    private const int MostTendons = 3;

    /// <summary>One row for the warm-up, and one per drive that drifted.</summary>
    public static IReadOnlyList<CheckRow> Of(WarmUpReport report)
    {
        if (report.IsFirst)
            return [new CheckRow("warm-up", CheckStatus.Ok, $"{report.Drives} drives of '{report.Robot}' recorded: later warm-ups are compared with this one", null)];
        if (report.Drifted.Count == 0)
            return [new CheckRow("warm-up", CheckStatus.Ok, $"{report.Drives} drives of '{report.Robot}' as after the calibration", null)];
        bool single = report.Drifted.Count <= MostTendons;
        string fix = single
            ? $"re-tension {string.Join(", ", report.Drifted.Select(d => d.Drive))} and warm up again; recalibrate if that does not help"
            : "recalibrate: legato calibrate plan, record, check, fit, validate, promote";
        return
        [
            new CheckRow("warm-up", CheckStatus.Warning, $"{report.Drifted.Count} of {report.Drives} drives of '{report.Robot}' drifted", fix),
            .. report.Drifted.Select(d => new CheckRow(d.Drive, CheckStatus.Warning,
                FormattableString.Invariant($"error {d.Before:0.0} -> {d.Now:0.0} of the encoders' noise (p {d.Probability:0.000})"), null)),
        ];
    }
}
