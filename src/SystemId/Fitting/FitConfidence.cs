namespace Legato.SystemId.Fitting;

/// <summary>How sure a fit is of its variables, from its Jacobian and residuals.</summary>
/// <remarks>
/// The covariance is that of the linearised problem without bounds: (JᵀJ / s² + P)⁻¹ with the priors' precisions P, and
/// s² = mean ψ² / (mean ψ′)², the residual variance that a robust loss leaves (Huber, Robust Statistics, 1981, 7.6); for least squares
/// Σ r² / (m − n). It assumes that the model is right and the residuals independent. Immutable and thread-safe.
/// </remarks>
public sealed class FitConfidence
{
    private const double Touched = 1e-3;

    private FitConfidence(double variance, double[,] covariance, IReadOnlyList<string> withoutEffect, IReadOnlyList<NullDirection> nullDirections)
    {
        (ResidualVariance, Covariance, WithoutEffect, NullDirections) = (variance, covariance, withoutEffect, nullDirections);
        int n = covariance.GetLength(0);
        StandardErrors = [.. Enumerable.Range(0, n).Select(j => Math.Sqrt(covariance[j, j]))];
        Correlation = new double[n, n];
        for (int j = 0; j < n; j++)
        {
            for (int k = 0; k < n; k++)
                Correlation[j, k] = j == k ? 1 : covariance[j, k] / (StandardErrors[j] * StandardErrors[k]);
        }
    }

    /// <summary>s²; 1 when the weights of the residuals were right.</summary>
    public double ResidualVariance { get; }

    /// <summary>Covariance in the variables' units; a variance is +∞ where data and prior say nothing.</summary>
    public double[,] Covariance { get; }

    /// <summary>Standard deviations in the variables' units.</summary>
    public double[] StandardErrors { get; }

    /// <summary>Correlations, −1..1; 0 beside a variable with infinite variance.</summary>
    public double[,] Correlation { get; }

    /// <summary>Variables that the data do not see at all.</summary>
    public IReadOnlyList<string> WithoutEffect { get; }

    /// <summary>Combinations of the other variables that the data cannot tell apart, least visible first. Priors do not hide them.</summary>
    public IReadOnlyList<NullDirection> NullDirections { get; }

    /// <summary>Half the width of the 95 % interval of a variable, in its unit.</summary>
    public double HalfWidth95(int variable) => 1.959964 * StandardErrors[variable];

    /// <summary>Computes it.</summary>
    /// <param name="variables">The unknowns.</param>
    /// <param name="columns">The Jacobian per scale of each variable.</param>
    /// <param name="residuals">Residuals at the estimate.</param>
    /// <param name="options">Loss and tolerances.</param>
    internal static FitConfidence Of(IReadOnlyList<FitVariable> variables, double[][] columns, double[] residuals, FitOptions options)
    {
        int n = columns.Length;
        double[,] information = NormalEquations.Of(columns, residuals, [.. residuals.Select(_ => 1.0)]).Hessian;
        double[] lengths = [.. Enumerable.Range(0, n).Select(j => Math.Sqrt(information[j, j]))];
        int[] seen = [.. Enumerable.Range(0, n).Where(j => lengths[j] > options.EffectTolerance * lengths.Max())];

        double variance = Variance(residuals, n, options.Loss);
        for (int j = 0; j < n; j++)
        {
            for (int k = 0; k < n; k++)
                information[j, k] /= variance;
        }
        var nullDirections = FindNullDirections(variables, information, seen, options.NullTolerance);
        for (int j = 0; j < n; j++)
        {
            double precision = variables[j].Scale / variables[j].PriorSd;
            information[j, j] += precision * precision;
        }
        double[,] covariance = Invert(information, options);
        for (int j = 0; j < n; j++)
        {
            for (int k = 0; k < n; k++)
                covariance[j, k] *= variables[j].Scale * variables[k].Scale;
        }
        return new FitConfidence(variance, covariance, [.. Enumerable.Range(0, n).Except(seen).Select(j => variables[j].Name)], nullDirections);
    }

    private static double Variance(double[] residuals, int variables, RobustLoss loss)
    {
        double squares = 0, curvature = 0;
        foreach (double r in residuals)
        {
            double influence = loss.Weight(r) * r;
            squares += influence * influence;
            curvature += loss.Curvature(r);
        }
        double slope = Math.Max(curvature / residuals.Length, 0.05);
        double variance = squares / Math.Max(1, residuals.Length - variables) / (slope * slope);
        // Perfect data: intervals of no width, but no division by zero.
        return Math.Max(variance, 1e-300);
    }

    private static List<NullDirection> FindNullDirections(IReadOnlyList<FitVariable> variables, double[,] information, int[] seen, double tolerance)
    {
        (double[] values, double[,] vectors, _) = UnitEigen(information, seen);
        var directions = new List<NullDirection>();
        for (int k = 0; k < values.Length && values[k] < tolerance; k++)
        {
            var components = new double[variables.Count];
            for (int i = 0; i < seen.Length; i++)
                components[seen[i]] = vectors[i, k];
            double largest = components.Max(Math.Abs);
            string[] names = [.. Enumerable.Range(0, components.Length).Where(j => Math.Abs(components[j]) >= 0.3 * largest)
                .OrderByDescending(j => Math.Abs(components[j])).Select(j => variables[j].Name)];
            directions.Add(new NullDirection(components, names, Math.Max(0, values[k])));
        }
        return directions;
    }

    private static double[,] Invert(double[,] information, FitOptions options)
    {
        int n = information.GetLength(0);
        double longest = Enumerable.Range(0, n).Max(j => Math.Sqrt(information[j, j]));
        int[] known = [.. Enumerable.Range(0, n).Where(j => Math.Sqrt(information[j, j]) > options.EffectTolerance * longest)];
        (double[] values, double[,] vectors, double[] lengths) = UnitEigen(information, known);
        var inverse = new double[n, n];
        foreach (int j in Enumerable.Range(0, n).Except(known))
            inverse[j, j] = double.PositiveInfinity;
        for (int k = 0; k < values.Length; k++)
        {
            bool isNull = values[k] < options.NullTolerance;
            for (int a = 0; a < known.Length; a++)
            {
                for (int b = 0; b < known.Length && !isNull; b++)
                    inverse[known[a], known[b]] += vectors[a, k] * vectors[b, k] / (values[k] * lengths[a] * lengths[b]);
                if (isNull && Math.Abs(vectors[a, k]) > Touched)
                    inverse[known[a], known[a]] = double.PositiveInfinity;
            }
        }
        return inverse;
    }

    // Of the matrix with ones on its diagonal: free of units.
    private static (double[] Values, double[,] Vectors, double[] Lengths) UnitEigen(double[,] information, int[] chosen)
    {
        double[] lengths = [.. chosen.Select(j => Math.Sqrt(information[j, j]))];
        var unit = new double[chosen.Length, chosen.Length];
        for (int a = 0; a < chosen.Length; a++)
        {
            for (int b = 0; b < chosen.Length; b++)
                unit[a, b] = information[chosen[a], chosen[b]] / (lengths[a] * lengths[b]);
        }
        (double[] values, double[,] vectors) = SymmetricMatrix.Eigen(unit);
        return (values, vectors, lengths);
    }
}
