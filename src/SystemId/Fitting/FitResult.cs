namespace Legato.SystemId.Fitting;

/// <summary>A combination of variables that the data do not see.</summary>
/// <param name="Components">Change of each variable, in effects on the residuals (column lengths); of length 1.</param>
/// <param name="Names">The variables with the largest components, largest first.</param>
/// <param name="Eigenvalue">Its eigenvalue in JᵀJ with unit columns; 0 is unseen, 1 is a variable on its own.</param>
public sealed record NullDirection(IReadOnlyList<double> Components, IReadOnlyList<string> Names, double Eigenvalue);

/// <summary>What a fit found and how sure it is.</summary>
/// <param name="Variables">The unknowns, in order.</param>
/// <param name="Estimate">Their values, in their own units.</param>
/// <param name="Cost">Half the sum of squares, or what the loss makes of it, priors included.</param>
/// <param name="Residuals">Residuals at the estimate, without priors.</param>
/// <param name="End">Why it ended.</param>
/// <param name="Iterations">Quadratic models that were solved.</param>
/// <param name="Evaluations">Points at which residuals were asked for.</param>
/// <param name="Confidence">Intervals, correlations, and what the data cannot tell.</param>
public sealed record FitResult(
    IReadOnlyList<FitVariable> Variables, double[] Estimate, double Cost, double[] Residuals, FitEnd End, int Iterations, int Evaluations, FitConfidence Confidence)
{
    /// <summary>What <see cref="Confidence"/> was computed from, where the solver kept it.</summary>
    internal FitEvidence? Evidence { get; init; }
}
