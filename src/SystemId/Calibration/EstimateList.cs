using Legato.Sim.Parameters;
using Legato.SystemId.Fitting;
using Legato.SystemId.Parameters;

namespace Legato.SystemId.Calibration;

/// <summary>Collects what the stages of a calibration find; of a parameter that several fit, the last word counts.</summary>
/// <param name="start">What was believed before.</param>
internal sealed class EstimateList(SimParameters start)
{
    private const double MuchCorrelated = 0.9;

    // How near to an end of its range a parameter counts as at it, as a part of the range.
    private const double Near = 1e-4;

    private readonly List<string> _order = [], _warnings = [];
    private readonly Dictionary<string, string> _frozen = [];
    private readonly Dictionary<string, (FitResult Fit, int Index)> _fitted = [];
    private readonly List<FitResult> _fits = [];
    private int _rollOuts;

    public void Warn(string warning) => _warnings.Add(warning);

    public void Freeze(IEnumerable<string> names, string reason)
    {
        foreach (string name in names)
        {
            Order(name);
            // A later stage that cannot tell does not undo an earlier one that could.
            if (!_fitted.ContainsKey(name))
                _frozen[name] = reason;
        }
    }

    public void Add(FitResult? fit, IReadOnlyList<string> frozen, string reason, int rollOuts)
    {
        _rollOuts += rollOuts;
        if (fit is not null)
        {
            _fits.Add(fit);
            for (int j = 0; j < fit.Variables.Count; j++)
            {
                Order(fit.Variables[j].Name);
                _frozen.Remove(fit.Variables[j].Name);
                _fitted[fit.Variables[j].Name] = (fit, j);
            }
            if (fit.End is FitEnd.IterationLimit)
                Warn($"a fit of {fit.Variables.Count} parameters ran out of iterations: its estimates may be off by more than their intervals");
        }
        Freeze(frozen, reason);
    }

    public CalibrationResult Result(SimParameters parameters, IReadOnlyList<DriveRms> drives, KeyTimingErrors? keys, TimeSpan duration)
    {
        ParameterEstimate[] estimates = [.. _order.Select(name => Estimate(name, parameters))];
        foreach (ParameterEstimate e in estimates.Where(e => e.AtBound))
            Warn($"{e.Name} lies at an end of its range: look for what no parameter explains");
        string[] fitted = [.. _order.Where(_fitted.ContainsKey)];
        double[][] correlation = [.. fitted.Select(a => fitted.Select(b => Correlation(a, b)).ToArray())];
        return new CalibrationResult
        {
            Parameters = parameters,
            Estimates = estimates,
            Fitted = fitted,
            Correlation = correlation,
            NullDirections = [.. _fits.SelectMany(fit => fit.Confidence.NullDirections).Select(direction => direction.Names)],
            Entangled =
            [
                .. Enumerable.Range(0, fitted.Length).SelectMany(a => Enumerable.Range(0, a).Select(b => new EntangledPair(fitted[b], fitted[a], correlation[b][a])))
                    .Where(pair => Math.Abs(pair.Correlation) >= MuchCorrelated).OrderByDescending(pair => Math.Abs(pair.Correlation)),
            ],
            Drives = drives,
            Keys = keys,
            Warnings = [.. _warnings],
            Duration = duration,
            RollOuts = _rollOuts,
        };
    }

    private void Order(string name)
    {
        if (!_order.Contains(name))
            _order.Add(name);
    }

    private ParameterEstimate Estimate(string name, SimParameters parameters)
    {
        ParameterDefinition d = ParameterSchema.Find(name);
        ParameterPrior prior = ParameterPrior.Around(d, start);
        if (!_fitted.TryGetValue(name, out (FitResult Fit, int Index) at))
            return new ParameterEstimate(name, d.Unit, prior.Mean, prior.Sd, parameters[name], 0, false, _frozen[name]);
        double value = parameters[name], near = Near * (d.Max - d.Min);
        return new ParameterEstimate(name, d.Unit, prior.Mean, prior.Sd, value, at.Fit.Confidence.HalfWidth95(at.Index), value <= d.Min + near || value >= d.Max - near, null);
    }

    private double Correlation(string a, string b)
    {
        ((FitResult fit, int i), (FitResult other, int j)) = (_fitted[a], _fitted[b]);
        return fit == other ? fit.Confidence.Correlation[i, j] : 0;
    }
}
