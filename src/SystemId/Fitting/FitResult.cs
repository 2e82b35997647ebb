using Legato.Sim.Parameters;

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

    /// <summary>The last derivatives: of each variable, per scale.</summary>
    internal double[][] Columns { get; init; } = [];

    /// <summary>The last derivatives of a variable.</summary>
    /// <exception cref="ArgumentException">It was not fitted.</exception>
    internal double[] ColumnOf(string name)
    {
        for (int j = 0; j < Columns.Length; j++)
        {
            if (Variables[j].Name == name)
                return Columns[j];
        }
        throw new ArgumentException($"'{name}' was not fitted", nameof(name));
    }

    /// <summary>Values that the data might as well have given: normally distributed around the estimate, within the bounds. Variables of which data say nothing stay.</summary>
    /// <param name="count">How many, 0 or more.</param>
    /// <param name="seed">The same seed gives the same values.</param>
    public IReadOnlyList<double[]> Draw(int count, int seed)
    {
        double[] errors = Confidence.StandardErrors;
        int[] known = [.. Enumerable.Range(0, errors.Length).Where(j => double.IsFinite(errors[j]) && errors[j] > 0)];
        var correlation = new double[known.Length, known.Length];
        for (int a = 0; a < known.Length; a++)
        {
            for (int b = 0; b < known.Length; b++)
                correlation[a, b] = Confidence.Correlation[known[a], known[b]];
        }
        var errorsOfKnown = new CorrelatedNormal([.. known.Select(j => errors[j])], correlation);
        var noise = new GaussianNoise(seed);
        return [.. Enumerable.Range(0, count).Select(_ => Drawn())];

        double[] Drawn()
        {
            double[] drawn = [.. Estimate];
            foreach ((int j, double error) in known.Zip(errorsOfKnown.Draw(noise)))
                drawn[j] = Math.Clamp(drawn[j] + error, Variables[j].Lower, Variables[j].Upper);
            return drawn;
        }
    }
}
