using Legato.Sim.Parameters;
using Legato.Sim.Tasks.Rigs;
using Legato.SystemId.Calibration;
using Legato.SystemId.Fitting;

namespace Legato.Runtime.Calibration;

/// <summary>Rigs as they may be after a calibration: what was fitted as surely as the fit knows it, the rest anywhere around.</summary>
/// <remarks>
/// Fitted parameters are drawn from the normal distribution of their estimates, correlations included, and drives that are like their group go with it; all others
/// as <see cref="RandomRigs"/> draws them. Immutable and thread-safe.
/// </remarks>
public sealed class FittedRigs : IRigSource
{
    // Half a 95 % interval, in standard deviations.
    private const double HalfWidth = 1.959964;

    private readonly SimParameters _fitted;
    private readonly double _severity;
    private readonly string[] _names;
    private readonly double[] _estimates;
    private readonly CorrelatedNormal _errors;
    private readonly HashSet<string> _known;

    private FittedRigs(SimParameters fitted, SavedFit fit, double severity)
    {
        (_fitted, _severity) = (fitted, severity);
        Dictionary<string, ParameterEstimate> estimates = fit.Estimates.ToDictionary(e => e.Name, StringComparer.Ordinal);
        int[] sure = [.. Enumerable.Range(0, fit.Fitted.Count).Where(i => double.IsFinite(estimates[fit.Fitted[i]].HalfWidth95))];
        _names = [.. sure.Select(i => fit.Fitted[i])];
        _estimates = [.. _names.Select(name => fitted[name])];
        var correlation = new double[sure.Length, sure.Length];
        for (int a = 0; a < sure.Length; a++)
        {
            for (int b = 0; b < sure.Length; b++)
                correlation[a, b] = fit.Correlation[sure[a]][sure[b]];
        }
        _errors = new CorrelatedNormal([.. _names.Select(name => estimates[name].HalfWidth95 / HalfWidth)], correlation);
        _known = [.. _names, .. ParameterSchema.Definitions.Where(d => d.Inherits is { } group && _names.Contains(group)).Select(d => d.Name)];
    }

    /// <inheritdoc/>
    public string Description => FormattableString.Invariant($"fit {_fitted.Hash[..8]}, severity {_severity} beside it");

    /// <summary>The rigs of the fit that a parameter file came from; null if no fit of these parameters lies beside it.</summary>
    /// <param name="parametersFile">YAML of the fitted parameters, of a calibration or promoted.</param>
    /// <param name="severity">How far what was not fitted may be from them, 0..1.</param>
    /// <exception cref="InputException">One of the files is damaged.</exception>
    public static FittedRigs? Beside(string parametersFile, double severity)
    {
        if (FitSession.FiguresOf(parametersFile) is not { } figures)
            return null;
        SavedFit fit = FitSession.LoadFit(figures);
        SimParameters fitted = SimParameters.Load(parametersFile);
        return fit.Hash == fitted.Hash ? new FittedRigs(fitted, fit, severity) : null;
    }

    /// <inheritdoc/>
    public DrawnRig Draw(int seed)
    {
        double[] drawn = [.. _estimates.Zip(_errors.Draw(new GaussianNoise(seed)), (estimate, error) => estimate + error)];
        SimParameters possible = _fitted.WithVector(_names, [.. _names.Zip(drawn, (name, value) => Math.Clamp(value, ParameterSchema.Find(name).Min, ParameterSchema.Find(name).Max))]);
        DrawnRig around = new RandomRigs(_severity, possible).Draw(seed);
        string[] known = [.. _known];
        return around with { Parameters = around.Parameters.WithVector(known, [.. known.Select(name => possible[name])]) };
    }
}
