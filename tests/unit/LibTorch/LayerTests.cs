using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Legato.Tests.LibTorch;

/// <summary>Layers against loops over their definitions.</summary>
public sealed class LayerTests : LibTorchTest
{
    [Fact]
    public void LinearMultipliesAndAdds()
    {
        using Linear layer = Filled(nn.Linear(4, 3), 1), plain = Filled(nn.Linear(4, 3, false), 1);
        double[] x = Numbers(9, 8), w = Values(layer.weight), b = Values(layer.bias!), expected = new double[6], without = new double[6];
        for (int n = 0; n < 2; n++)
        {
            for (int o = 0; o < 3; o++)
            {
                for (int i = 0; i < 4; i++)
                    without[(3 * n) + o] += x[(4 * n) + i] * w[(4 * o) + i];
                expected[(3 * n) + o] = without[(3 * n) + o] + b[o];
            }
        }

        Near(expected, layer.call(Of(x, 2, 4)));
        Near(without, plain.call(Of(x, 2, 4)));
        Assert.Null(plain.bias);
        Assert.Equal([2, 1, 3], layer.call(Of(x, 2, 1, 4)).shape);
    }

    [Fact]
    public void LayerNormCentresEveryRow()
    {
        using LayerNorm norm = Filled(nn.LayerNorm([2, 3], 1e-3), 5);
        double[] x = Numbers(2, 24), w = Values(norm.weight!), b = Values(norm.bias!);

        Near([.. x.Chunk(6).SelectMany(row => Standardised(row, 1e-3).Select((v, i) => (v * w[i]) + b[i]))], norm.call(Of(x, 4, 2, 3)));
        using LayerNorm bare = nn.LayerNorm(6, elementwise_affine: false, device: CPU, dtype: float64);
        Near([.. x.Chunk(6).SelectMany(row => Standardised(row, 1e-5))], bare.call(Of(x, 4, 6)));
        Assert.Empty(bare.parameters());
        Assert.Null(nn.LayerNorm(6, bias: false).bias);
    }

    [Fact]
    public void GroupNormCentresEveryGroupOfChannels()
    {
        using GroupNorm norm = Filled(nn.GroupNorm(2, 4, 1e-2), 5);
        double[] x = Numbers(3, 2 * 4 * 3), w = Values(norm.weight!), b = Values(norm.bias!);
        double[] expected = [.. x.Chunk(6).SelectMany(g => Standardised(g, 1e-2)).Select((v, i) => (v * w[i / 3 % 4]) + b[i / 3 % 4])];

        Near(expected, norm.call(Of(x, 2, 4, 3)));
        Assert.Empty(nn.GroupNorm(2, 4, affine: false).parameters());
    }

    [Fact]
    public void BatchNormLearnsStatisticsAndUsesThemAfterwards()
    {
        const double eps = 1e-3, momentum = 0.25;
        using BatchNorm1d norm = Filled(nn.BatchNorm1d(2, eps, momentum), 5);
        double[] w = Values(norm.weight), b = Values(norm.bias), mean = [0, 0], variance = [1, 1];
        for (int batch = 0; batch < 3; batch++)
        {
            double[] x = Numbers(20 + batch, 10);
            double[][] channels = [.. Enumerable.Range(0, 2).Select(c => x.Where((_, i) => i % 2 == c).ToArray())];
            double[][] standard = [.. channels.Select(c => Standardised(c, eps))];

            Near([.. Enumerable.Range(0, 10).Select(i => (standard[i % 2][i / 2] * w[i % 2]) + b[i % 2])], norm.call(Of(x, 5, 2)));

            for (int c = 0; c < 2; c++)
            {
                double average = channels[c].Average();
                mean[c] += momentum * (average - mean[c]);
                variance[c] += momentum * ((channels[c].Sum(v => (v - average) * (v - average)) / 4) - variance[c]);
            }
        }

        Near(mean, norm.running_mean);
        Near(variance, norm.running_var);
        Assert.Equal(3, norm.num_batches_tracked.item<long>());
        norm.eval();
        double[] last = Numbers(30, 12);
        double[] expected = [.. last.Select((v, i) => i / 3 % 2).Select((c, i) => ((last[i] - mean[c]) / Math.Sqrt(variance[c] + eps) * w[c]) + b[c])];
        Near(expected, norm.call(Of(last, 2, 2, 3)));
        Assert.Equal(3, norm.num_batches_tracked.item<long>());
    }

    [Theory]
    [InlineData(1, 0, 1, 1)]
    [InlineData(2, 1, 1, 2)]
    [InlineData(1, 3, 2, 2)]
    [InlineData(3, 2, 2, 1)]
    public void ConvolutionSlidesItsKernel(int stride, int padding, int dilation, int groups)
    {
        using Conv1d layer = Filled(nn.Conv1d(4, 6, 3, stride, padding, dilation, groups: groups), 4);
        double[] x = Numbers(8, 2 * 4 * 9), w = Values(layer.weight), b = Values(layer.bias!);
        int length = ((9 + (2 * padding) - (dilation * 2) - 1) / stride) + 1, into = 4 / groups, from = 6 / groups;
        double[] expected = new double[2 * 6 * length];
        Each(2, 6, length, (n, o, t) =>
        {
            double sum = b[o];
            for (int i = 0; i < into; i++)
            {
                for (int k = 0; k < 3; k++)
                {
                    int at = (t * stride) - padding + (k * dilation);
                    if (at is >= 0 and < 9)
                        sum += w[(((o * into) + i) * 3) + k] * x[(((n * 4) + (o / from * into) + i) * 9) + at];
                }
            }
            expected[(((n * 6) + o) * length) + t] = sum;
        });

        Tensor y = layer.call(Of(x, 2, 4, 9));

        Assert.Equal([2, 6, length], y.shape);
        Near(expected, y);
        Assert.Null(nn.Conv1d(4, 6, 3, bias: false).bias);
    }

