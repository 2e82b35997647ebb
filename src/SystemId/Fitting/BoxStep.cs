namespace Legato.SystemId.Fitting;

/// <summary>Minimises a strictly convex quadratic inside a box by an active-set method.</summary>
internal static class BoxStep
{
    /// <summary>The step d that minimises gᵀd + ½ dᵀAd with low ≤ d ≤ high; low ≤ 0 ≤ high.</summary>
    public static double[] Solve(double[,] a, double[] g, double[] low, double[] high)
    {
        int n = g.Length;
        var step = new double[n];
        var held = new bool[n];
        // Each pass holds the variable that breaks out furthest or lets go of the one that pulls inwards hardest.
        for (int pass = 0; pass < 4 * (n + 1); pass++)
        {
            if (!SolveFree(a, g, held, step))
                break;
            int worst = Worst(n, j => held[j] ? 0 : Math.Max(low[j] - step[j], step[j] - high[j]));
            if (worst >= 0)
            {
                held[worst] = true;
                step[worst] = Math.Clamp(step[worst], low[worst], high[worst]);
                continue;
            }
            int pulled = Worst(n, j => held[j] ? Inwards(j, Slope(a, g, step, j), step, high) : 0);
            if (pulled < 0)
                break;
            held[pulled] = false;
        }
        for (int j = 0; j < n; j++)
            step[j] = Math.Clamp(step[j], low[j], high[j]);
        return step;
    }

    private static bool SolveFree(double[,] a, double[] g, bool[] held, double[] step)
    {
        int[] free = [.. Enumerable.Range(0, g.Length).Where(j => !held[j])];
        var matrix = new double[free.Length, free.Length];
        var right = new double[free.Length];
        for (int i = 0; i < free.Length; i++)
        {
            right[i] = -g[free[i]];
            for (int j = 0; j < g.Length; j++)
                right[i] -= held[j] ? a[free[i], j] * step[j] : 0;
            for (int j = 0; j < free.Length; j++)
                matrix[i, j] = a[free[i], free[j]];
        }
        if (!SymmetricMatrix.TrySolve(matrix, right, out double[] solution))
            return false;
        for (int i = 0; i < free.Length; i++)
            step[free[i]] = solution[i];
        return true;
    }

    private static double Slope(double[,] a, double[] g, double[] step, int j)
    {
        double slope = g[j];
        for (int k = 0; k < step.Length; k++)
            slope += a[j, k] * step[k];
        return slope;
    }

    private static double Inwards(int j, double slope, double[] step, double[] high) => step[j] >= high[j] ? slope : -slope;

    private static int Worst(int n, Func<int, double> badness)
    {
        (int worst, double most) = (-1, 1e-14);
        for (int j = 0; j < n; j++)
        {
            if (badness(j) > most)
                (worst, most) = (j, badness(j));
        }
        return worst;
    }
}
