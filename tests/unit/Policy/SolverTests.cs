using FsCheck;
using FsCheck.Fluent;
using Legato.Policy.Kinematics;

namespace Legato.Tests.Policy;

/// <summary>The small solvers against dense elimination and against the conditions of optimality.</summary>
public class SolverTests
{
    private static readonly Arbitrary<int> Seeds = Gen.Choose(0, int.MaxValue - 1).ToArbitrary();
    private const int Many = 300;

    [Fact]
    public void BoxQpSatisfiesTheConditionsOfOptimality() =>
        Prop.ForAll(Seeds, seed =>
        {
            var random = new Random(seed);
            int n = random.Next(1, 23);
            double[,] h = Dense.PositiveDefinite(random, n, Math.Pow(10, (-4 * random.NextDouble()) + 0.5));
            double[] flat = [.. h.Cast<double>()], g = [.. Dense.Vector(random, n).Select(v => 5 * v)];
            double[] low = [.. Dense.Vector(random, n).Select(v => v - 1)];
            // Some boxes are points.
            double[] high = [.. low.Select(v => v + Math.Max(0, (2.2 * random.NextDouble()) - 0.2))];
            double[] x = [.. Dense.Vector(random, n).Select(v => 3 * v)];
            new BoxQp(n).Solve(flat, g, low, high, x);

            for (int i = 0; i < n; i++)
            {
                double slope = g[i];
                for (int j = 0; j < n; j++)
                    slope += h[i, j] * x[j];
                if (x[i] < low[i] || x[i] > high[i])
                    return false;
                bool mayFall = x[i] > low[i], mayRise = x[i] < high[i];
                if ((mayFall && slope > 1e-6) || (mayRise && slope < -1e-6))
                    return false;
            }
            return true;
        }).Holds(Many);

    [Fact]
    public void BoxQpFindsTheFreeMinimumWhereTheBoxDoesNotMatter() =>
        Prop.ForAll(Seeds, seed =>
        {
            var random = new Random(seed);
            int n = random.Next(1, 12);
            double[,] h = Dense.PositiveDefinite(random, n, 0.1);
            double[] g = Dense.Vector(random, n), x = new double[n];
            double[] expected = Dense.Solve(h, [.. g.Select(v => -v)]);
            new BoxQp(n).Solve([.. h.Cast<double>()], g, [.. Enumerable.Repeat(-1e6, n)], [.. Enumerable.Repeat(1e6, n)], x);
            return Near(expected, x, 1e-7);
        }).Holds(Many);

    [Fact]
    public void BoxQpCanBeUsedAgain()
    {
        var random = new Random(1);
        double[,] h = Dense.PositiveDefinite(random, 6, 0.1);
        double[] g = Dense.Vector(random, 6), low = [.. Enumerable.Repeat(-0.3, 6)], high = [.. Enumerable.Repeat(0.3, 6)];
        double[] first = new double[6], second = [.. Enumerable.Repeat(0.3, 6)];
        var solver = new BoxQp(6);
        solver.Solve([.. h.Cast<double>()], g, low, high, first);
        double[] flat = [.. h.Cast<double>()];
        Assert.Equal(0, Allocations.Fewest(() =>
        {
            second.AsSpan().Fill(0.3);
            solver.Solve(flat, g, low, high, second);
        }));
        Assert.True(Near(first, second, 1e-9));
    }

    [Fact]
    public void BandedSystemAgreesWithDenseElimination() =>
        Prop.ForAll(Seeds, seed =>
        {
            var random = new Random(seed);
            int n = random.Next(1, 40), band = random.Next(0, 6);
            var system = new BandedSystem(n, band);
            var dense = new double[n, n];
            for (int i = 0; i < n; i++)
            {
                system.Add(i, i, 0.5);
                dense[i, i] += 0.5;
            }
            for (int start = 0; start < n; start++)
            {
                double[] row = Dense.Vector(random, Math.Min(random.Next(1, band + 2), n - start));
                double weight = random.NextDouble();
                system.AddSquare(start, row, weight);
                for (int i = 0; i < row.Length; i++)
                {
                    for (int j = 0; j < row.Length; j++)
                        dense[start + i, start + j] += weight * row[i] * row[j];
                }
            }
            system.Factor();
            // One factor serves many right-hand sides.
            return Enumerable.Range(0, 3).All(_ =>
            {
                double[] x = Dense.Vector(random, n), expected = Dense.Solve(dense, x);
                system.Solve(x);
                return Near(expected, x, 1e-8);
            });
        }).Holds(Many);

