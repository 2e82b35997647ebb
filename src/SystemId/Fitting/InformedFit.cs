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
    private const double Uninformative = 0.8;

    // Freezing one of two that are correlated this much may be what the other needs to be measured.
    private const double Entangled = 0.3;

    // Gain of a step, relative to the cost, below which what the data inform does not change any more.
    private const double Settled = 1e-3;

    /// <summary>
    /// Fits roughly; freezes the parameters whose intervals are widest against their priors, of several that are entangled only the first, as long as
    /// the data hardly narrow one; then fits the others to the end.
    /// </summary>
    /// <param name="vector">What to fit, with priors.</param>
    /// <param name="start">First values, and everything that is not fitted.</param>
    /// <param name="solver">Loss and tolerances.</param>
    /// <param name="residuals">Residuals of several rigs, in standard deviations.</param>
    /// <param name="structure">What is known of the residuals.</param>
    /// <param name="quick">Residuals that change likewise but are quicker to have, for the derivatives; null is the residuals themselves.</param>
    /// <exception cref="InputException">The residuals are not finite.</exception>
    public static InformedFit Minimise(ParameterVector vector, SimParameters start, FitOptions solver, Func<IReadOnlyList<SimParameters>, double[][]> residuals, ResidualStructure structure, Func<IReadOnlyList<SimParameters>, double[][]>? quick = null)
    {
        var frozen = new List<string>();
        SimParameters current = start;
        int evaluations = 0;
        FitResult? near = null;
        for (bool isRough = true; vector.Count > 0; isRough = false)
        {
            SimParameters basis = current;
            ParameterVector free = vector;
            ResidualBatch Of(Func<IReadOnlyList<SimParameters>, double[][]> rigs) => points => rigs([.. points.Select(p => free.Write(basis, p))]);
            FitOptions options = isRough ? solver with { CostTolerance = Math.Max(Settled, solver.CostTolerance) } : solver;
            FitResult fit = new LevenbergMarquardt(free.Variables, options)
                .Minimise(Of(residuals), free.Read(basis), structure: structure, near: solver.JacobianReuse > 0 ? near : null, quick: quick is null ? null : Of(quick));
            near = fit;
            evaluations += fit.Evaluations;
            current = free.Write(basis, fit.Estimate);
            List<string> uninformed = Uninformed(free, fit, options);
            if (uninformed.Count == 0 && options.CostTolerance <= solver.CostTolerance)
                return new InformedFit(current, fit, frozen, evaluations);
            foreach (string name in uninformed)
            {
                frozen.Add(name);
                current = current.With(name, free.Priors[free.Names.ToList().IndexOf(name)].Mean);
                vector = vector.Without(name);
            }
        }
        return new InformedFit(current, null, frozen, evaluations);
    }

    // Freezing a parameter narrows the intervals of those entangled with it, which the same derivatives tell.
    private static List<string> Uninformed(ParameterVector vector, FitResult fit, FitOptions options)
    {
        List<int> left = [.. Enumerable.Range(0, vector.Count)];
        var uninformed = new List<string>();
        FitConfidence confidence = fit.Confidence;
        while (Widest([.. left.Select(j => vector.Priors[j].Sd)], confidence) is { Count: > 0 } widest)
        {
            uninformed.AddRange(widest.Select(i => vector.Names[left[i]]));
            left = [.. left.Where((_, i) => !widest.Contains(i))];
            if (left.Count == 0)
                break;
            confidence = FitConfidence.Of([.. left.Select(j => vector.Variables[j])], fit.Evidence!.Only(left), options);
        }
        return uninformed;
    }

    private static List<int> Widest(double[] priors, FitConfidence confidence)
    {
        var chosen = new List<int>();
        double Width(int j) => confidence.StandardErrors[j] / priors[j];
        foreach (int j in Enumerable.Range(0, priors.Length).Where(j => Width(j) > Uninformative).OrderByDescending(Width))
        {
            if (chosen.All(k => Math.Abs(confidence.Correlation[j, k]) < Entangled))
                chosen.Add(j);
        }
        return chosen;
    }
}
