using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Gradient descent, with momentum if wanted.</summary>
public sealed class SGD : OptimizerHelper
{
    private readonly double _momentum, _dampening, _decay;
    private readonly bool _nesterov, _maximize;

    internal SGD(IEnumerable<ParamGroup> groups, double lr, double momentum, double dampening, double decay, bool nesterov, bool maximize)
        : base(groups, lr) => (_momentum, _dampening, _decay, _nesterov, _maximize) = (momentum, dampening, decay, nesterov, maximize);

    private protected override Tensor[] CreateState(Parameter parameter) => Zeros(parameter, _momentum == 0 ? 0 : 1);

    private protected override void Update(ParamGroup group, Parameter parameter, Tensor gradient, Tensor[] state, long step)
    {
        Tensor g = _maximize ? -gradient : gradient;
        if (_decay != 0)
            g = g.add(parameter, _decay);
        if (_momentum != 0)
        {
            if (step == 1)
                state[0].copy_(g);
            else
                state[0].mul_(_momentum).add_(g, 1 - _dampening);
            g = _nesterov ? g.add(state[0], _momentum) : state[0];
        }
        parameter.add_(g, -group.LearningRate);
    }
}

/// <summary>RMSProp, Tieleman and Hinton 2012; centred, Graves 2013.</summary>
public sealed class RMSProp : OptimizerHelper
{
    private readonly double _alpha, _eps, _decay, _momentum;
    private readonly bool _centered, _maximize;

    internal RMSProp(IEnumerable<ParamGroup> groups, double lr, double alpha, double eps, double decay, double momentum, bool centered, bool maximize)
        : base(groups, lr) => (_alpha, _eps, _decay, _momentum, _centered, _maximize) = (alpha, eps, decay, momentum, centered, maximize);

    private protected override Tensor[] CreateState(Parameter parameter) => Zeros(parameter, 3);

    private protected override void Update(ParamGroup group, Parameter parameter, Tensor gradient, Tensor[] state, long step)
    {
        (Tensor square, Tensor velocity, Tensor mean) = (state[0], state[1], state[2]);
        Tensor g = _maximize ? -gradient : gradient;
        if (_decay != 0)
            g = g.add(parameter, _decay);
        square.mul_(_alpha).addcmul_(g, g, 1 - _alpha);
        Tensor variance = square;
        if (_centered)
        {
            mean.mul_(_alpha).add_(g, 1 - _alpha);
            variance = square - (mean * mean);
        }
        Tensor scale = variance.sqrt().add_(_eps);
        if (_momentum > 0)
            parameter.add_(velocity.mul_(_momentum).addcdiv_(g, scale, 1), -group.LearningRate);
        else
            parameter.addcdiv_(g, scale, -group.LearningRate);
    }
}
