using System.Text.Json;

using Legato.Music;
using Legato.Runtime.Recording;
using Legato.Sim;
using Legato.Sim.Parameters;
using Legato.Sim.Scene;
using Legato.SystemId.Calibration;
using Legato.SystemId.Keys;
using Legato.SystemId.Reports;

namespace Legato.Runtime.Calibration;

/// <summary>Fits checked runs, and leaves parameters, figures and report in the folder of the calibration.</summary>
/// <param name="time">Dates the fit.</param>
/// <param name="progress">Told what is going on; may be null.</param>
public sealed class FitSession(TimeProvider time, IProgress<string>? progress)
{
    /// <summary>File with every figure of the fit.</summary>
    public const string FitFile = "fit.json";

    /// <summary>File with the report for people.</summary>
    public const string ReportFile = "report.html";

    /// <summary>Fits.</summary>
    /// <param name="calibration">Folder with the <c>check.json</c> of the runs.</param>
    /// <param name="start">What was believed; the same as in the check.</param>
    /// <param name="options">What to fit.</param>
    /// <param name="stop">Stops; nothing is written then.</param>
    /// <exception cref="InputException">The runs were not checked, were refused, have changed since, or do not determine anything.</exception>
    public CalibrationResult Run(string calibration, SimParameters start, CalibrationOptions options, CancellationToken stop)
    {
        var check = CheckFile.Load(calibration);
        RunImport[] runs = [.. check.Runs.Select(run => RunImport.Load(run.Folder))];
        check.Require(runs);
        if (check.PriorHash != start.Hash)
            throw new InputException($"{calibration}: was checked for other parameters than the fit is to begin with; name the same --params, or check again");
        using PianoScene scene = PianoScene.Build(runs[0].Scene with { Contacts = ContactSet.Full });
        CalibrationResult result = new CalibrationFit(scene, options, time).Fit([.. runs.Select(Record)], start, progress, stop);
        CalibrationFiles.Write(Path.Combine(calibration, ParameterStore.ParametersFile), result.Parameters.ToYaml());
        CalibrationFiles.Write(Path.Combine(calibration, ReportFile), CalibrationReportHtml.Write(Report(calibration, runs[0].Folder, result)));
        // Last: who finds it finds the others, too.
        CalibrationFiles.Write(Path.Combine(calibration, FitFile), JsonSerializer.Serialize(Figures(result), CalibrationFiles.Json) + "\n");
        return result;
    }

    /// <summary>The estimates of a fit that was made before.</summary>
    /// <param name="calibration">Its folder.</param>
    /// <exception cref="InputException">There is none, or it is damaged.</exception>
    public static IReadOnlyList<ParameterEstimate> LoadEstimates(string calibration) => LoadFit(Path.Combine(calibration, FitFile)).Estimates;

    /// <summary>What is on disk of a fit that was made before.</summary>
    /// <param name="figures">Its file.</param>
    /// <exception cref="InputException">There is none, or it is damaged.</exception>
    internal static SavedFit LoadFit(string figures) => CalibrationFiles.Read<SavedFit>(figures, "fit again with 'legato calibrate fit'");

    /// <summary>The figures of the fit that a parameter file comes from: beside it in a calibration, under its own name once it was promoted; null where there are none.</summary>
    internal static string? FiguresOf(string file) =>
        ((string[])[Path.ChangeExtension(file, FitFile), Path.Combine(Path.GetDirectoryName(Path.GetFullPath(file))!, FitFile)]).FirstOrDefault(File.Exists);

    /// <summary>A run as the fit wants it.</summary>
    internal static KeyRecord Record(RunImport run) => new(run.Recording.ToMotion(), run.Keys.Select(k => new TimedKeyEvent(k.Time, k.Key, k.IsDown)));

    private static object Figures(CalibrationResult result) => new
    {
        result.Parameters.Hash,
        result.Estimates,
        result.Fitted,
        result.Correlation,
        result.NullDirections,
        result.Entangled,
        result.Drives,
        result.Keys,
        result.Warnings,
        Seconds = result.Duration.TotalSeconds,
        result.RollOuts,
    };

    private CalibrationReport Report(string calibration, string run, CalibrationResult result) => new()
    {
        Name = Path.GetFileName(Path.TrimEndingDirectorySeparator(calibration)),
        Robot = (string?)RunFolder.Open(run).Summary["robot"] ?? "not named by its runs",
        Time = time.GetUtcNow(),
        Summary = FormattableString.Invariant($"{result.Fitted.Count} of {result.Estimates.Count} parameters were fitted in {result.Duration.TotalSeconds:0} s. They count only once they predict motions that the fit did not see: 'legato calibrate validate'."),
        Warnings = result.Warnings,
        Parameters = [.. result.Estimates.Select(e => new ReportedParameter(e.Name, e.Unit, e.PriorMean, e.Estimate, e.HalfWidth95, e.AtBound, e.Frozen))],
        Correlations = result.Correlation,
        Errors = [.. result.Drives.Where(j => j.Noise > 0).Select(j => new JointError(j.Drive, j.Before / j.Noise, j.After / j.Noise))],
        KeyTimingBefore = result.Keys?.Before ?? [],
        KeyTimingAfter = result.Keys?.After ?? [],
    };
}

/// <summary>What is read again of a fit.</summary>
/// <param name="Hash">Of the fitted parameters.</param>
/// <param name="Estimates">Every parameter of the choice.</param>
/// <param name="Fitted">Names of those that were fitted.</param>
/// <param name="Correlation">Their correlations.</param>
internal sealed record SavedFit(string Hash, IReadOnlyList<ParameterEstimate> Estimates, IReadOnlyList<string> Fitted, IReadOnlyList<IReadOnlyList<double>> Correlation);
