using FsCheck;
using FsCheck.Fluent;

using Legato.SystemId.Fitting;

namespace Legato.Tests.SystemId.Fitting;

public sealed class LevenbergMarquardtTests
{
    [Fact]
    public void ALinearProblemHasItsClosedForm() => Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
    {
        LinearProblem p = LinearProblem.Draw(seed, rows: 30, columns: 5, noise: 0.5);
        FitResult fit = new LevenbergMarquardt(Free(5)).Minimise(p.Residuals, new double[5]);
        double[] expected = p.LeastSquares();
        double[] supplied = new LevenbergMarquardt(Free(5)).Minimise(p.Residuals, new double[5], _ => p.Columns()).Estimate;
        return Near(fit.Estimate, expected, 1e-6) && Near(supplied, expected, 1e-6);
    }).Holds();

    [Fact]
    public void PriorsPullAsMeasurementsDo()
    {
        LinearProblem p = LinearProblem.Draw(4, rows: 12, columns: 3, noise: 0.5);
        FitVariable[] variables = [.. Free(3).Select((v, j) => v with { PriorMean = j, PriorSd = 0.2 })];
        double[] withPriors = new LevenbergMarquardt(variables).Minimise(p.Residuals, new double[3]).Estimate;
        double[] withRows = p.WithRows(Enumerable.Range(0, 3).Select(j => (Unit(3, j, 1 / 0.2), j / 0.2))).LeastSquares();
        Assert.True(Near(withPriors, withRows, 1e-6));
    }

    [Fact]
    public void ThePriorIsAllThatIsKnownOfWhatHasNoEffect()
    {
        FitVariable variable = new("a", -10, 10, 1) { PriorMean = 2, PriorSd = 0.5 };
        FitResult fit = new LevenbergMarquardt([variable]).Minimise(Each(_ => [1, -1]), [0]);
        Assert.Equal(2, fit.Estimate[0], 1e-6);
        Assert.Equal(0.5, fit.Confidence.StandardErrors[0], 1e-9);
        Assert.Equal(["a"], fit.Confidence.WithoutEffect);
    }

    [Theory]
    [InlineData(-1.2, 1)]
    [InlineData(-2, -2)]
    [InlineData(2, -1.5)]
    public void RosenbrocksValleyIsFollowedToItsEnd(double x, double y)
    {
        FitResult fit = new LevenbergMarquardt(Box(-2, 2, 2)).Minimise(Rosenbrock, [x, y]);
        Assert.True(Near(fit.Estimate, [1, 1], 1e-6), string.Join(' ', fit.Estimate));
        Assert.NotEqual(FitEnd.IterationLimit, fit.End);
    }

    [Fact]
    public void RosenbrocksValleyEndsAtABound()
    {
        FitResult fit = new LevenbergMarquardt([new("x", -2, 0.5, 1), new("y", -2, 2, 1)]).Minimise(Rosenbrock, [-1.2, 1]);
        Assert.True(Near(fit.Estimate, [0.5, 0.25], 1e-6), string.Join(' ', fit.Estimate));
    }

    [Fact]
    public void AtBoundsTheGradientPointsOutwards() => Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
    {
        LinearProblem p = LinearProblem.Draw(seed, rows: 12, columns: 6, noise: 3);
        FitVariable[] box = Box(-0.4, 0.4, 6);
        double[] x = new LevenbergMarquardt(box).Minimise(p.Residuals, new double[6]).Estimate;
        double[] r = p.Residuals([x])[0];
        double[][] columns = p.Columns();
        return Enumerable.Range(0, 6).All(j =>
        {
            double gradient = columns[j].Zip(r, (a, b) => a * b).Sum();
            return Math.Abs(x[j]) <= 0.4 && (Math.Abs(gradient) < 1e-5 || (x[j] == -0.4 && gradient > 0) || (x[j] == 0.4 && gradient < 0));
        });
    }).Holds();

    [Theory]
    [InlineData(true, 8)]
    [InlineData(false, 4)]
    public void AllNeighboursOfAnIterationAreAskedForAtOnce(bool central, int neighbours)
    {
        LinearProblem p = LinearProblem.Draw(1, rows: 20, columns: 4, noise: 1);
        var sizes = new List<int>();
        FitResult fit = new LevenbergMarquardt(Free(4), new FitOptions { CentralDifferences = central }).Minimise(points =>
        {
            sizes.Add(points.Count);
            return p.Residuals(points);
        }, new double[4]);
        Assert.Equal(fit.Iterations, sizes.Count(n => n == neighbours));
        Assert.All(sizes, n => Assert.True(n == 1 || n == neighbours));
        Assert.Equal(fit.Evaluations, sizes.Sum());
        Assert.True(Near(fit.Estimate, p.LeastSquares(), 1e-6));
    }

    [Fact]
    public void DerivativesOfAQuickerModelLeadToTheMinimumOfTheOther()
    {
        // The quick one is off by a constant that the other does not have, and by a twentieth in its slopes.
        LinearProblem p = LinearProblem.Draw(3, rows: 40, columns: 4, noise: 0.5);
        int asked = 0;
        FitResult fit = new LevenbergMarquardt(Free(4), new FitOptions { CostTolerance = 1e-12 }).Minimise(points =>
        {
            asked += points.Count;
            return p.Residuals(points);
        }, new double[4], quick: points => [.. p.Residuals(points).Select(rig => rig.Select(r => (1.05 * r) + 3).ToArray())]);
        Assert.True(Near(fit.Estimate, p.LeastSquares(), 1e-6), string.Join(' ', fit.Estimate));
        Assert.InRange(asked, 3, 20);
    }

    [Fact]
    public void OldDerivativesLeadToTheSameMinimumInFewerEvaluations()
    {
        LinearProblem p = LinearProblem.Draw(2, rows: 20, columns: 6, noise: 0.1);
        double[][] Bent(IReadOnlyList<double[]> points) => [.. p.Residuals([.. points.Select(x => (double[])[.. x.Select(v => v + (0.1 * Math.Sin(v)))])])];
        FitResult Fit(int reuse) => new LevenbergMarquardt(Free(6), new FitOptions { JacobianReuse = reuse }).Minimise(Bent, new double[6]);
        FitResult always = Fit(0), seldom = Fit(5);
        Assert.True(Near(seldom.Estimate, always.Estimate, 1e-6), $"{seldom.End} after {seldom.Iterations}");
        Assert.True(4 * seldom.Evaluations < 3 * always.Evaluations, $"{seldom.Evaluations} of {always.Evaluations}");
        // Old derivatives do not mislead where they predict badly.
        Assert.True(Near(new LevenbergMarquardt(Box(-2, 2, 2), new FitOptions { JacobianReuse = 5 }).Minimise(Rosenbrock, [-1.2, 1]).Estimate, [1, 1], 1e-5));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ARobustLossForgetsOutliers(bool cauchy)
    {
        (double[] truth, LinearProblem p) = LinearProblem.DrawWithTruth(6, rows: 400, columns: 3, noise: 1);
        LinearProblem spoilt = p.WithOutliers(every: 10, size: 40);
        RobustLoss loss = cauchy ? RobustLoss.Cauchy() : RobustLoss.Huber();
        double Worst(RobustLoss l) => Error(new LevenbergMarquardt(Free(3), new FitOptions { Loss = l }).Minimise(spoilt.Residuals, new double[3]).Estimate, truth);
        Assert.True(Worst(loss) < 0.3, $"{Worst(loss)}");
        Assert.True(Worst(RobustLoss.None) > 1, $"{Worst(RobustLoss.None)}");
    }

    [Fact]
    public void AFitThatRunsOutOfIterationsSaysSo() =>
        Assert.Equal(FitEnd.IterationLimit, new LevenbergMarquardt(Box(-2, 2, 2), new FitOptions { MaxIterations = 2 }).Minimise(Rosenbrock, [-1.2, 1]).End);

    [Fact]
    public void AStartWithoutResidualsIsRefused()
    {
        var solver = new LevenbergMarquardt(Free(1));
        Assert.Throws<InputException>(() => solver.Minimise(Each(_ => [double.NaN]), [0]));
        InputException beside = Assert.Throws<InputException>(() => solver.Minimise(Each(x => [x[0] > 0 ? double.NaN : 1 - x[0]]), [0]));
        Assert.Contains("'v0'", beside.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AVariableWithoutRoomIsRefused() => Assert.Contains("'a'", Assert.Throws<ArgumentException>(() => new LevenbergMarquardt([new("a", 1, 1, 1)])).Message, StringComparison.Ordinal);

    internal static FitVariable[] Free(int count) => Box(double.NegativeInfinity, double.PositiveInfinity, count);

    internal static ResidualBatch Each(Func<double[], double[]> residuals) => points => [.. points.Select(residuals)];

    private static FitVariable[] Box(double lower, double upper, int count) => [.. Enumerable.Range(0, count).Select(j => new FitVariable($"v{j}", lower, upper, 1))];

    private static double[][] Rosenbrock(IReadOnlyList<double[]> points) => Each(x => [10 * (x[1] - (x[0] * x[0])), 1 - x[0]])(points);

    private static double[] Unit(int n, int j, double size) => [.. Enumerable.Range(0, n).Select(k => k == j ? size : 0)];

    private static double Error(double[] a, double[] b) => a.Zip(b, (x, y) => Math.Abs(x - y)).Max();

    private static bool Near(double[] a, double[] b, double tolerance) => Error(a, b) <= tolerance;
}
