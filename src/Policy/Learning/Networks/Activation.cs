namespace Legato.Policy.Learning.Networks;

/// <summary>What stands between the layers of a network.</summary>
public enum Activation
{
    /// <summary>max(x, 0).</summary>
    Relu,

    /// <summary>x · Φ(x), by the error function.</summary>
    Gelu,

    /// <summary>tanh x.</summary>
    Tanh,

    /// <summary>x · sigmoid(x).</summary>
    Silu,

    /// <summary>x · tanh(softplus(x)).</summary>
    Mish,
}
