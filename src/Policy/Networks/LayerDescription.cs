using System.Text.Json.Serialization;

namespace Legato.Policy.Networks;

/// <summary>A layer without its weights. Its inputs are the outputs of the layer before it.</summary>
[JsonConverter(typeof(LayerDescriptionConverter))]
public abstract record LayerDescription;

/// <summary>y = W x + b; tensors <c>weight</c> [outputs, inputs] and <c>bias</c> [outputs].</summary>
/// <param name="Outputs">1..<see cref="NetworkDescription.MaxWidth"/>.</param>
/// <param name="Bias">False for one without <c>bias</c>.</param>
public sealed record LinearLayer(int Outputs, bool Bias = true) : LayerDescription;

/// <summary>y = (x - mean(x)) / sqrt(var(x) + epsilon) * weight + bias; tensors <c>weight</c> and <c>bias</c> [inputs].</summary>
/// <param name="Epsilon">Above 0.</param>
public sealed record LayerNormLayer(double Epsilon = LayerNormLayer.DefaultEpsilon) : LayerDescription
{
    /// <summary>That of libtorch.</summary>
    public const double DefaultEpsilon = 1e-5;
}

/// <summary>A function of each value; no tensors.</summary>
public sealed record ActivationLayer(ActivationFunction Function) : LayerDescription;

/// <summary>Functions of one value, as libtorch defines them.</summary>
public enum ActivationFunction
{
    /// <summary>x; stands for dropout too, which does nothing once a network is trained.</summary>
    Identity,

    /// <summary>max(x, 0).</summary>
    Relu,

    /// <summary>Hyperbolic tangent.</summary>
    Tanh,

    /// <summary>x (1 + erf(x / sqrt 2)) / 2: libtorch's default GELU.</summary>
    Gelu,

    /// <summary>GELU with <c>approximate="tanh"</c>.</summary>
    GeluTanh,

    /// <summary>x / (1 + e^-x), also called swish.</summary>
    Silu,

    /// <summary>x tanh(ln(1 + e^x)).</summary>
    Mish,
}
