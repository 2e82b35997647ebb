using Legato.Sim.Parameters;
using Legato.SystemId.Parameters;

namespace Legato.SystemId.Fitting;

/// <summary>A fit of those parameters that the data say something about.</summary>
/// <param name="Parameters">The start's parameters with everything that was fitted; what was frozen is at its prior's mean.</param>
/// <param name="Fit">The fit of the others: estimates, intervals, correlations.</param>
/// <param name="Frozen">What the data do not inform, in the order in which it was found.</param>
public sealed record InformedFit(SimParameters Parameters, FitResult Fit, IReadOnlyList<string> Frozen)
{
    // An interval that is hardly narrower than the prior's was not measured.
    private const double Uninformed = 0.8;

    /// <summary>Fits; then freezes the parameter whose interval is widest against its prior, as long as the data hardly narrowed that, and fits again.</summary>
    /// <param name="vector">What to fit, with priors.</param>
    /// <param name="start">First values, and everything that is not fitted.</param>
    /// <param name="solver">Loss and tolerances.</param>
    /// <param name="residuals">Residuals of several rigs, in standard deviations.</param>
    /// <exception cref="InputException">The data inform none of the parameters, or the residuals are not finite.</exception>
    internal static InformedFit Minimise(ParameterVector vector, SimParameters start, FitOptions solver, Func<IReadOnlyList<SimParameters>, double[][]> residuals)
    {
        var frozen = new List<string>();
        SimParameters current = start;
        while (vector.Count > 0)
        {
            SimParameters basis = current;
            ParameterVector free = vector;
            FitResult fit = new LevenbergMarquardt(free.Variables, solver)
                .Minimise(points => residuals([.. points.Select(p => free.Write(basis, p))]), free.Read(basis));
            current = free.Write(basis, fit.Estimate);
            double[] width = [.. Enumerable.Range(0, free.Count).Select(j => fit.Confidence.StandardErrors[j] / free.Priors[j].Sd)];
            int widest = Array.IndexOf(width, width.Max());
            if (width[widest] <= Uninformed)
                return new InformedFit(current, fit, frozen);
            string name = free.Names[widest];
            frozen.Add(name);
            current = current.With(name, free.Priors[widest].Mean);
            vector = free.Without(name);
        }
        throw new InputException($"the recordings say nothing about {string.Join(", ", frozen)}; record the motions of 'calibrate plan'");
    }
}
