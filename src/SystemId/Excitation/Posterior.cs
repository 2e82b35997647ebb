namespace Legato.SystemId.Excitation;

/// <summary>What priors and information say together, per prior standard deviation: the precision I + Σ M and what follows from it.</summary>
/// <remarks>Not thread-safe.</remarks>
public sealed class Posterior
{
    private readonly double[,] _precision;

    /// <summary>The priors alone.</summary>
    /// <param name="parameters">How many parameters.</param>
    public Posterior(int parameters)
    {
        _precision = new double[parameters, parameters];
        for (int i = 0; i < parameters; i++)
            _precision[i, i] = 1;
    }

    /// <summary>Adds information.</summary>
    /// <param name="information">A matrix of <see cref="BlockInformation"/>.</param>
    /// <param name="times">How often; may be a fraction.</param>
    public void Add(double[,] information, double times = 1)
    {
        int n = _precision.GetLength(0);
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
                _precision[i, j] += times * information[i, j];
        }
    }

    /// <summary>The logarithm of the determinant of the precision, with more information added if given.</summary>
    public double LogDeterminant(double[,]? added = null)
    {
        double[,] lower = Factor(added);
        double sum = 0;
        for (int i = 0; i < lower.GetLength(0); i++)
            sum += 2 * Math.Log(lower[i, i]);
        return sum;
    }

    /// <summary>Standard deviations relative to the priors', 0..1.</summary>
    public double[] StandardDeviations()
    {
        double[,] lower = Factor(null);
        int n = lower.GetLength(0);
        var variances = new double[n];
        // A⁻¹ = L⁻ᵀL⁻¹: a variance is the squared length of a column of L⁻¹.
        for (int column = 0; column < n; column++)
        {
            var x = new double[n];
            for (int i = column; i < n; i++)
            {
                double sum = i == column ? 1 : 0;
                for (int k = column; k < i; k++)
                    sum -= lower[i, k] * x[k];
                x[i] = sum / lower[i, i];
                variances[column] += x[i] * x[i];
            }
        }
        return [.. variances.Select(Math.Sqrt)];
    }

    // Cholesky's factor; the identity within keeps the matrix definite.
    private double[,] Factor(double[,]? added)
    {
        int n = _precision.GetLength(0);
        var lower = new double[n, n];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double sum = _precision[i, j] + (added?[i, j] ?? 0);
                for (int k = 0; k < j; k++)
                    sum -= lower[i, k] * lower[j, k];
                lower[i, j] = i == j ? Math.Sqrt(sum) : sum / lower[j, j];
            }
        }
        return lower;
    }
}