    [Theory]
    [InlineData(1, 0, 0, 1, 1)]
    [InlineData(2, 1, 1, 1, 2)]
    [InlineData(3, 2, 0, 2, 1)]
    public void TransposedConvolutionSpreadsItsKernel(int stride, int padding, int extra, int dilation, int groups)
    {
        using ConvTranspose1d layer = Filled(nn.ConvTranspose1d(4, 6, 3, stride, padding, extra, dilation, groups: groups), 4);
        double[] x = Numbers(8, 2 * 4 * 5), w = Values(layer.weight), b = Values(layer.bias!);
        int length = (4 * stride) - (2 * padding) + (dilation * 2) + extra + 1, into = 6 / groups, from = 4 / groups;
        double[] expected = [.. Enumerable.Range(0, 2 * 6 * length).Select(i => b[i / length % 6])];
        Each(2, 4, 5, (n, i, t) =>
        {
            for (int o = 0; o < into; o++)
            {
                for (int k = 0; k < 3; k++)
                {
                    int at = (t * stride) - padding + (k * dilation);
                    if (at >= 0 && at < length)
                        expected[(((n * 6) + (i / from * into) + o) * length) + at] += w[(((i * into) + o) * 3) + k] * x[(((n * 4) + i) * 5) + t];
                }
            }
        });

        Tensor y = layer.call(Of(x, 2, 4, 5));

        Assert.Equal([2, 6, length], y.shape);
        Near(expected, y);
    }

    [Fact]
    public void EmbeddingLooksUpRowsAndPaddingLearnsNothing()
    {
        using Embedding table = nn.Embedding(4, 3, 1), last = nn.Embedding(4, 3, -1);
        Assert.Equal([0, 0, 0], Values(table.weight[1]));
        Assert.Equal([0, 0, 0], Values(last.weight[3]));
        Filled(table, 2);
        double[] w = Values(table.weight);

        Tensor y = table.call(tensor([2L, 0, 2, 1]).reshape(2, 2));

        Assert.Equal([2, 2, 3], y.shape);
        Assert.Equal([.. w[6..9], .. w[..3], .. w[6..9], .. w[3..6]], Values(y));
        y.sum().backward();
        Assert.Equal([1, 1, 1, 0, 0, 0, 2, 2, 2, 0, 0, 0], Values(table.weight.grad!));
        Assert.NotEqual(0, nn.Embedding(2, 2).weight.abs().sum().item<float>());
    }

    [Fact]
    public void DropoutZeroesWhileTrainingAndScalesTheRest()
    {
        using Dropout dropout = nn.Dropout(0.25);
        Tensor x = ones(100, 100), y = dropout.call(x);
        double[] values = Values(y);

        Assert.All(values, v => Assert.True(v == 0 || Math.Abs(v - (1 / 0.75)) < 1e-6));
        // Of 10,000, 2,500 with a standard deviation of 43.
        Assert.InRange(values.Count(v => v == 0), 2300, 2700);
        dropout.eval();
        Assert.Equal(Values(x), Values(dropout.call(x)));
        Assert.Equal(0, F.dropout(x, 1.0, true).sum().item<float>());
        Assert.Equal(10_000, F.dropout(x, 0.9, false).sum().item<float>());
    }

    [Fact]
    public void ActivationsFollowTheirFormulas()
    {
        double[] x = [-25, -3, -0.5, 0, 0.5, 3, 25];
        Check(nn.ReLU(), v => Math.Max(0, v));
        Check(nn.Tanh(), Math.Tanh);
        Check(nn.Sigmoid(), v => 1 / (1 + Math.Exp(-v)));
        Check(nn.SiLU(), v => v / (1 + Math.Exp(-v)));
        Check(nn.Mish(), v => v * Math.Tanh(Math.Log(1 + Math.Exp(v))));
        Check(nn.Identity(), v => v);
        Near([.. x.Select(v => Math.Log(1 + Math.Exp(2 * v)) / 2)], F.softplus(tensor(x), 2, 60));
        Near([.. x.Select(v => v < 0 ? 0.3 * (Math.Exp(v) - 1) : v)], F.elu(tensor(x), 0.3));
        Near([.. x.Select(v => v < 0 ? 0.2 * v : v)], F.leaky_relu(tensor(x), 0.2));
        // Φ(1) = 0.8413447460685429, Φ(−2) = 0.0227501319481792.
        using GELU gelu = nn.GELU();
        Near([0, 0.8413447460685429, -0.0455002638963584], gelu.call(tensor([0.0, 1, -2])));

        void Check(nn.Module<Tensor, Tensor> module, Func<double, double> formula)
        {
            using (module)
                Near([.. x.Select(formula)], module.call(tensor(x)));
        }
    }

    private static double[] Standardised(double[] values, double eps)
    {
        double mean = values.Average(), variance = values.Average(v => (v - mean) * (v - mean));
        return [.. values.Select(v => (v - mean) / Math.Sqrt(variance + eps))];
    }

    private static void Each(int n, int c, int l, Action<int, int, int> body)
    {
        for (int i = 0; i < n * c * l; i++)
            body(i / (c * l), i / l % c, i % l);
    }
}
