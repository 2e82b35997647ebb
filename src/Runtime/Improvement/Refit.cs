using Legato.Runtime.Calibration;
using Legato.Sim.Parameters;
using Legato.SystemId.Calibration;

namespace Legato.Runtime.Improvement;

/// <summary>From runs to parameters: check, fit, validation on runs that the fit does not see.</summary>
/// <param name="options">What is checked and fitted.</param>
/// <param name="time">Dates the evidence.</param>
/// <param name="tell">Told what is going on.</param>
internal sealed class Refit(WorkshopOptions options, TimeProvider time, IProgress<string> tell)
{
    /// <summary>Refits.</summary>
    /// <exception cref="InputException">A run is missing, or the check refuses the runs.</exception>
    public Calibrated Run(IReadOnlyList<string> runs, IReadOnlyList<string> holdOut, string? start, bool keyEvents, string folder, CancellationToken stop)
    {
        SimParameters believed = start is null ? SimParameters.Nominal : SimParameters.Load(start);
        RunImport[] whole = [.. runs.Select(RunImport.Load).Where(IsWhole)];
        string[] accepted = [.. whole.Where(run => run.Recording.Losses.Count > 0).Select(run => run.Folder)];
        new CheckSession(time, tell.Report).Run(whole, accepted, options.Checked, believed, folder);
        stop.ThrowIfCancellationRequested();
        CalibrationResult fit = new FitSession(time, tell).Run(folder, believed, options.Calibration with { KeyEvents = keyEvents }, stop);
        HoldOutError? error = null;
        if (holdOut.Count > 0)
        {
            HoldOut found = new ValidateSession(time).Run(folder, believed, [.. holdOut.Select(RunImport.Load)]).HoldOut;
            error = new HoldOutError(found.Before, found.After);
        }
        return new Calibrated(Path.Combine(folder, ParameterStore.ParametersFile), folder, error, Moved(fit));
    }

    // One lossy performance is no reason to refuse the others.
    private bool IsWhole(RunImport run)
    {
        if (options.RefusalOf(run) is not { } refusal)
            return true;
        tell.Report($"{run.Folder}: is not fitted: {refusal}");
        return false;
    }

    private static Dictionary<string, double> Moved(CalibrationResult fit) =>
        fit.Estimates.Where(e => e.Frozen is null).ToDictionary(e => e.Name, e => (e.Estimate - e.PriorMean) / e.PriorSd);
}
