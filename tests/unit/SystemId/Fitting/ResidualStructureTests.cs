using Legato.Sim.Parameters;
using Legato.SystemId.Fitting;

using static Legato.Tests.SystemId.Fitting.LevenbergMarquardtTests;

namespace Legato.Tests.SystemId.Fitting;

public sealed class ResidualStructureTests
{
    private const int Parts = 8, PerPart = 12, Stretches = 24;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void VariablesOfDifferentPartsShareTheirEvaluationsAndTheResultIsTheSame(bool central)
    {
        // Each part has a gain and a rate of its own, and all share one delay.
        double[] truth = [.. Enumerable.Range(0, Parts).SelectMany(p => (double[])[0.5 + (0.1 * p), 2 - (0.1 * p)]), 0.3];
        FitVariable[] variables = [.. Enumerable.Range(0, Parts).SelectMany(p => (FitVariable[])[new($"gain{p}", 0, 5, 1), new($"rate{p}", 0, 5, 1)]), new("delay", -1, 1, 1)];
        double[] clean = Decays(truth);
        var noise = new GaussianNoise(3);
        double[] measured = [.. clean.Select(y => y + (1e-3 * noise.Next()))];
        double[][] Batch(IReadOnlyList<double[]> points) => [.. points.Select(x => Decays(x).Zip(measured, (y, m) => y - m).ToArray())];
        var structure = new ResidualStructure
        {
            Parts = [.. clean.Select((_, i) => i / PerPart)],
            Moves = Enumerable.Range(0, Parts).SelectMany(p => (string[])[$"gain{p}", $"rate{p}"]).ToDictionary(name => name, name => (IReadOnlySet<int>)new HashSet<int> { name[^1] - '0' }),
        };
        var options = new FitOptions { CentralDifferences = central };
        double[] start = [.. Enumerable.Repeat(1.0, variables.Length - 1), 0];
        FitResult plain = new LevenbergMarquardt(variables, options).Minimise(Batch, start);
        FitResult shared = new LevenbergMarquardt(variables, options).Minimise(Batch, start, structure: structure);
        Assert.Equal(plain.Estimate, shared.Estimate);
        Assert.Equal(plain.Confidence.StandardErrors, shared.Confidence.StandardErrors);
        // Three colours instead of seventeen variables.
        Assert.True(shared.Evaluations < 0.4 * plain.Evaluations, $"{shared.Evaluations} instead of {plain.Evaluations}");
    }

    [Theory]
    [InlineData(true, 0.9, 1)]
    [InlineData(false, 0.2, 0.8)]
    public void IntervalsHoldTheTruthWhenErrorsLastForAStretch(bool known, double least, double most)
    {
        // What the model lacks pulls a whole stretch to one side: far fewer independent errors than residuals.
        (int inside, int all) = (0, 0);
        for (int seed = 0; seed < 200; seed++)
        {
            var random = new GaussianNoise(seed);
            double[] pull = [.. Enumerable.Range(0, Stretches).Select(_ => random.Next())], direction = [.. Enumerable.Range(0, Stretches).Select(_ => random.Next())];
            double[] error = [.. Enumerable.Range(0, Stretches * PerPart).Select(i => pull[i / PerPart] + (0.3 * random.Next()))];
            double[] Residuals(double[] x) => [.. error.Select((e, i) => (x[0] - 1) + (direction[i / PerPart] * (x[1] - 2)) - e)];
            var structure = new ResidualStructure { Stretches = known ? [.. error.Select((_, i) => i / PerPart)] : [] };
            FitResult fit = new LevenbergMarquardt(Free(2)).Minimise(Each(Residuals), new double[2], structure: structure);
            double[] truth = [1, 2];
            for (int j = 0; j < 2; j++, all++)
                inside += Math.Abs(fit.Estimate[j] - truth[j]) <= fit.Confidence.HalfWidth95(j) ? 1 : 0;
        }
        Assert.InRange((double)inside / all, least, most);
    }

    [Theory]
    [InlineData(true, 0.9, 1)]
    [InlineData(false, 0.2, 0.8)]
    public void IntervalsHoldTheTruthWhenSomethingThatIsNotFittedIsNotKnown(bool known, double least, double most)
    {
        const int Cases = 40;
        (int inside, int all) = (0, 0);
        for (int seed = 0; seed < 200; seed++)
        {
            var random = new GaussianNoise(seed);
            double[] effect = [.. Enumerable.Range(0, PerPart * Stretches).Select(i => 1 + Math.Sin(0.05 * i))];
            double held = random.Next();
            double[] error = [.. effect.Select(e => (0.3 * random.Next()) + (held * e))];
            double[] Residuals(double[] x) => [.. error.Select((e, i) => ((x[0] - 1) + ((x[1] - 2) * Math.Cos(0.07 * i)) - e) / 0.3)];
            double[][] doubts = [.. Enumerable.Range(0, known ? Cases : 0).Select(_ => random.Next()).Select(value => effect.Select(e => value * e / 0.3).ToArray())];
            FitResult fit = new LevenbergMarquardt(Free(2)).Minimise(Each(Residuals), new double[2], structure: new ResidualStructure { Doubts = doubts });
            double[] truth = [1, 2];
            for (int j = 0; j < 2; j++, all++)
                inside += Math.Abs(fit.Estimate[j] - truth[j]) <= fit.Confidence.HalfWidth95(j) ? 1 : 0;
        }
        Assert.InRange((double)inside / all, least, most);
    }

    private static double[] Decays(double[] x) =>
        [.. Enumerable.Range(0, Parts * PerPart).Select(i => x[2 * (i / PerPart)] * Math.Exp(-x[(2 * (i / PerPart)) + 1] * ((0.1 * (i % PerPart)) - x[^1])))];
}
