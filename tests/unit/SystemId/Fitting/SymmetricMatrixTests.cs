using FsCheck;
using FsCheck.Fluent;

using Legato.SystemId.Fitting;
using Legato.Tests.Policy;

namespace Legato.Tests.SystemId.Fitting;

public sealed class SymmetricMatrixTests
{
    [Fact]
    public void EigenvectorsAreOrthonormalAndRebuildTheMatrix() => Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
    {
        const int N = 9;
        double[,] a = Dense.PositiveDefinite(new Random(seed), N, shift: -2);
        (double[] values, double[,] v) = SymmetricMatrix.Eigen(a);
        return Enumerable.Range(0, N * N).All(cell =>
        {
            (int i, int j) = (cell / N, cell % N);
            double rebuilt = Enumerable.Range(0, N).Sum(k => values[k] * v[i, k] * v[j, k]);
            double product = Enumerable.Range(0, N).Sum(k => v[k, i] * v[k, j]);
            return Math.Abs(rebuilt - a[i, j]) < 1e-11 && Math.Abs(product - (i == j ? 1 : 0)) < 1e-12;
        }) && values.SequenceEqual(values.Order());
    }).Holds();

    [Fact]
    public void SolvingAgreesWithElimination() => Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
    {
        var random = new Random(seed);
        double[,] a = Dense.PositiveDefinite(random, 7, shift: 0.1);
        double[] b = Dense.Vector(random, 7);
        return SymmetricMatrix.TrySolve(a, b, out double[] x) && x.Zip(Dense.Solve(a, b), (p, q) => Math.Abs(p - q)).Max() < 1e-8;
    }).Holds();

    [Fact]
    public void AnIndefiniteMatrixHasNoSolution() => Assert.False(SymmetricMatrix.TrySolve(new double[,] { { 1, 2 }, { 2, 1 } }, [1, 1], out _));
}
