namespace Legato.Tests.Policy;

/// <summary>Plain dense linear algebra: the oracle for the solvers.</summary>
internal static class Dense
{
    /// <summary>Solves Ax = b by Gaussian elimination with pivoting.</summary>
    public static double[] Solve(double[,] matrix, ReadOnlySpan<double> right)
    {
        int n = right.Length;
        double[,] a = (double[,])matrix.Clone();
        double[] x = right.ToArray();
        for (int c = 0; c < n; c++)
        {
            int pivot = c;
            for (int r = c + 1; r < n; r++)
                pivot = Math.Abs(a[r, c]) > Math.Abs(a[pivot, c]) ? r : pivot;
            for (int j = 0; j < n; j++)
                (a[c, j], a[pivot, j]) = (a[pivot, j], a[c, j]);
            (x[c], x[pivot]) = (x[pivot], x[c]);
            for (int r = c + 1; r < n; r++)
            {
                double factor = a[r, c] / a[c, c];
                for (int j = c; j < n; j++)
                    a[r, j] -= factor * a[c, j];
                x[r] -= factor * x[c];
            }
        }
        for (int r = n - 1; r >= 0; r--)
        {
            for (int j = r + 1; j < n; j++)
                x[r] -= a[r, j] * x[j];
            x[r] /= a[r, r];
        }
        return x;
    }

    /// <summary>BᵀB + shift·I of a random square matrix B.</summary>
    public static double[,] PositiveDefinite(Random random, int n, double shift)
    {
        double[] b = Vector(random, n * n);
        var a = new double[n, n];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
            {
                a[i, j] = i == j ? shift : 0;
                for (int k = 0; k < n; k++)
                    a[i, j] += b[(k * n) + i] * b[(k * n) + j];
            }
        }
        return a;
    }

    /// <summary>Uniform in −1..1.</summary>
    public static double[] Vector(Random random, int n) => [.. Enumerable.Range(0, n).Select(_ => (2 * random.NextDouble()) - 1)];
}
