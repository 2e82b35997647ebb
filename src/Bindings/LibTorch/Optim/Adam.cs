using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Adam, Kingma and Ba 2014; weight decay as part of the gradient.</summary>
public class Adam : OptimizerHelper
{
    private readonly double _beta1, _beta2, _eps, _decay;
    private readonly bool _amsgrad, _maximize;

    internal Adam(IEnumerable<ParamGroup> groups, double lr, double beta1, double beta2, double eps, double decay, bool amsgrad, bool maximize)
        : base(groups, lr)
    {
        if (beta1 is not (>= 0 and < 1) || beta2 is not (>= 0 and < 1))
            throw new ArgumentException($"betas {beta1} and {beta2}: expected 0 or more and less than 1");
        (_beta1, _beta2, _eps, _decay, _amsgrad, _maximize) = (beta1, beta2, eps, decay, amsgrad, maximize);
    }

    /// <summary>Whether weight decay stands beside the gradient instead of in it.</summary>
    private protected virtual bool IsDecoupled => false;

    private protected override Tensor[] CreateState(Parameter parameter) => Zeros(parameter, _amsgrad ? 3 : 2);

    private protected override void Update(ParamGroup group, Parameter parameter, Tensor gradient, Tensor[] state, long step)
    {
        (Tensor mean, Tensor square) = (state[0], state[1]);
        Tensor g = _maximize ? -gradient : gradient;
        if (_decay != 0 && IsDecoupled)
            parameter.mul_(1 - (group.LearningRate * _decay));
        else if (_decay != 0)
            g = g.add(parameter, _decay);
        mean.mul_(_beta1).add_(g, 1 - _beta1);
        square.mul_(_beta2).addcmul_(g, g, 1 - _beta2);
        Tensor largest = _amsgrad ? state[2].maximum_(square) : square;
        double first = 1 - Math.Pow(_beta1, step), second = 1 - Math.Pow(_beta2, step);
        Tensor scale = largest.sqrt().div_(Math.Sqrt(second)).add_(_eps);
        parameter.addcdiv_(mean, scale, -group.LearningRate / first);
    }
}

/// <summary>Adam with decoupled weight decay, Loshchilov and Hutter 2017.</summary>
public sealed class AdamW : Adam
{
    internal AdamW(IEnumerable<ParamGroup> groups, double lr, double beta1, double beta2, double eps, double decay, bool amsgrad, bool maximize)
        : base(groups, lr, beta1, beta2, eps, decay, amsgrad, maximize)
    {
    }

    private protected override bool IsDecoupled => true;
}
