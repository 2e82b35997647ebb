using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace TorchSharp.Modules;

/// <summary>Mean 0 and variance 1 over the last dimensions, then a scale and a shift that are learnt.</summary>
public sealed class LayerNorm : nn.Module<Tensor, Tensor>
{
    private readonly long[] _shape;
    private readonly double _eps;

    internal LayerNorm(long[] normalized_shape, double eps, bool elementwise_affine, bool hasBias)
        : base(nameof(LayerNorm))
    {
        (_shape, _eps) = (normalized_shape, eps);
        if (!elementwise_affine)
            return;
        weight = new Parameter(ones(normalized_shape));
        register_parameter(nameof(weight), weight);
        if (!hasBias)
            return;
        bias = new Parameter(zeros(normalized_shape));
        register_parameter(nameof(bias), bias);
    }

    public Parameter? weight { get; }

    public Parameter? bias { get; }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => F.layer_norm(input, _shape, weight, bias, _eps);
}

/// <summary>Mean 0 and variance 1 over groups of channels.</summary>
public sealed class GroupNorm : nn.Module<Tensor, Tensor>
{
    private readonly long _groups;
    private readonly double _eps;

    internal GroupNorm(long num_groups, long num_channels, double eps, bool affine)
        : base(nameof(GroupNorm))
    {
        (_groups, _eps) = (num_groups, eps);
        if (!affine)
            return;
        weight = new Parameter(ones([num_channels]));
        bias = new Parameter(zeros([num_channels]));
        register_parameter(nameof(weight), weight);
        register_parameter(nameof(bias), bias);
    }

    public Parameter? weight { get; }

    public Parameter? bias { get; }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => F.group_norm(input, _groups, weight, bias, _eps);
}

/// <summary>Mean 0 and variance 1 over the batch while training, by running statistics otherwise. [N, C] or [N, C, L].</summary>
public sealed class BatchNorm1d : nn.Module<Tensor, Tensor>
{
    private readonly double _eps, _momentum;

    internal BatchNorm1d(long features, double eps, double momentum)
        : base(nameof(BatchNorm1d))
    {
        (_eps, _momentum) = (eps, momentum);
        weight = new Parameter(ones([features]));
        bias = new Parameter(zeros([features]));
        running_mean = zeros([features]);
        running_var = ones([features]);
        num_batches_tracked = zeros([], ScalarType.Int64);
        register_parameter(nameof(weight), weight);
        register_parameter(nameof(bias), bias);
        register_buffer(nameof(running_mean), running_mean);
        register_buffer(nameof(running_var), running_var);
        register_buffer(nameof(num_batches_tracked), num_batches_tracked);
    }

    public Parameter weight { get; }

    public Parameter bias { get; }

    public Tensor running_mean { get; }

    public Tensor running_var { get; }

    public Tensor num_batches_tracked { get; }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        if (training)
            num_batches_tracked.add_(1);
        return F.batch_norm(input, running_mean, running_var, weight, bias, training, _momentum, _eps);
    }
}
