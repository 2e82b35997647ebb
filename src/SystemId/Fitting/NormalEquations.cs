namespace Legato.SystemId.Fitting;

/// <summary>A quadratic model of a cost: gᵀd + ½ dᵀHd for a step d.</summary>
internal sealed class NormalEquations(double[,] hessian, double[] gradient)
{
    public double[,] Hessian => hessian;

    public double[] Gradient => gradient;

    /// <summary>JᵀWJ and JᵀWr.</summary>
    /// <param name="columns">J, column by column.</param>
    /// <param name="residuals">r.</param>
    /// <param name="weights">The diagonal of W.</param>
    public static NormalEquations Of(double[][] columns, double[] residuals, double[] weights)
    {
        int n = columns.Length;
        var hessian = new double[n, n];
        var gradient = new double[n];
        var weighted = new double[residuals.Length];
        // Most variables of a large fit move a small part of the residuals.
        (int First, int End)[] support = [.. columns.Select(Support)];
        for (int j = 0; j < n; j++)
        {
            (int first, int end) = support[j];
            for (int i = first; i < end; i++)
                weighted[i] = weights[i] * columns[j][i];
            gradient[j] = Dot(weighted, residuals, first, end);
            for (int k = 0; k <= j; k++)
                hessian[j, k] = hessian[k, j] = Dot(weighted, columns[k], Math.Max(first, support[k].First), Math.Min(end, support[k].End));
        }
        return new NormalEquations(hessian, gradient);
    }

    /// <summary>H + damping · diag(H).</summary>
    public double[,] Damped(double damping)
    {
        int n = gradient.Length;
        var damped = (double[,])hessian.Clone();
        double largest = Enumerable.Range(0, n).Max(j => hessian[j, j]);
        // What has no effect is damped, too, so that the matrix stays definite.
        double floor = largest > 0 ? 1e-12 * largest : 1;
        for (int j = 0; j < n; j++)
            damped[j, j] += Math.Max(damping * hessian[j, j], floor);
        return damped;
    }

    /// <summary>How much the model goes down with a step.</summary>
    public double Decrease(double[] step)
    {
        double sum = 0;
        for (int j = 0; j < step.Length; j++)
        {
            double slope = gradient[j];
            for (int k = 0; k < step.Length; k++)
                slope += 0.5 * hessian[j, k] * step[k];
            sum -= slope * step[j];
        }
        return sum;
    }

    // From the first value that is not zero to behind the last.
    private static (int First, int End) Support(double[] column)
    {
        int first = Array.FindIndex(column, value => value != 0);
        return first < 0 ? (0, 0) : (first, Array.FindLastIndex(column, value => value != 0) + 1);
    }

    private static double Dot(double[] a, double[] b, int first, int end)
    {
        double sum = 0;
        for (int i = first; i < end; i++)
            sum += a[i] * b[i];
        return sum;
    }
}
