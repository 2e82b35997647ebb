using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Independent normal distributions.</summary>
/// <remarks>Holds on to the tensors that it is given, and does not dispose them.</remarks>
public sealed class Normal
{
    private readonly Generator? _generator;

    internal Normal(Tensor loc, Tensor scale, Generator? generator) => (mean, stddev, _generator) = (loc, scale, generator);

    public Tensor mean { get; }

    public Tensor stddev { get; }

    public Tensor variance => stddev.square();

    /// <summary>Samples that gradients go through: mean + stddev · ε.</summary>
    /// <param name="sample_shape">Dimensions in front of those of the distribution.</param>
    public Tensor rsample(params long[] sample_shape) => WrappedTensorDisposeScope(() =>
    {
        Tensor shaped = mean + stddev;
        return mean + (stddev * randn([.. sample_shape, .. shaped.shape], shaped.dtype, generator: _generator));
    });

    /// <summary>Samples without gradients.</summary>
    public Tensor sample(params long[] sample_shape)
    {
        using IDisposable frozen = no_grad();
        return rsample(sample_shape);
    }

    /// <summary>Logarithm of the density.</summary>
    public Tensor log_prob(Tensor value) => WrappedTensorDisposeScope(() =>
        (((value - mean) / stddev).square() * -0.5) - stddev.log() - (0.5 * Math.Log(2 * Math.PI)));

    /// <summary>In nats.</summary>
    public Tensor entropy() => WrappedTensorDisposeScope(() => stddev.log() + mean.mul(0) + (0.5 * Math.Log(2 * Math.PI * Math.E)));

    public Tensor cdf(Tensor value) => WrappedTensorDisposeScope(() => (((value - mean) / (stddev * Math.Sqrt(2))).erf() + 1) * 0.5);

    public Tensor icdf(Tensor value) => WrappedTensorDisposeScope(() => mean + (stddev * (((value * 2) - 1).erfinv() * Math.Sqrt(2))));
}
