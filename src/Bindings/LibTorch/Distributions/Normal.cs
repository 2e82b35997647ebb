using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Independent normal distributions.</summary>
/// <remarks>Holds on to the tensors that it is given, and does not dispose them. Properties give handles of their own.</remarks>
public sealed class Normal
{
    private readonly Tensor _loc, _scale;
    private readonly long[] _shape;
    private readonly Generator? _generator;

    internal Normal(Tensor loc, Tensor scale, Generator? generator)
    {
        (_loc, _scale, _generator) = (loc, scale, generator);
        using IDisposable frozen = no_grad();
        using Tensor both = loc + scale;
        _shape = both.shape;
    }

    public Tensor mean => _loc.expand(_shape);

    public Tensor stddev => _scale.expand(_shape);

    public Tensor variance => WrappedTensorDisposeScope(() => stddev.square());

    /// <summary>Samples that gradients go through: mean + stddev · ε.</summary>
    /// <param name="sample_shape">Dimensions in front of those of the distribution.</param>
    public Tensor rsample(params long[] sample_shape) => WrappedTensorDisposeScope(() => _loc + (_scale * randn([.. sample_shape, .. _shape], _loc.dtype, generator: _generator)));

    /// <summary>Samples without gradients.</summary>
    public Tensor sample(params long[] sample_shape)
    {
        using IDisposable frozen = no_grad();
        return rsample(sample_shape);
    }

    /// <summary>Logarithm of the density.</summary>
    public Tensor log_prob(Tensor value) => WrappedTensorDisposeScope(() =>
        (((value - _loc) / _scale).square() * -0.5) - _scale.log() - (0.5 * Math.Log(2 * Math.PI)));

    /// <summary>In nats.</summary>
    public Tensor entropy() => WrappedTensorDisposeScope(() => stddev.log() + (0.5 * Math.Log(2 * Math.PI * Math.E)));

    public Tensor cdf(Tensor value) => WrappedTensorDisposeScope(() => (((value - _loc) / (_scale * Math.Sqrt(2))).erf() + 1) * 0.5);

    public Tensor icdf(Tensor value) => WrappedTensorDisposeScope(() => _loc + (_scale * (((value * 2) - 1).erfinv() * Math.Sqrt(2))));
}
