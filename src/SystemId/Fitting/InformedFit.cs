using Legato.Sim.Parameters;
using Legato.SystemId.Parameters;

namespace Legato.SystemId.Fitting;

/// <summary>A fit of those parameters that the data say something about.</summary>
/// <param name="Parameters">The start's parameters with everything that was fitted; what was frozen is at its prior's mean.</param>
/// <param name="Fit">The fit of the others: estimates, intervals, correlations. Null where nothing is left.</param>
/// <param name="Frozen">What the data do not inform, in the order in which it was found.</param>
/// <param name="Evaluations">Points at which residuals were asked for, in all fits.</param>
internal sealed record InformedFit(SimParameters Parameters, FitResult? Fit, IReadOnlyList<string> Frozen, int Evaluations)
{
    // An interval that is hardly narrower than the prior's was not measured.
    private const double Uninformed = 0.8;

    // Freezing one of two that are correlated this much may be what the other needs to be measured.
    private const double Entangled = 0.3;

    /// <summary>
    /// Fits; then freezes the parameters whose intervals are widest against their priors, of several that are entangled only the first, as long as
    /// the data hardly narrowed one, and fits again.
    /// </summary>
    /// <param name="vector">What to fit, with priors.</param>
    /// <param name="start">First values, and everything that is not fitted.</param>
    /// <param name="solver">Loss and tolerances.</param>
    /// <param name="residuals">Residuals of several rigs, in standard deviations.</param>
    /// <param name="structure">What is known of the residuals.</param>
    /// <exception cref="InputException">The residuals are not finite.</exception>
    public static InformedFit Minimise(ParameterVector vector, SimParameters start, FitOptions solver, Func<IReadOnlyList<SimParameters>, double[][]> residuals, ResidualStructure structure)
    {
        var frozen = new List<string>();
        SimParameters current = start;
        int evaluations = 0;
        while (vector.Count > 0)
        {
            SimParameters basis = current;
            ParameterVector free = vector;
            FitResult fit = new LevenbergMarquardt(free.Variables, solver)
                .Minimise(points => residuals([.. points.Select(p => free.Write(basis, p))]), free.Read(basis), structure: structure);
            evaluations += fit.Evaluations;
            current = free.Write(basis, fit.Estimate);
            List<int> widest = Widest(free, fit.Confidence);
            if (widest.Count == 0)
                return new InformedFit(current, fit, frozen, evaluations);
            foreach (int j in widest)
            {
                frozen.Add(free.Names[j]);
                current = current.With(free.Names[j], free.Priors[j].Mean);
                vector = vector.Without(free.Names[j]);
            }
        }
        return new InformedFit(current, null, frozen, evaluations);
    }

    private static List<int> Widest(ParameterVector vector, FitConfidence confidence)
    {
        var chosen = new List<int>();
        double Width(int j) => confidence.StandardErrors[j] / vector.Priors[j].Sd;
        foreach (int j in Enumerable.Range(0, vector.Count).Where(j => Width(j) > Uninformed).OrderByDescending(Width))
        {
            if (chosen.All(k => Math.Abs(confidence.Correlation[j, k]) < Entangled))
                chosen.Add(j);
        }
        return chosen;
    }
}
