namespace Legato.SystemId.Fitting;

/// <summary>How sure a fit is of its variables, from its Jacobian and residuals.</summary>
/// <remarks>
/// The covariance is that of the linearised problem without bounds: (JᵀJ / s² + P)⁻¹ with the priors' precisions P, and
/// s² = mean ψ² / (mean ψ′)², the residual variance that a robust loss leaves (Huber, Robust Statistics, 1981, 7.6); for least squares
/// Σ r² / (m − n). That assumes that the model is right and the residuals independent. Where the stretches of data that residuals come from are
/// known, each standard error is at least that of the sandwich estimator over stretches (Liang and Zeger, 1986), with Student's t for their number:
/// what pulls one stretch one way and the next the other is uncertainty, too; correlations stay those of the model. What is not fitted and not known
/// comes on top: its cases' covariance of the estimate that they would have led to. Immutable and thread-safe.
/// </remarks>
public sealed class FitConfidence
{
    private const double Touched = 1e-3;

    // Of the normal distribution at 97.5 %.
    private const double NormalQuantile = 1.959964;

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
    public double HalfWidth95(int variable) => NormalQuantile * StandardErrors[variable];

    /// <summary>Computes it.</summary>
    /// <param name="variables">The unknowns.</param>
    /// <param name="evidence">What the derivatives at the estimate say.</param>
    /// <param name="options">Tolerances.</param>
    internal static FitConfidence Of(IReadOnlyList<FitVariable> variables, FitEvidence evidence, FitOptions options)
    {
        int n = variables.Count;
        var information = (double[,])evidence.Information.Clone();
        double[] lengths = [.. Enumerable.Range(0, n).Select(j => Math.Sqrt(information[j, j]))];
        int[] seen = [.. Enumerable.Range(0, n).Where(j => lengths[j] > options.EffectTolerance * lengths.Max())];
        for (int j = 0; j < n; j++)
        {
            for (int k = 0; k < n; k++)
                information[j, k] /= evidence.Variance;
        }
        var nullDirections = FindNullDirections(variables, information, seen, options.NullTolerance);
        for (int j = 0; j < n; j++)
        {
            double precision = variables[j].Scale / variables[j].PriorSd;
            information[j, j] += precision * precision;
        }
        double[,] covariance = Invert(information, options);
        double[] widening = Widening(covariance, evidence.Pulls);
        double[][] doubts = [.. evidence.Doubts.Select(pull => Shift(covariance, pull))];
        for (int j = 0; j < n; j++)
        {
            for (int k = 0; k < n; k++)
            {
                double doubt = doubts.Length == 0 ? 0 : doubts.Average(shift => shift[j] * shift[k]);
                covariance[j, k] = variables[j].Scale * variables[k].Scale * ((covariance[j, k] * widening[j] * widening[k]) + doubt);
            }
        }
        return new FitConfidence(evidence.Variance, covariance, [.. Enumerable.Range(0, n).Except(seen).Select(j => variables[j].Name)], nullDirections);
    }

    // How many times wider than the model says the estimates scatter from stretch to stretch, 1 or more.
    private static double[] Widening(double[,] covariance, IReadOnlyList<double[]> pulls)
    {
        int n = covariance.GetLength(0);
        double[] widening = [.. Enumerable.Repeat(1.0, n)];
        if (pulls.Count < 3)
            return widening;
        double[][] shifts = [.. pulls.Select(pull => Shift(covariance, pull))];
        double small = pulls.Count / (pulls.Count - 1.0);
        for (int j = 0; j < n; j++)
        {
            if (!double.IsFinite(covariance[j, j]))
                continue;
            double sandwich = shifts.Sum(shift => shift[j] * shift[j]);
            widening[j] = Math.Max(1, StudentQuantile(pulls.Count - 1) / NormalQuantile * Math.Sqrt(small * sandwich / covariance[j, j]));
        }
        return widening;
    }

    // Where a pull moves the estimate to, in scales of the variables.
    private static double[] Shift(double[,] covariance, double[] pull) =>
        [.. Enumerable.Range(0, pull.Length).Select(j => Enumerable.Range(0, pull.Length).Sum(k => double.IsFinite(covariance[j, k]) ? covariance[j, k] * pull[k] : 0))];

    // Of Student's t at 97.5 %: Cornish and Fisher's expansion, right within 2 % from two degrees of freedom on.
    private static double StudentQuantile(int degrees)
    {
        double z = NormalQuantile, z2 = z * z, d = degrees;
        return z + (z * (z2 + 1) / (4 * d)) + (z * ((5 * z2 * z2) + (16 * z2) + 3) / (96 * d * d)) + (z * ((3 * z2 * z2 * z2) + (19 * z2 * z2) + (17 * z2) - 15) / (384 * d * d * d));
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
