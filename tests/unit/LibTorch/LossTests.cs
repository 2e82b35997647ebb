using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;
using Reduction = TorchSharp.torch.nn.Reduction;

namespace Legato.Tests.LibTorch;

/// <summary>Losses against their definitions, element by element.</summary>
public sealed class LossTests : LibTorchTest
{
    private readonly double[] _x = [0.2, -1.5, 3, 0.7], _y = [0, 0.5, 1, 1];

    [Theory]
    [InlineData(Reduction.None)]
    [InlineData(Reduction.Mean)]
    [InlineData(Reduction.Sum)]
    public void LossesOfDifferences(Reduction reduction)
    {
        double[] d = [.. _x.Zip(_y, (a, b) => Math.Abs(a - b))];

        Check(nn.MSELoss(reduction), d.Select(e => e * e));
        Check(nn.L1Loss(reduction), d);
        Check(nn.SmoothL1Loss(reduction, 0.4), d.Select(e => e < 0.4 ? e * e / 0.8 : e - 0.2));
        Check(nn.HuberLoss(0.4, reduction), d.Select(e => e < 0.4 ? e * e / 2 : 0.4 * (e - 0.2)));
        Check(nn.BCEWithLogitsLoss(null, reduction), _x.Zip(_y, (x, y) => -(y * Math.Log(1 / (1 + Math.Exp(-x)))) - ((1 - y) * Math.Log(1 - (1 / (1 + Math.Exp(-x)))))));

        void Check(nn.Module<Tensor, Tensor, Tensor> loss, IEnumerable<double> expected)
        {
            using (loss)
                Near(Reduced([.. expected], reduction), loss.call(tensor(_x), tensor(_y)));
        }
    }

    [Fact]
    public void TruthValuesMayBeWeighed()
    {
        double[] weight = [1, 2, 3, 4], positive = [5, 5, 0.5, 0.5];
        double expected = _x.Select((x, i) => weight[i] * ((positive[i] * _y[i] * Math.Log(1 + Math.Exp(-x))) + ((1 - _y[i]) * Math.Log(1 + Math.Exp(x))))).Average();

        Near([expected], F.binary_cross_entropy_with_logits(tensor(_x), tensor(_y), tensor(weight), Reduction.Mean, tensor(positive)));
        using BCEWithLogitsLoss loss = nn.BCEWithLogitsLoss(tensor(weight), Reduction.Mean, tensor(positive));
        Near([expected], loss.call(tensor(_x), tensor(_y)));
    }

    [Fact]
    public void CrossEntropyIsTheNegativeLogarithmOfTheClassesShare()
    {
        double[][] logits = [[1, 2, 3], [0.5, -0.5, 0], [-2, 4, 1], [0, 0, 7]];
        long[] classes = [2, 0, -100, 1];
        double[] weight = [1, 2, 4];
        double[] losses = [.. classes.Select((c, i) => c < 0 ? 0 : Math.Log(logits[i].Sum(Math.Exp)) - logits[i][c])];
        Tensor input = Of([.. logits.SelectMany(l => l)], 4, 3), target = tensor(classes);

        Near(losses, F.cross_entropy(input, target, null, -100, Reduction.None));
        Near([losses.Sum() / 3], F.cross_entropy(input, target));
        double[] weighted = [.. losses.Select((l, i) => classes[i] < 0 ? 0 : weight[classes[i]] * l)];
        Near([weighted.Sum() / (4 + 1 + 2)], F.cross_entropy(input, target, tensor(weight)));
        using CrossEntropyLoss loss = nn.CrossEntropyLoss(tensor(weight), 1, Reduction.Sum);
        Near([weighted[0] + weighted[1]], loss.call(input[..2], target[..2]));
        Near([weighted[0] + weighted[1]], loss.call(input, tensor([2L, 0, 1, 1])));
        // Smoothed: a tenth of the target is spread over all classes.
        double smoothed = (0.9 * losses[0]) + (0.1 * logits[0].Average(l => Math.Log(logits[0].Sum(Math.Exp)) - l));
        Near([smoothed], F.cross_entropy(input[..1], target[..1], null, -100, Reduction.Mean, 0.1));
    }

    [Fact]
    public void SoftmaxIsAShareOfTheWhole()
    {
        double[] shares = [.. _x.Select(v => Math.Exp(v) / _x.Sum(Math.Exp))];

        Near(shares, F.softmax(tensor(_x), 0));
        Near([.. shares.Select(s => Math.Log(s))], F.log_softmax(tensor(_x), -1));
        Assert.Equal(float64, F.softmax(ones(2), 0, float64).dtype);
        Assert.Equal([0, 0, 1, 1, 0, 0], Values(F.one_hot(tensor([2L, 0L]))));
        Assert.Equal([2, 5], F.one_hot(tensor([2L, 0L]), 5).shape);
    }

    private static double[] Reduced(double[] losses, Reduction reduction) => reduction switch
    {
        Reduction.Mean => [losses.Average()],
        Reduction.Sum => [losses.Sum()],
        _ => losses,
    };
}
