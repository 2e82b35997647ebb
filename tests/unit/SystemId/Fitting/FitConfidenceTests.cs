using Legato.SystemId.Fitting;

using static Legato.Tests.SystemId.Fitting.LevenbergMarquardtTests;

namespace Legato.Tests.SystemId.Fitting;

public sealed class FitConfidenceTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void IntervalsHoldTheTruthNineteenTimesInTwenty(bool robust)
    {
        var options = new FitOptions { Loss = robust ? RobustLoss.Huber() : RobustLoss.None };
        (int inside, int all) = (0, 0);
        for (int seed = 0; seed < 300; seed++)
        {
            (double[] truth, LinearProblem p) = LinearProblem.DrawWithTruth(seed, rows: 60, columns: 4, noise: 1);
            FitResult fit = new LevenbergMarquardt(Free(4), options).Minimise(p.Residuals, new double[4]);
            for (int j = 0; j < 4; j++, all++)
                inside += Math.Abs(fit.Estimate[j] - truth[j]) <= fit.Confidence.HalfWidth95(j) ? 1 : 0;
        }
        Assert.InRange((double)inside / all, 0.93, 0.97);
    }

    [Fact]
    public void TheResidualVarianceFindsWrongWeights()
    {
        LinearProblem p = LinearProblem.Draw(3, rows: 2000, columns: 3, noise: 3);
        FitConfidence confidence = new LevenbergMarquardt(Free(3)).Minimise(p.Residuals, new double[3]).Confidence;
        Assert.InRange(confidence.ResidualVariance, 8.3, 9.7);
    }

    [Fact]
    public void WhatTheDataDoNotSeeIsNamed()
    {
        (_, LinearProblem p) = LinearProblem.DrawWithTruth(8, rows: 40, columns: 3, noise: 1);
        FitVariable[] variables = [new("gain", -10, 10, 1), new("unseen", -10, 10, 1), new("left", -10, 10, 1), new("right", -10, 10, 0.1), new("friction", -10, 10, 1)];
        FitConfidence confidence = new LevenbergMarquardt(variables).Minimise(
            Each(x => p.Residuals([[x[0], x[2] + x[3], x[4]]])[0]), new double[5]).Confidence;
        Assert.Equal(["unseen"], confidence.WithoutEffect);
        NullDirection direction = Assert.Single(confidence.NullDirections);
        Assert.Equal(["left", "right"], direction.Names.Order());
        // Up with one is down with the other.
        Assert.True(direction.Components[2] * direction.Components[3] < -0.4);
        Assert.Equal([false, true, true, true, false], confidence.StandardErrors.Select(double.IsPositiveInfinity));
        Assert.Equal(0, confidence.Correlation[2, 3]);
    }

    [Fact]
    public void DrawnValuesScatterAsTheIntervalsAndCorrelationsSayWithinTheBounds()
    {
        FitVariable[] variables = [new("low", -1, 1, 1) { PriorSd = 1 }, new("left", -10, 10, 1) { PriorSd = 1 }, new("right", -10, 10, 1) { PriorSd = 1 }, new("unseen", -10, 10, 1)];
        LinearProblem p = LinearProblem.Draw(2, rows: 200, columns: 2, noise: 10);
        FitResult fit = new LevenbergMarquardt(variables).Minimise(Each(x => p.Residuals([[x[0], x[1] + x[2]]])[0]), [-1, 0, 0, 3]);
        IReadOnlyList<double[]> draws = fit.Draw(4000, seed: 1);
        Assert.Equal(draws, fit.Draw(4000, seed: 1));
        Assert.All(draws, x => Assert.InRange(x[0], -1, 1));
        Assert.All(draws, x => Assert.Equal(3, x[3]));
        foreach (int j in (int[])[1, 2])
        {
            Assert.Equal(fit.Estimate[j], draws.Average(x => x[j]), 0.05);
            Assert.Equal(fit.Confidence.StandardErrors[j], Math.Sqrt(draws.Average(x => Math.Pow(x[j] - fit.Estimate[j], 2))), 0.05);
        }
        double together = draws.Average(x => (x[1] - fit.Estimate[1]) * (x[2] - fit.Estimate[2])) / (fit.Confidence.StandardErrors[1] * fit.Confidence.StandardErrors[2]);
        Assert.Equal(fit.Confidence.Correlation[1, 2], together, 0.05);
    }

    [Fact]
    public void APriorBoundsWhatTheDataCannotTellApart()
    {
        FitVariable[] variables = [new("left", -10, 10, 1) { PriorSd = 1 }, new("right", -10, 10, 1) { PriorSd = 1 }];
        LinearProblem p = LinearProblem.Draw(2, rows: 4000, columns: 1, noise: 1);
        FitConfidence confidence = new LevenbergMarquardt(variables).Minimise(Each(x => p.Residuals([[x[0] + x[1]]])[0]), new double[2]).Confidence;
        Assert.Single(confidence.NullDirections);
        Assert.Equal(Math.Sqrt(0.5), confidence.StandardErrors[0], 0.01);
        Assert.InRange(confidence.Correlation[0, 1], -1, -0.99);
    }

    [Fact]
    public void AJumpBesideTheEstimateIsNoInformation()
    {
        // Ten measurements of 0.3 that scatter by 1, and a contact that begins just above.
        double[] Residuals(double[] x) => [.. Enumerable.Range(0, 10).Select(i => x[0] - 0.3 + (i % 2 == 0 ? 1 : -1)), x[0] > 0.305 ? 3 : 0];
        double StandardError(bool limited) => new LevenbergMarquardt([new("depth", -10, 10, 1)], new FitOptions { DifferenceStep = 0.01, LimitDifferences = limited })
            .Minimise(Each(Residuals), [0.3]).Confidence.StandardErrors[0];
        Assert.Equal(Math.Sqrt(0.1), StandardError(limited: true), 0.05);
        Assert.True(StandardError(limited: false) < 0.05);
    }
}
