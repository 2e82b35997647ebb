using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.utils;

namespace Legato.Tests.LibTorch;

/// <summary>Gradients and parameters as a whole.</summary>
public sealed class UtilsTests : LibTorchTest
{
    private readonly Parameter _a = new(zeros([2], float64)), _b = new(zeros([1, 1], float64)), _none = new(zeros([3], float64));

    [Theory]
    [InlineData(2, 13)]
    [InlineData(1, 19)]
    [InlineData(double.PositiveInfinity, 12)]
    public void GradientsAreScaledToACommonNorm(double kind, double norm)
    {
        (_a.grad, _b.grad) = (tensor([3.0, -4]), tensor([12.0]).reshape(1, 1));

        Assert.Equal(norm, clip_grad_norm_([_a, _b, _none], norm * 2, kind), 1e-12);
        Assert.Equal([3, -4, 12], [.. Values(_a.grad), .. Values(_b.grad)]);
        Assert.Equal(norm, clip_grad_norm_([_a, _b, _none], norm / 2, kind), 1e-12);
        Near([1.5, -2, 6], [.. Values(_a.grad), .. Values(_b.grad)], 1e-6);
        Assert.Equal(0, clip_grad_norm_([_none], 1));
    }

    [Fact]
    public void GradientsAreKeptWithinAValue()
    {
        _a.grad = tensor([3.0, -4]);

        clip_grad_value_([_a, _none], 3.5);

        Assert.Equal([3, -3.5], Values(_a.grad));
    }

    [Fact]
    public void ParametersGoIntoARowAndBack()
    {
        using Linear layer = Filled(nn.Linear(3, 2), 1), other = Filled(nn.Linear(3, 2), 9);
        long before = Settled();

        using Tensor row = parameters_to_vector(layer.parameters());
        vector_to_parameters(row, other.parameters());

        Assert.Equal([8], row.shape);
        Assert.Equal([.. Values(layer.weight), .. Values(layer.bias!)], Values(row));
        Assert.Equal(Values(layer.weight), Values(other.weight));
        Assert.Equal(Values(layer.bias!), Values(other.bias!));
        Assert.True(other.weight.is_leaf);
        Assert.Equal(before + 1, LiveTensors.Count);
    }

    [Fact]
    public void ARowOfAnotherLengthChangesNothing()
    {
        using Linear layer = Filled(nn.Linear(3, 2), 1);
        double[] before = Values(layer.weight);

        Assert.Throws<ArgumentException>(() => vector_to_parameters(zeros([7], float64), layer.parameters()));
        Assert.Throws<ArgumentException>(() => vector_to_parameters(zeros([9], float64), layer.parameters()));

        Assert.Equal(before, Values(layer.weight));
    }
}
