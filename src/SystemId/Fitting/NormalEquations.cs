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
        for (int j = 0; j < n; j++)
        {
            for (int i = 0; i < weighted.Length; i++)
                weighted[i] = weights[i] * columns[j][i];
            gradient[j] = Dot(weighted, residuals);
            for (int k = 0; k <= j; k++)
                hessian[j, k] = hessian[k, j] = Dot(weighted, columns[k]);
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

    private static double Dot(double[] a, double[] b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
            sum += a[i] * b[i];
        return sum;
    }
}
