using FsCheck;
using FsCheck.Fluent;
using Legato.Sim.Assignment;

namespace Legato.Tests.Sim;

/// <summary>Assignments against all permutations, and what none of them can show.</summary>
public class LinearAssignmentTests
{
    [Fact]
    public void TheCheapestOfAllAssignmentsIsFound() =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), seed =>
        {
            double[,] cost = Random(seed);
            double? expected = Cheapest(cost, 0, 0);
            bool solved = LinearAssignment.TrySolve(cost, out int[] columns);
            return solved == expected is not null
                && columns.Length == cost.GetLength(0)
                && columns.Where(c => c >= 0).Distinct().Count() == (solved ? Math.Min(cost.GetLength(0), cost.GetLength(1)) : 0)
                && (!solved || Math.Abs(expected!.Value - columns.Select((c, r) => c < 0 ? 0 : cost[r, c]).Sum()) < 1e-9);
        }).Holds(500);

    [Fact]
    public void ASolverThatIsUsedAgainRemembersNothingAndAllocatesNothing()
    {
        var solver = new AssignmentSolver(5, 5);
        double[][,] problems = [.. Enumerable.Range(0, 200).Select(Random)];
        int[][] expected = [.. problems.Select(p => LinearAssignment.TrySolve(p, out int[] columns) ? columns : columns)];
        double[][] flat = [.. problems.Select(p => p.Cast<double>().ToArray())];
        int[][] found = [.. expected.Select(e => new int[e.Length])];
        Assert.Equal(0, Allocations.Fewest(() =>
        {
            for (int i = 0; i < problems.Length; i++)
                solver.TrySolve(flat[i], problems[i].GetLength(0), problems[i].GetLength(1), found[i]);
        }));
        Assert.Equal(expected, found);
    }

    [Theory]
    [InlineData(3, 2, 6, 3)]
    [InlineData(2, 3, 6, 2)]
    [InlineData(2, 2, 5, 2)]
    [InlineData(2, 2, 4, 1)]
    public void ASolverRefusesWhatDoesNotFit(int rows, int columns, int costs, int results) =>
        Assert.Throws<ArgumentException>(() => new AssignmentSolver(2, 2).TrySolve(new double[costs], rows, columns, new int[results]));

    [Theory]
    [InlineData(60, 60)]
    [InlineData(40, 90)]
    [InlineData(90, 40)]
    public void APlantedAssignmentIsFoundInALargeMatrix(int rows, int columns)
    {
        var random = new Random(rows);
        int[] longer = [.. Enumerable.Range(0, Math.Max(rows, columns)).OrderBy(_ => random.Next())];
        var cost = new double[rows, columns];
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
                cost[i, j] = (rows <= columns ? longer[i] == j : longer[j] == i) ? -random.NextDouble() : random.NextDouble();
        }
        Assert.True(LinearAssignment.TrySolve(cost, out int[] found));
        for (int i = 0; i < rows; i++)
            Assert.Equal(rows <= columns ? longer[i] : Array.IndexOf(longer[..columns], i), found[i]);
    }

    [Fact]
    public void TiesAreBrokenAlikeEveryTime()
    {
        var cost = new double[4, 6];
        Assert.True(LinearAssignment.TrySolve(cost, out int[] first));
        Assert.True(LinearAssignment.TrySolve(cost, out int[] second));
        Assert.Equal(first, second);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 3)]
    [InlineData(3, 0)]
    public void NothingToAssignIsAnAssignment(int rows, int columns)
    {
        Assert.True(LinearAssignment.TrySolve(new double[rows, columns], out int[] found));
        Assert.Equal(Enumerable.Repeat(-1, rows), found);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.NegativeInfinity)]
    public void CostsThatAreNoNumbersAreRefused(double cost) =>
        Assert.Throws<ArgumentException>(() => LinearAssignment.TrySolve(new[,] { { cost } }, out _));

    // Small whole numbers for many ties, some forbidden pairs.
    private static double[,] Random(int seed)
    {
        var random = new Random(seed);
        int limit = random.Next(2, 20), forbidden = random.Next(3);
        var cost = new double[random.Next(0, 6), random.Next(0, 6)];
        for (int i = 0; i < cost.GetLength(0); i++)
        {
            for (int j = 0; j < cost.GetLength(1); j++)
                cost[i, j] = random.Next(4) < forbidden ? double.PositiveInfinity : random.Next(-limit, limit);
        }
        return cost;
    }

    // All ways to give each row a free column, or none while enough rows are left.
    private static double? Cheapest(double[,] cost, int row, int taken)
    {
        int rows = cost.GetLength(0), columns = cost.GetLength(1);
        int missing = Math.Min(rows, columns) - int.PopCount(taken);
        if (missing == 0)
            return 0;
        double? best = rows - row > missing ? Cheapest(cost, row + 1, taken) : null;
        for (int j = 0; j < columns; j++)
        {
            if ((taken >> j & 1) == 0 && double.IsFinite(cost[row, j]) && Cheapest(cost, row + 1, taken | 1 << j) is { } rest)
                best = Math.Min(best ?? double.PositiveInfinity, cost[row, j] + rest);
        }
        return best;
    }
}
