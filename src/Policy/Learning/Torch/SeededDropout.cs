using static TorchSharp.torch;

namespace Legato.Policy.Learning.Torch;

/// <summary>Dropout that draws from a generator of its own: libtorch's draws from one that the whole process shares, so that a run could not be repeated.</summary>
/// <param name="p">Share of elements dropped, 0 or more and less than 1.</param>
/// <param name="generator">Draws; it stays the caller's.</param>
internal sealed class SeededDropout(double p, Generator generator) : nn.Module<Tensor, Tensor>(nameof(SeededDropout))
{
    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => training ? input * empty_like(input).bernoulli_(1 - p, generator).mul_(1 / (1 - p)) : input.alias();
}
