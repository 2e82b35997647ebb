using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace TorchSharp.Modules;

/// <summary>What convolutions share: weights, first values as libtorch's own.</summary>
public abstract class Convolution : nn.Module<Tensor, Tensor>
{
    private protected Convolution(string name, long[] shape, long outputs, bool hasBias)
        : base(name)
    {
        weight = new Parameter(empty(shape));
        nn.init.kaiming_uniform_(weight, Math.Sqrt(5));
        register_parameter(nameof(weight), weight);
        if (!hasBias)
            return;
        bias = new Parameter(empty([outputs]));
        double bound = 1 / Math.Sqrt(shape[1] * shape[2]);
        nn.init.uniform_(bias, -bound, bound);
        register_parameter(nameof(bias), bias);
    }

    public Parameter weight { get; }

    public Parameter? bias { get; }
}

/// <summary>Convolution of [N, C, L].</summary>
public sealed class Conv1d : Convolution
{
    private readonly long _stride, _padding, _dilation, _groups;

    internal Conv1d(long inputs, long outputs, long kernel, long stride, long padding, long dilation, long groups, bool hasBias)
        : base(nameof(Conv1d), [outputs, inputs / groups, kernel], outputs, hasBias) =>
        (_stride, _padding, _dilation, _groups) = (stride, padding, dilation, groups);

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => F.conv1d(input, weight, bias, _stride, _padding, _dilation, _groups);
}

/// <summary>Transposed convolution of [N, C, L].</summary>
public sealed class ConvTranspose1d : Convolution
{
    private readonly long _stride, _padding, _outputPadding, _dilation, _groups;

    internal ConvTranspose1d(long inputs, long outputs, long kernel, long stride, long padding, long outputPadding, long dilation, long groups, bool hasBias)
        : base(nameof(ConvTranspose1d), [inputs, outputs / groups, kernel], outputs, hasBias) =>
        (_stride, _padding, _outputPadding, _dilation, _groups) = (stride, padding, outputPadding, dilation, groups);

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => F.conv_transpose1d(input, weight, bias, _stride, _padding, _outputPadding, _dilation, _groups);
}