    [Fact]
    public void AFactorWithoutDriftServesLongerSystems() =>
        Prop.ForAll(Seeds, seed =>
        {
            var random = new Random(seed);
            int n = 120, longer = n + random.Next(0, 30);
            double[] square = Dense.Vector(random, random.Next(2, 4));
            var system = new BandedSystem(n, square.Length - 1);
            var dense = new double[longer, longer];
            // Equal squares along the diagonal, cut off at the end: the matrix repeats except at its ends.
            for (int start = 0; start < longer; start++)
            {
                double[] row = square[..Math.Min(square.Length, longer - start)];
                for (int i = 0; i < row.Length; i++)
                {
                    for (int j = 0; j < row.Length; j++)
                        dense[start + i, start + j] += row[i] * row[j] + (i == 0 && j == 0 ? 2 : 0);
                }
            }
            for (int start = 0; start < n; start++)
            {
                system.AddSquare(start, square.AsSpan(0, Math.Min(square.Length, n - start)), 1);
                system.Add(start, start, 2);
            }
            system.Factor();
            double[] x = Dense.Vector(random, longer), expected = Dense.Solve(dense, x);
            system.Solve(x);
            return system.Drift < 1e-13 && Near(expected, x, 1e-9);
        }).Holds(30);

    [Fact]
    public void AFixedUnknownStaysAndTheOthersSolveWithoutIt() =>
        Prop.ForAll(Seeds, seed =>
        {
            var random = new Random(seed);
            int n = random.Next(2, 30), band = random.Next(1, 6), fixedOne = random.Next(n);
            var system = new BandedSystem(n, band);
            var dense = new double[n, n];
            for (int start = 0; start < n; start++)
            {
                double[] row = Dense.Vector(random, Math.Min(band + 1, n - start));
                system.AddSquare(start, row, 1);
                system.Add(start, start, 0.5);
                for (int i = 0; i < row.Length; i++)
                {
                    for (int j = 0; j < row.Length; j++)
                        dense[start + i, start + j] += (row[i] * row[j]) + (i + j == 0 ? 0.5 : 0);
                }
            }
            for (int i = 0; i < n; i++)
                dense[i, fixedOne] = dense[fixedOne, i] = i == fixedOne ? 1 : 0;
            double[] x = Dense.Vector(random, n), expected = Dense.Solve(dense, x);
            system.Fix(fixedOne);
            system.Factor();
            system.Solve(x);
            return Near(expected, x, 1e-8);
        }).Holds();

    [Fact]
    public void AFactorThatStillChangesDrifts()
    {
        var system = new BandedSystem(10, 1);
        for (int i = 0; i < 10; i++)
            system.Add(i, i, 2);
        for (int i = 1; i < 10; i++)
            system.Add(i, i - 1, -1);
        system.Factor();
        Assert.InRange(system.Drift, 1e-3, 1);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    public void BandedSystemRefusesWhatIsNotPositiveDefinite(double diagonal)
    {
        var system = new BandedSystem(3, 1);
        system.AddSquare(0, [1, 0.5], 1);
        system.Add(1, 1, 1);
        system.Add(2, 2, diagonal);
        Assert.Throws<ArithmeticException>(system.Factor);
    }

    [Fact]
    public void BandedSystemRefusesElementsOutsideItsBand()
    {
        var system = new BandedSystem(5, 1);
        Assert.Throws<ArgumentOutOfRangeException>(() => system.Add(3, 1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => system.AddSquare(0, [1, 1, 1], 1));
    }

    [Fact]
    public void DampedLeastSquaresAgreesWithTheDenseNormalEquations() =>
        Prop.ForAll(Seeds, seed =>
        {
            var random = new Random(seed);
            double[] a = Dense.Vector(random, 9), b = Dense.Vector(random, 3), x = new double[3];
            double damping = Math.Pow(10, -4 * random.NextDouble());
            var normal = new double[3, 3];
            var right = new double[3];
            for (int i = 0; i < 3; i++)
            {
                for (int k = 0; k < 3; k++)
                {
                    right[i] += a[(3 * k) + i] * b[k];
                    for (int j = 0; j < 3; j++)
                        normal[i, j] += a[(3 * k) + i] * a[(3 * k) + j];
                }
                normal[i, i] += damping;
            }
            DampedLeastSquares.Solve3(a, b, damping, x);
            double[] expected = Dense.Solve(normal, right);
            return Near(expected, x, 1e-6 * (1 + expected.Max(Math.Abs)));
        }).Holds(Many);

    [Fact]
    public void DampedLeastSquaresStaysFiniteWhereTheMatrixIsSingular()
    {
        double[] x = new double[3];
        DampedLeastSquares.Solve3([1, 0, 0, 0, 1, 0, 0, 0, 0], [1, 2, 3], 1e-4, x);
        Assert.True(Near([1 / 1.0001, 2 / 1.0001, 0], x, 1e-9));
    }

    private static bool Near(double[] expected, double[] actual, double tolerance) =>
        expected.Length == actual.Length && expected.Zip(actual).All(e => Math.Abs(e.First - e.Second) <= tolerance);
}
