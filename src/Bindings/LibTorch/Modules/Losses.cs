using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace TorchSharp.Modules;

/// <summary>Squared difference.</summary>
public sealed class MSELoss : nn.Module<Tensor, Tensor, Tensor>
{
    private readonly nn.Reduction _reduction;

    internal MSELoss(nn.Reduction reduction)
        : base(nameof(MSELoss)) => _reduction = reduction;

    /// <summary>Prediction, target.</summary>
    public override Tensor forward(Tensor input1, Tensor input2) => F.mse_loss(input1, input2, _reduction);
}

/// <summary>Absolute difference.</summary>
public sealed class L1Loss : nn.Module<Tensor, Tensor, Tensor>
{
    private readonly nn.Reduction _reduction;

    internal L1Loss(nn.Reduction reduction)
        : base(nameof(L1Loss)) => _reduction = reduction;

    /// <summary>Prediction, target.</summary>
    public override Tensor forward(Tensor input1, Tensor input2) => F.l1_loss(input1, input2, _reduction);
}

/// <summary>Squared below beta, absolute beyond, over beta.</summary>
public sealed class SmoothL1Loss : nn.Module<Tensor, Tensor, Tensor>
{
    private readonly nn.Reduction _reduction;
    private readonly double _beta;

    internal SmoothL1Loss(nn.Reduction reduction, double beta)
        : base(nameof(SmoothL1Loss)) => (_reduction, _beta) = (reduction, beta);

    /// <summary>Prediction, target.</summary>
    public override Tensor forward(Tensor input1, Tensor input2) => F.smooth_l1_loss(input1, input2, _reduction, _beta);
}

/// <summary>Squared below delta, absolute beyond.</summary>
public sealed class HuberLoss : nn.Module<Tensor, Tensor, Tensor>
{
    private readonly double _delta;
    private readonly nn.Reduction _reduction;

    internal HuberLoss(double delta, nn.Reduction reduction)
        : base(nameof(HuberLoss)) => (_delta, _reduction) = (delta, reduction);

    /// <summary>Prediction, target.</summary>
    public override Tensor forward(Tensor input1, Tensor input2) => F.huber_loss(input1, input2, _delta, _reduction);
}

/// <summary>Of classes, from logits.</summary>
public sealed class CrossEntropyLoss : nn.Module<Tensor, Tensor, Tensor>
{
    private readonly Tensor? _weight;
    private readonly long? _ignore;
    private readonly nn.Reduction _reduction;

    internal CrossEntropyLoss(Tensor? weight, long? ignore, nn.Reduction reduction)
        : base(nameof(CrossEntropyLoss)) => (_weight, _ignore, _reduction) = (weight, ignore, reduction);

    /// <summary>Prediction, target.</summary>
    public override Tensor forward(Tensor input1, Tensor input2) => F.cross_entropy(input1, input2, _weight, _ignore ?? -100, _reduction);
}

/// <summary>Of truth values, from logits.</summary>
public sealed class BCEWithLogitsLoss : nn.Module<Tensor, Tensor, Tensor>
{
    private readonly Tensor? _weight;
    private readonly nn.Reduction _reduction;
    private readonly Tensor? _positive;

    internal BCEWithLogitsLoss(Tensor? weight, nn.Reduction reduction, Tensor? positive)
        : base(nameof(BCEWithLogitsLoss)) => (_weight, _reduction, _positive) = (weight, reduction, positive);

    /// <summary>Prediction, target.</summary>
    public override Tensor forward(Tensor input1, Tensor input2) => F.binary_cross_entropy_with_logits(input1, input2, _weight, _reduction, _positive);
}
