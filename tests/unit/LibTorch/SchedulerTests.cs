using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.optim.lr_scheduler;

namespace Legato.Tests.LibTorch;

/// <summary>Learning rates at points that are known.</summary>
public sealed class SchedulerTests : LibTorchTest
{
    private readonly SGD _optimizer = optim.SGD([new SGD.ParamGroup([new Parameter(zeros(1))], 1), new SGD.ParamGroup([new Parameter(zeros(1))], 10)], 1);

    [Fact]
    public void RatesGoDownInSteps() => Rates(StepLR(_optimizer, 2, 0.5), 1, 1, 0.5, 0.5, 0.25, 0.25);

    [Fact]
    public void RatesGoDownAtMilestones() => Rates(MultiStepLR(_optimizer, [1, 4], 0.1), 1, 0.1, 0.1, 0.1, 0.01);

    [Fact]
    public void RatesDecayExponentially() => Rates(ExponentialLR(_optimizer, 0.5), 1, 0.5, 0.25, 0.125);

    [Fact]
    public void RatesStartSmaller() => Rates(ConstantLR(_optimizer, 0.25, 3), 0.25, 0.25, 0.25, 1, 1);

    [Fact]
    public void RatesFollowAFunction() => Rates(LambdaLR(_optimizer, t => 1.0 / (t + 1)), 1, 1 / 2.0, 1 / 3.0);

    [Fact]
    public void RatesFollowACosine() => Rates(CosineAnnealingLR(_optimizer, 4), 1, (1 + Math.Sqrt(0.5)) / 2, 0.5, (1 - Math.Sqrt(0.5)) / 2, 0);

    [Fact]
    public void TheCosineEndsWhereItIsTold()
    {
        LRScheduler scheduler = CosineAnnealingLR(_optimizer, 2, 0.5);
        scheduler.step();
        Assert.Equal(0.75, scheduler.get_last_lr().First(), 1e-12);
        scheduler.step();
        Near([0.5, 0.5], [.. scheduler.get_last_lr()]);
    }

    [Fact]
    public void OneCycleGoesUpAndDownAndMomentumTheOtherWay()
    {
        using SGD optimizer = optim.SGD([new Parameter(zeros(1))], 1, momentum: 0.9);
        LRScheduler scheduler = OneCycleLR(optimizer, 10, 11, pct_start: 3.0 / 11, div_factor: 10, final_div_factor: 100);
        double[] rates = new double[11], momenta = new double[11];
        for (int i = 0; i < 11; i++)
        {
            (rates[i], momenta[i]) = (scheduler.get_last_lr().Single(), optimizer.ParamGroups[0].Momentum!.Value);
            scheduler.step();
        }

        Near([1, 5.5, 10, (10 + 0.01) / 2, 0.01], [rates[0], rates[1], rates[2], rates[6], rates[10]]);
        Near([0.95, 0.9, 0.85, 0.9, 0.95], [momenta[0], momenta[1], momenta[2], momenta[6], momenta[10]]);
        scheduler.step();
        Near([0.01], [.. scheduler.get_last_lr()]);
    }

    [Fact]
    public void OneCycleMayBeLinearAndLeaveMomentumAlone()
    {
        using Adam optimizer = optim.Adam([new Parameter(zeros(1))]);
        LRScheduler scheduler = OneCycleLR(
            optimizer, 1, epochs: 3, steps_per_epoch: 2, pct_start: 0.5, anneal_strategy: impl.OneCycleLR.AnnealStrategy.Linear, cycle_momentum: false, div_factor: 2, final_div_factor: 5);
        double[] rates = new double[6];
        for (int i = 0; i < 6; i++)
        {
            rates[i] = scheduler.get_last_lr().Single();
            scheduler.step();
        }

        Near([0.5, 0.75, 1, 0.7, 0.4, 0.1], rates);
        Assert.Equal(0.9, optimizer.ParamGroups[0].Momentum);
        OneCycleLR(optimizer, 1, 10);
        Assert.Equal(0.95, optimizer.ParamGroups[0].Momentum);
        Assert.Throws<ArgumentException>(() => OneCycleLR(optimizer, 1));
        // Up in no time at all.
        Assert.Equal(1, OneCycleLR(optimizer, 1, 10, pct_start: 0.1).get_last_lr().Single());
    }

    [Fact]
    public void SchedulersFollowEachOther()
    {
        LRScheduler warm = ConstantLR(_optimizer, 0.1, 99), cool = ExponentialLR(_optimizer, 0.5), last = LambdaLR(_optimizer, _ => 0.01);

        Rates(SequentialLR(_optimizer, [warm, cool, last], [2, 5]), 0.1, 0.1, 1, 0.5, 0.25, 0.01, 0.01);
        Assert.Throws<ArgumentException>(() => SequentialLR(_optimizer, [warm, cool], [1, 2]));
        Assert.Throws<ArgumentException>(() => SequentialLR(_optimizer, [warm, ReduceLROnPlateau(_optimizer)], [1]));
    }

    [Theory]
    [InlineData("min", "rel", new[] { 5.0, 4.9, 4.6, 4.6, 4.6, 4.6 }, new[] { 1, 1, 1, 1, 0.5, 0.5 })]
    [InlineData("max", "rel", new[] { 5.0, 5.1, 5.6, 5.6, 5.6, 5.6 }, new[] { 1, 1, 1, 1, 0.5, 0.5 })]
    [InlineData("min", "abs", new[] { 5.0, 4.94, 4.92, 1, 1, 1 }, new[] { 1, 1, 0.5, 0.5, 0.5, 0.25 })]
    [InlineData("max", "abs", new[] { -5.0, -5, -5, -5, -5, -5 }, new[] { 1, 1, 0.5, 0.5, 0.5, 0.25 })]
    public void RatesGoDownWhenAFigureStopsGettingBetter(string mode, string kind, double[] figures, double[] expected)
    {
        LRScheduler scheduler = ReduceLROnPlateau(_optimizer, mode, 0.5, 1, kind == "rel" ? 0.05 : 0.1, kind, 1, [0, 4]);
        foreach ((double figure, double rate) in figures.Zip(expected))
        {
            scheduler.step(figure);
            Near([rate, Math.Max(4, 10 * rate)], [.. scheduler.get_last_lr()]);
        }
        Assert.Throws<InvalidOperationException>(scheduler.step);
        Assert.Throws<ArgumentException>(() => ReduceLROnPlateau(_optimizer, "least"));
        Assert.Throws<ArgumentException>(() => ReduceLROnPlateau(_optimizer, threshold_mode: "half"));
    }

    // The first group's rates; the second's are ten times as high.
    private static void Rates(LRScheduler scheduler, params double[] expected)
    {
        foreach (double rate in expected)
        {
            Near([rate, 10 * rate], [.. scheduler.get_last_lr()]);
            scheduler.step();
        }
    }
}
