using Legato.Sim.Parameters;
using Legato.Tests.Policy;

namespace Legato.Tests.SystemId.Fitting;

/// <summary>Residuals Ax − b, and what is known of them in closed form.</summary>
internal sealed class LinearProblem(double[][] rows, double[] right)
{
    public static LinearProblem Draw(int seed, int rows, int columns, double noise) => DrawWithTruth(seed, rows, columns, noise).Problem;

    public static (double[] Truth, LinearProblem Problem) DrawWithTruth(int seed, int rows, int columns, double noise)
    {
        var random = new GaussianNoise(seed);
        double[] Normal(int n) => [.. Enumerable.Range(0, n).Select(_ => random.Next())];
        double[] truth = Normal(columns);
        double[][] a = [.. Enumerable.Range(0, rows).Select(_ => Normal(columns))];
        return (truth, new LinearProblem(a, [.. a.Select(row => row.Zip(truth, (x, y) => x * y).Sum() + (noise * random.Next()))]));
    }

    public double[][] Residuals(IReadOnlyList<double[]> points) =>
        [.. points.Select(x => rows.Select((row, i) => row.Zip(x, (a, b) => a * b).Sum() - right[i]).ToArray())];

    public double[][] Columns() => [.. Enumerable.Range(0, rows[0].Length).Select(j => rows.Select(row => row[j]).ToArray())];

    public LinearProblem WithRows(IEnumerable<(double[] Row, double Right)> more)
    {
        (double[] Row, double Right)[] added = [.. more];
        return new LinearProblem([.. rows, .. added.Select(a => a.Row)], [.. right, .. added.Select(a => a.Right)]);
    }

    public LinearProblem WithOutliers(int every, double size) => new(rows, [.. right.Select((b, i) => i % every == 0 ? b + (size * (1 + rows[i][0])) : b)]);

    /// <summary>The solution of the normal equations, by elimination.</summary>
    public double[] LeastSquares()
    {
        int n = rows[0].Length;
        var matrix = new double[n, n];
        var projected = new double[n];
        for (int j = 0; j < n; j++)
        {
            for (int k = 0; k < n; k++)
                matrix[j, k] = rows.Sum(row => row[j] * row[k]);
            projected[j] = rows.Select((row, i) => row[j] * right[i]).Sum();
        }
        return Dense.Solve(matrix, projected);
    }
}
