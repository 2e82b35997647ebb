namespace Legato.SystemId.Fitting;

/// <summary>What the derivatives at an estimate say of how sure it is, summed up so that it also answers for some of the variables alone.</summary>
/// <param name="Information">JᵀJ per scales of the variables.</param>
/// <param name="Pulls">For each stretch of data what its residuals pull each variable with, in standard deviations that a robust loss leaves; empty where stretches are unknown.</param>
/// <param name="Doubts">For each case of what is not fitted and not known how it pulls each variable, likewise.</param>
/// <param name="Variance">s²: the residual variance that the loss leaves.</param>
internal sealed record FitEvidence(double[,] Information, IReadOnlyList<double[]> Pulls, IReadOnlyList<double[]> Doubts, double Variance)
{
    /// <summary>Sums up.</summary>
    /// <param name="columns">The Jacobian per scale of each variable.</param>
    /// <param name="residuals">Residuals at the estimate.</param>
    /// <param name="loss">Their loss.</param>
    /// <param name="structure">What is known of them.</param>
    public static FitEvidence Of(double[][] columns, double[] residuals, RobustLoss loss, ResidualStructure structure)
    {
        double slope = Math.Max(residuals.Sum(loss.Curvature) / residuals.Length, 0.05), variance = VarianceOf(residuals, columns.Length, loss, slope);
        double[,] information = NormalEquations.Of(columns, residuals, [.. residuals.Select(_ => 1.0)]).Hessian;
        IReadOnlyList<double[]> pulls = PullsOf(columns, residuals, loss, structure.Stretches, variance * slope);
        double[][] doubts = [.. structure.Doubts.Select(change => columns.Select(column => column.Select((c, i) => c * loss.Weight(residuals[i]) * change[i]).Sum() / (variance * slope)).ToArray())];
        return new FitEvidence(information, pulls, doubts, variance);
    }

    /// <summary>As if only these variables had been fitted.</summary>
    public FitEvidence Only(IReadOnlyList<int> variables)
    {
        var information = new double[variables.Count, variables.Count];
        for (int j = 0; j < variables.Count; j++)
        {
            for (int k = 0; k < variables.Count; k++)
                information[j, k] = Information[variables[j], variables[k]];
        }
        return new FitEvidence(information, Of(Pulls), Of(Doubts), Variance);

        double[][] Of(IReadOnlyList<double[]> pulls) => [.. pulls.Select(pull => variables.Select(j => pull[j]).ToArray())];
    }

    private static double VarianceOf(double[] residuals, int variables, RobustLoss loss, double slope)
    {
        double squares = 0;
        foreach (double r in residuals)
        {
            double influence = loss.Weight(r) * r;
            squares += influence * influence;
        }
        // Perfect data: intervals of no width, but no division by zero.
        return Math.Max(squares / Math.Max(1, residuals.Length - variables) / (slope * slope), 1e-300);
    }

    private static IReadOnlyList<double[]> PullsOf(double[][] columns, double[] residuals, RobustLoss loss, IReadOnlyList<int> stretches, double scale)
    {
        var pulls = stretches.Distinct().ToDictionary(s => s, _ => new double[columns.Length]);
        for (int i = 0; i < residuals.Length && pulls.Count > 0; i++)
        {
            double influence = loss.Weight(residuals[i]) * residuals[i] / scale;
            double[] pull = pulls[stretches[i]];
            for (int j = 0; j < columns.Length; j++)
                pull[j] += columns[j][i] * influence;
        }
        return [.. pulls.Values];
    }
}
