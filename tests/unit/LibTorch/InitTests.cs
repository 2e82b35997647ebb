using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Legato.Tests.LibTorch;

/// <summary>First values of parameters: their bounds, moments and shapes. Seeds are fixed.</summary>
public sealed class InitTests : LibTorchTest
{
    [Fact]
    public void ConstantsFillTheTensorAndReturnIt()
    {
        using var p = new Parameter(empty(2, 2));

        Assert.Same(p, init.zeros_(p));
        Assert.Equal(0, p.sum().item<float>());
        Assert.Equal(4, init.ones_(p).sum().item<float>());
        Assert.Equal(10, init.constant_(p, 2.5).sum().item<float>());
        Assert.True(p is { requires_grad: true, is_leaf: true });
    }

    [Fact]
    public void UniformNumbersFillTheirBounds()
    {
        Bounded(2, 5, init.uniform_(empty(100, 100), 2, 5));
        // √(6 / (in + out)), with a field of 4: √(6 / (4 · (50 + 100))).
        Bounded(-0.1, 0.1, init.xavier_uniform_(empty(100, 50, 4)));
        Bounded(-0.3, 0.3, init.xavier_uniform_(empty(100, 50, 4), 3));
        // √2 · √(3 / in) for ReLU and for a leak of 0; 1 / √in for √5, as Linear has it.
        Bounded(-0.2, 0.2, init.kaiming_uniform_(empty(40, 150)));
        Bounded(-0.2, 0.2, init.kaiming_uniform_(empty(150, 40), 0, init.FanInOut.FanOut, init.NonlinearityType.ReLU));
        Bounded(-0.1, 0.1, init.kaiming_uniform_(empty(40, 100), Math.Sqrt(5)));
        using Linear linear = Linear(100, 80);
        Bounded(-0.1, 0.1, linear.weight);
        Bounded(-0.1, 0.1, linear.bias!, 0.02);
        using Conv1d convolution = Conv1d(20, 300, 5);
        Bounded(-0.1, 0.1, convolution.weight);
        Bounded(-0.1, 0.1, convolution.bias!, 0.02);
    }

    [Fact]
    public void NormalNumbersHaveTheirMoments()
    {
        Moments(2, 3, init.normal_(empty(200, 200), 2, 3));
        // √(2 / (in + out)).
        Moments(0, 0.1, init.xavier_normal_(empty(150, 50)));
    }

    [Fact]
    public void TruncatedNormalsStayWithinTheirEnds()
    {
        double[] values = Values(init.trunc_normal_(empty([200, 200], float64), 1, 2, 0, 2));

        Assert.InRange(values.Min(), 0, 1e-3);
        Assert.InRange(values.Max(), 2 - 1e-3, 2);
        // Of a normal, 0.1915 lie within half a deviation above the mean, and 0.0987 within a quarter.
        Assert.Equal(0.0987 / 0.1915 / 2, values.Count(v => v is > 1 and < 1.5) / 40_000.0, 0.01);
        Assert.Equal(1, values.Average(), 0.01);
        double[] tail = Values(init.trunc_normal_(empty([1000], float64), 0, 1, 3, 4));
        Assert.All(tail, v => Assert.InRange(v, 3, 4));
        Assert.True(tail.Distinct().Count() > 900);
    }

    [Theory]
    [InlineData(4, 7, 1)]
    [InlineData(7, 4, 2.5)]
    [InlineData(5, 5, 1)]
    public void OrthogonalRowsOrColumnsAreOrthogonal(int rows, int columns, double gain)
    {
        Tensor t = init.orthogonal_(empty([rows, columns], float64), gain);
        Tensor product = rows < columns ? t.mm(t.t()) : t.t().mm(t);
        int n = Math.Min(rows, columns);

        Near([.. Enumerable.Range(0, n * n).Select(i => i / n == i % n ? gain * gain : 0)], product);
        Assert.NotEqual(Values(t), Values(init.orthogonal_(empty([rows, columns], float64), gain)));
        Assert.Equal([3, 2, 2], init.orthogonal_(empty(3, 2, 2)).shape);
    }

    [Fact]
    public void GainsAreTheKnownOnes()
    {
        Assert.Equal(5.0 / 3, init.calculate_gain(init.NonlinearityType.Tanh));
        Assert.Equal(1.4142135623730951, init.calculate_gain(init.NonlinearityType.ReLU));
        Assert.Equal(Math.Sqrt(1.6), init.calculate_gain(init.NonlinearityType.LeakyReLU, 0.5), 1e-15);
        Assert.Equal(1, init.calculate_gain(init.NonlinearityType.Linear));
        Assert.Throws<ArgumentException>(() => init.xavier_uniform_(empty(3)));
    }

    private static void Bounded(double low, double high, Tensor t, double slack = 1e-3)
    {
        double[] values = Values(t);
        double width = high - low;
        Assert.InRange(values.Min(), low - 1e-7, low + (slack * width));
        Assert.InRange(values.Max(), high - (slack * width), high + 1e-7);
        Assert.Equal((low + high) / 2, values.Average(), 3 * width / Math.Sqrt(12 * values.Length));
    }

    private static void Moments(double mean, double deviation, Tensor t)
    {
        double[] values = Values(t);
        Assert.Equal(mean, values.Average(), 4 * deviation / Math.Sqrt(values.Length));
        Assert.Equal(deviation, Math.Sqrt(values.Average(v => (v - mean) * (v - mean))), 0.03 * deviation);
    }
}
