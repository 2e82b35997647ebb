using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Legato.Tests.LibTorch;

public sealed class AutogradTests : LibTorchTest
{
    [Fact]
    public void GradientsOfANetworkAreItsDerivatives()
    {
        using Sequential net = Filled(nn.Sequential(nn.Linear(3, 4), nn.LayerNorm(4), nn.GELU(), nn.Dropout(0.5), nn.Linear(4, 2)), 7);
        net.eval();
        Tensor x = Some(50, 5, 3).requires_grad_(), y = Some(51, 5, 2);

        GradientsAgree(() => F.mse_loss(net.call(x), y), [x, .. net.parameters()]);
    }

    [Fact]
    public void GradientsOfFunctionsAreTheirDerivatives()
    {
        Tensor x = Some(1, 2, 3).requires_grad_(), w = Some(2, 3, 2).requires_grad_();

        GradientsAgree(
            () => (x.matmul(w).silu().sum() + F.mish(x).sum() + F.softplus(x * w.t(), 2).mean() + x.softmax(1).log().sum() + (x.square() + 1).log().logsumexp(0).sum()
                + F.elu(x, 0.7).sum() + F.leaky_relu(x, 0.1).sum() + (x / (w.t().square() + 1)).std(1).sum() + x.cumsum(0).tanh().norm() + x.erf().max()) * 0.5,
            x,
            w);
    }

    [Fact]
    public void GradientsOfRecurrentAndConvolutionalLayersAreTheirDerivatives()
    {
        using GRU gru = Filled(nn.GRU(2, 3, bidirectional: true), 3);
        using Conv1d convolution = Filled(nn.Conv1d(2, 4, 3, padding: 1, groups: 2), 30);
        using MultiheadAttention attention = Filled(nn.MultiheadAttention(2, 2), 40);
        Tensor x = Some(60, 4, 2, 2).requires_grad_();

        GradientsAgree(
            () => gru.call(x).Item1.square().sum() + convolution.call(x).tanh().sum() + attention.call(x, x, x).Item1.exp().sum(),
            [x, .. gru.parameters(), .. convolution.parameters(), .. attention.parameters()]);
    }

    [Fact]
    public void ThereIsNoGradientBeforeOneIsAsked()
    {
        using Linear layer = nn.Linear(2, 1);
        Assert.Null(layer.weight.grad);

        layer.call(tensor([3f, -4f])).sum().backward();
        Assert.Equal([3f, -4f], layer.weight.grad!.data<float>().ToArray());
        layer.call(tensor([3f, -4f])).sum().backward();
        Assert.Equal([6f, -8f], layer.weight.grad!.data<float>().ToArray());

        layer.zero_grad();
        Assert.Null(layer.weight.grad);
        layer.weight.grad = ones(1, 2);
        Assert.Equal([1f, 1f], layer.weight.grad!.data<float>().ToArray());
    }

    [Fact]
    public void BackwardTakesTheGradientOfWhatFollows()
    {
        Tensor x = tensor([1.0, 2, 3], requires_grad: true), y = x.square();

        y.backward(tensor([1.0, 10, 100]), retain_graph: true);
        y.backward(tensor([1.0, 0, 0]));

        Assert.Equal([4, 40, 600], Values(x.grad!));
        Assert.Throws<TorchException>(() => y.backward(tensor([1.0, 0, 0])));
    }

    [Fact]
    public void DerivativesHaveDerivatives()
    {
        Tensor x = tensor([2.0], requires_grad: true);
        x.pow(3).sum().backward(create_graph: true);
        Tensor first = x.grad!;
        x.grad = null;

        first.sum().backward();

        Assert.Equal(12, first.item<double>());
        Assert.Equal(12, x.grad!.item<double>());
    }

    [Fact]
    public void DetachedTensorsShareMemoryButNoRecord()
    {
        Tensor x = ones([2], float64, requires_grad: true), y = x * 3, d = y.detach();

        d.fill_(5);

        Assert.False(d.requires_grad);
        Assert.Equal([5, 5], Values(y));
        Assert.True(y is { requires_grad: true, is_leaf: false });
        Assert.True(x.is_leaf);
    }

    [Fact]
    public void ModesNest()
    {
        Tensor x = ones([1], requires_grad: true);
        Assert.True(is_grad_enabled());
        using (no_grad())
        {
            Assert.False((x * 2).requires_grad);
            using (enable_grad())
                Assert.True((x * 2).requires_grad);
            using (set_grad_enabled(true))
            {
                using IDisposable off = enable_grad(false);
                Assert.False(is_grad_enabled());
                off.Dispose();
                Assert.True(is_grad_enabled());
            }
            Assert.False(is_grad_enabled());
        }
        Assert.True((x * 2).requires_grad);
    }

    [Fact]
    public void ModesBelongToTheirThread()
    {
        using IDisposable off = no_grad();
        bool there = false;

        Elsewhere(() => there = is_grad_enabled());

        Assert.True(there);
        Assert.Throws<InvalidOperationException>(() => Elsewhere(off.Dispose));
        Assert.False(is_grad_enabled());
        off.Dispose();
        Assert.True(is_grad_enabled());
    }

    [Fact]
    public void WhatIsMadeInInferenceModeHasNoGradients()
    {
        Tensor x = ones([2], requires_grad: true), y;
        Assert.False(is_inference_mode_enabled());
        using (inference_mode())
        {
            Assert.True(is_inference_mode_enabled());
            y = x * 2;
            Assert.False(is_grad_enabled());
            using (inference_mode(false))
                Assert.False(is_inference_mode_enabled());
        }

        Assert.False(is_inference_mode_enabled());
        Assert.True(is_grad_enabled());
        Assert.False(y.requires_grad);
        Assert.Throws<TorchException>(() => (x * y).sum().backward());
    }

    [Fact]
    public void InferenceModeEndsOnlyOnItsThread()
    {
        using IDisposable mode = inference_mode();

        Assert.Throws<InvalidOperationException>(() => Elsewhere(mode.Dispose));

        Assert.True(is_inference_mode_enabled());
        mode.Dispose();
        mode.Dispose();
        Assert.False(is_inference_mode_enabled());
    }

    [Fact]
    public void MasksAndChoicesPassGradientsWhereTheyPassValues()
    {
        Tensor x = tensor([1.0, -2, 3], requires_grad: true), y = tensor([10.0, 20, 30], requires_grad: true);

        (where(x.gt(0), x * 2, y).sum() + x.masked_fill(x.lt(0), 9).sum() + x.clamp(max: 2).sum()).backward();

        Assert.Equal([4, 1, 3], Values(x.grad!));
        Assert.Equal([0, 1, 0], Values(y.grad!));
    }
}
