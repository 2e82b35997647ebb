using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace TorchSharp.Modules;

/// <summary>x · Wᵀ + b.</summary>
public sealed class Linear : nn.Module<Tensor, Tensor>
{
    internal Linear(long inputSize, long outputSize, bool hasBias)
        : base(nameof(Linear))
    {
        weight = new Parameter(empty([outputSize, inputSize]));
        nn.init.kaiming_uniform_(weight, Math.Sqrt(5));
        register_parameter(nameof(weight), weight);
        if (!hasBias)
            return;
        bias = new Parameter(empty([outputSize]));
        double bound = 1 / Math.Sqrt(inputSize);
        nn.init.uniform_(bias, -bound, bound);
        register_parameter(nameof(bias), bias);
    }

    /// <summary>[out, in].</summary>
    public Parameter weight { get; }

    /// <summary>[out].</summary>
    public Parameter? bias { get; }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => F.linear(input, weight, bias);
}

/// <summary>The input.</summary>
public sealed class Identity : nn.Module<Tensor, Tensor>
{
    internal Identity()
        : base(nameof(Identity))
    {
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => input.alias();
}

/// <summary>Rows of a table.</summary>
public sealed class Embedding : nn.Module<Tensor, Tensor>
{
    private readonly long? _padding;

    internal Embedding(long num_embeddings, long embedding_dims, long? padding_idx)
        : base(nameof(Embedding))
    {
        _padding = padding_idx < 0 ? padding_idx + num_embeddings : padding_idx;
        weight = new Parameter(randn([num_embeddings, embedding_dims]));
        if (_padding is { } row)
        {
            using Tensor none = weight.detach(), padding = none.select(0, row);
            padding.zero_();
        }
        register_parameter(nameof(weight), weight);
    }

    /// <summary>[rows, columns].</summary>
    public Parameter weight { get; }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => F.embedding(input, weight, _padding);
}
