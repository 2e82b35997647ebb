namespace Legato.SystemId.Fitting;

/// <summary>Small dense symmetric matrices: solving and eigenvalues, for up to some hundred variables.</summary>
/// <remarks>Stateless and thread-safe. Results do not depend on the machine's number of cores.</remarks>
public static class SymmetricMatrix
{
    private const int MaxSweeps = 60;

    /// <summary>Solves Ax = b by Cholesky's factorisation.</summary>
    /// <param name="matrix">Symmetric; its lower half is read.</param>
    /// <param name="right">The right side.</param>
    /// <param name="solution">x, or zeros.</param>
    /// <returns>Whether the matrix is positive definite; without that there is no solution.</returns>
    public static bool TrySolve(double[,] matrix, ReadOnlySpan<double> right, out double[] solution)
    {
        int n = right.Length;
        var lower = new double[n, n];
        solution = new double[n];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double sum = matrix[i, j];
                for (int k = 0; k < j; k++)
                    sum -= lower[i, k] * lower[j, k];
                if (i != j)
                    lower[i, j] = sum / lower[j, j];
                else if (sum > 0)
                    lower[i, i] = Math.Sqrt(sum);
                else
                    return false;
            }
        }
        double[] x = right.ToArray();
        for (int i = 0; i < n; i++)
        {
            for (int k = 0; k < i; k++)
                x[i] -= lower[i, k] * x[k];
            x[i] /= lower[i, i];
        }
        for (int i = n - 1; i >= 0; i--)
        {
            for (int k = i + 1; k < n; k++)
                x[i] -= lower[k, i] * x[k];
            x[i] /= lower[i, i];
        }
        solution = x;
        return true;
    }

    /// <summary>Eigenvalues and eigenvectors by Jacobi's cyclic rotations (Golub and Van Loan, Matrix Computations, 8.5).</summary>
    /// <param name="matrix">Symmetric; it is not changed.</param>
    /// <returns>Values in rising order; vector k is column k, of length 1.</returns>
    public static (double[] Values, double[,] Vectors) Eigen(double[,] matrix)
    {
        int n = matrix.GetLength(0);
        var a = (double[,])matrix.Clone();
        var v = new double[n, n];
        for (int i = 0; i < n; i++)
            v[i, i] = 1;
        for (int sweep = 0; sweep < MaxSweeps && OffDiagonal(a) > 0; sweep++)
        {
            for (int p = 0; p < n; p++)
            {
                for (int q = p + 1; q < n; q++)
                    Rotate(a, v, p, q);
            }
        }
        int[] order = [.. Enumerable.Range(0, n).OrderBy(i => a[i, i])];
        var vectors = new double[n, n];
        for (int k = 0; k < n; k++)
        {
            for (int i = 0; i < n; i++)
                vectors[i, k] = v[i, order[k]];
        }
        return ([.. order.Select(i => a[i, i])], vectors);
    }

    // Zero once every entry beside the diagonal is lost in the rounding of the diagonal.
    private static double OffDiagonal(double[,] a)
    {
        int n = a.GetLength(0);
        double sum = 0;
        for (int p = 0; p < n; p++)
        {
            for (int q = p + 1; q < n; q++)
                sum += IsNegligible(a, p, q) ? 0 : Math.Abs(a[p, q]);
        }
        return sum;
    }

    private static bool IsNegligible(double[,] a, int p, int q)
    {
        double size = Math.Abs(a[p, p]) + Math.Abs(a[q, q]);
        return size + (1e-3 * Math.Abs(a[p, q])) == size;
    }

    private static void Rotate(double[,] a, double[,] v, int p, int q)
    {
        if (IsNegligible(a, p, q))
            return;
        int n = a.GetLength(0);
        double theta = (a[q, q] - a[p, p]) / (2 * a[p, q]);
        // The smaller of the two angles keeps the iteration stable.
        double t = (theta >= 0 ? 1 : -1) / (Math.Abs(theta) + Math.Sqrt((theta * theta) + 1));
        double c = 1 / Math.Sqrt((t * t) + 1), s = t * c;
        for (int k = 0; k < n; k++)
            (a[k, p], a[k, q]) = ((c * a[k, p]) - (s * a[k, q]), (s * a[k, p]) + (c * a[k, q]));
        for (int k = 0; k < n; k++)
            (a[p, k], a[q, k]) = ((c * a[p, k]) - (s * a[q, k]), (s * a[p, k]) + (c * a[q, k]));
        (a[p, q], a[q, p]) = (0, 0);
        for (int k = 0; k < n; k++)
            (v[k, p], v[k, q]) = ((c * v[k, p]) - (s * v[k, q]), (s * v[k, p]) + (c * v[k, q]));
    }
}
