using Legato.Policy.Networks;

namespace Legato.Policy.Bundles;

/// <summary>A network with its weights, as files have it.</summary>
/// <param name="Description">Its layers.</param>
/// <param name="Tensors">Its weights, named as <see cref="NetworkDescription.Tensors"/> lists them.</param>
public sealed record TrainedNetwork(NetworkDescription Description, IReadOnlyDictionary<string, SafeTensor> Tensors)
{
    /// <summary>The network, ready to be evaluated.</summary>
    /// <param name="source">What messages call it.</param>
    /// <exception cref="InputException">A weight is missing, has another shape, or is no finite number.</exception>
    public FeedForwardNetwork Build(string source) => new(NetworkWeights.Load(Description, Tensors, source));
}
