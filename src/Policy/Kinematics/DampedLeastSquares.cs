namespace Legato.Policy.Kinematics;

/// <summary>Damped least squares (Nakamura and Hanafusa, 1986) for three unknowns.</summary>
public static class DampedLeastSquares
{
    /// <summary>Solves (AᵀA + λI)x = Aᵀb for a row-major 3 × 3 matrix.</summary>
    public static void Solve3(ReadOnlySpan<double> a, ReadOnlySpan<double> b, double damping, Span<double> x)
    {
        Span<double> m = stackalloc double[9], r = stackalloc double[3];
        for (int i = 0; i < 3; i++)
        {
            r[i] = (a[i] * b[0]) + (a[3 + i] * b[1]) + (a[6 + i] * b[2]);
            for (int j = 0; j < 3; j++)
                m[(3 * i) + j] = (a[i] * a[j]) + (a[3 + i] * a[3 + j]) + (a[6 + i] * a[6 + j]) + (i == j ? damping : 0);
        }
        double c00 = (m[4] * m[8]) - (m[5] * m[7]), c01 = (m[5] * m[6]) - (m[3] * m[8]), c02 = (m[3] * m[7]) - (m[4] * m[6]);
        double det = (m[0] * c00) + (m[1] * c01) + (m[2] * c02);
        double c11 = (m[0] * m[8]) - (m[2] * m[6]), c12 = (m[1] * m[6]) - (m[0] * m[7]), c22 = (m[0] * m[4]) - (m[1] * m[3]);
        // The matrix is symmetric, so its cofactors are too.
        x[0] = ((c00 * r[0]) + (c01 * r[1]) + (c02 * r[2])) / det;
        x[1] = ((c01 * r[0]) + (c11 * r[1]) + (c12 * r[2])) / det;
        x[2] = ((c02 * r[0]) + (c12 * r[1]) + (c22 * r[2])) / det;
    }
}
