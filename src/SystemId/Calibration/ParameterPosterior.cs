using Legato.Sim.Parameters;
using Legato.SystemId.Fitting;

namespace Legato.SystemId.Calibration;

/// <summary>What is believed of a rig's parameters after a calibration: an estimate, and others that the recordings might as well have given.</summary>
/// <remarks>
/// Fitted parameters err together as their fits say, within one stage; those of which the recordings say nothing as their priors do; what else was
/// frozen follows from other parameters and stays. Normal distributions, cut at the ends of the parameters' ranges. Immutable and thread-safe.
/// </remarks>
public sealed class ParameterPosterior
{
    private readonly ParameterEstimate[] _estimates;
    private readonly CorrelatedNoise _noise;

    /// <summary>Takes it from a calibration.</summary>
    /// <param name="parameters">The calibration's parameters.</param>
    /// <param name="estimates">Every parameter of its choice.</param>
    /// <param name="fitted">Those that were fitted: rows and columns of <paramref name="correlation"/>.</param>
    /// <param name="correlation">−1..1.</param>
    /// <exception cref="InputException">These do not fit together.</exception>
    public ParameterPosterior(
        SimParameters parameters, IReadOnlyList<ParameterEstimate> estimates, IReadOnlyList<string> fitted, IReadOnlyList<IReadOnlyList<double>> correlation)
    {
        Parameters = parameters;
        if (correlation.Count != fitted.Count || correlation.Any(row => row.Count != fitted.Count) || fitted.Except(estimates.Select(e => e.Name)).Any())
            throw new InputException($"a calibration of {fitted.Count} parameters with correlations of {correlation.Count}: damaged; fit again with 'legato calibrate fit'");
        var byName = estimates.ToDictionary(e => e.Name, StringComparer.Ordinal);
        ParameterEstimate[] frozen = [.. estimates.Where(e => e.Frozen is CalibrationFit.NotMoved or CalibrationFit.NotInformed or CalibrationFit.NoKeys)];
        _estimates = [.. fitted.Select(name => byName[name]), .. frozen];
        double[,] matrix = new double[_estimates.Length, _estimates.Length];
        for (int a = 0; a < _estimates.Length; a++)
        {
            for (int b = 0; b < _estimates.Length; b++)
                matrix[a, b] = a == b ? 1 : a < fitted.Count && b < fitted.Count ? correlation[a][b] : 0;
        }
        _noise = new CorrelatedNoise(matrix, [.. _estimates.Select(Deviation)]);
    }

    /// <summary>The estimate.</summary>
    public SimParameters Parameters { get; }

    /// <summary>Draws rigs.</summary>
    /// <param name="count">How many, 0 or more.</param>
    /// <param name="seed">The same seed gives the same rigs.</param>
    public IReadOnlyList<SimParameters> Draw(int count, int seed)
    {
        string[] names = [.. _estimates.Select(e => e.Name)];
        ParameterDefinition[] definitions = [.. names.Select(ParameterSchema.Find)];
        return [.. _noise.Draw(count, seed).Select(shifts =>
            Parameters.WithVector(names, [.. shifts.Select((shift, i) => Math.Clamp(Parameters[names[i]] + shift, definitions[i].Min, definitions[i].Max))]))];
    }

    // Data that say nothing have no interval.
    private static double Deviation(ParameterEstimate e) =>
        e.Frozen is not null ? e.PriorSd : double.IsFinite(e.HalfWidth95) ? Math.Min(e.HalfWidth95 / 1.959964, e.PriorSd) : e.PriorSd;
}
