using Legato.Sim.Parameters;

namespace Legato.SystemId.Calibration;

/// <summary>How well calibrations find one kind of parameter on rigs whose truth is known.</summary>
/// <param name="Kind">The key of drives' parameters (<c>gain</c>; rails apart: <c>rails gain</c>), the full name of others; the two hands count as one.</param>
/// <param name="Unit">Unit of the errors; <c>1</c> for a scale.</param>
/// <param name="Fitted">How many were fitted, in all trials.</param>
/// <param name="Frozen">How many were named and left at what was believed.</param>
/// <param name="MedianError">Median of the fitted ones' absolute errors.</param>
/// <param name="MedianRelativeError">The same as a fraction of the truth; null where truths may be 0 or negative.</param>
/// <param name="MedianDoubt">Median distance of the truth from what was believed before.</param>
/// <param name="Covered">How many of the fitted have the truth in their 95 % interval.</param>
public sealed record FitAccuracy(string Kind, string Unit, int Fitted, int Frozen, double MedianError, double? MedianRelativeError, double MedianDoubt, int Covered)
{
    /// <summary>Fraction of the intervals that hold the truth, 0..1.</summary>
    public double Coverage => (double)Covered / Fitted;

    /// <summary>Compares estimates with truths. Groups of drives are left out: the last word on a drive is its own.</summary>
    /// <param name="trials">For each rig the truth and what a calibration found.</param>
    /// <returns>One per kind of which any was fitted, in the order in which calibrations name them.</returns>
    public static IReadOnlyList<FitAccuracy> Of(IEnumerable<(SimParameters Truth, IReadOnlyList<ParameterEstimate> Estimates)> trials)
    {
        var all = trials.SelectMany(t => t.Estimates.Where(e => !ParameterSchema.Groups.Contains(ParameterSchema.Find(e.Name).Section)).Select(e => (Estimate: e, Truth: t.Truth[e.Name])));
        return
        [
            .. all.GroupBy(p => KindOf(ParameterSchema.Find(p.Estimate.Name)), StringComparer.Ordinal)
                .Where(g => g.Any(p => p.Estimate.Frozen is null))
                .Select(g => Of(g.Key, [.. g])),
        ];
    }

    private static FitAccuracy Of(string kind, (ParameterEstimate Estimate, double Truth)[] all)
    {
        var fitted = all.Where(p => p.Estimate.Frozen is null).ToArray();
        bool isPositive = fitted.All(p => p.Truth > 0);
        return new FitAccuracy(
            kind, all[0].Estimate.Unit, fitted.Length, all.Length - fitted.Length,
            Median(fitted.Select(Error)),
            isPositive ? Median(fitted.Select(p => Error(p) / p.Truth)) : null,
            Median(fitted.Select(p => Math.Abs(p.Estimate.PriorMean - p.Truth))),
            fitted.Count(p => p.Truth >= p.Estimate.Low95 && p.Truth <= p.Estimate.High95));
    }

    private static double Error((ParameterEstimate Estimate, double Truth) p) => Math.Abs(p.Estimate.Estimate - p.Truth);

    private static string KindOf(ParameterDefinition d)
    {
        if (d.Inherits is not null)
            return ParameterSchema.GroupOf(d.Section) == "rails" ? $"rails {d.Key}" : d.Key;
        return d.Section.EndsWith("_hand", StringComparison.Ordinal) ? d.Key : d.Name;
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        int middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : 0.5 * (sorted[middle - 1] + sorted[middle]);
    }
}
