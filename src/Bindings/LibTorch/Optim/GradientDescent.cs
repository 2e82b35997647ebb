using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Gradient descent, with momentum if wanted.</summary>
public sealed class SGD : OptimizerHelper
{
    internal SGD(IEnumerable<ParamGroup> groups)
        : base(groups)
    {
    }

    private protected override Tensor[] CreateState(Modules.ParamGroup group, Parameter parameter) => Zeros(parameter, group.Momentum == 0 ? 0 : 1);

    private protected override void Update(Modules.ParamGroup group, Parameter parameter, Tensor gradient, Tensor[] state, long step)
    {
        var options = (ParamGroup)group;
        Tensor g = options.Maximize ? -gradient : gradient;
        if (options.Decay != 0)
            g = g.add(parameter, options.Decay);
        if (state.Length > 0)
        {
            if (step == 1)
                state[0].copy_(g);
            else
                state[0].mul_(options.Velocity).add_(g, 1 - options.Dampening);
            g = options.Nesterov ? g.add(state[0], options.Velocity) : state[0];
        }
        parameter.add_(g, -group.LearningRate);
    }

    /// <summary>Parameters with options of their own.</summary>
    public sealed class ParamGroup : Modules.ParamGroup
    {
        public ParamGroup(
            IEnumerable<Parameter> parameters, double lr = 1e-3, double momentum = 0, double dampening = 0, double weight_decay = 0, bool nesterov = false, bool maximize = false)
            : base(parameters, lr) => (Velocity, Dampening, Decay, Nesterov, Maximize) = (momentum, dampening, weight_decay, nesterov, maximize);

        internal override double? Momentum
        {
            get => Velocity;
            set => Velocity = value!.Value;
        }

        internal double Velocity { get; private set; }

        internal double Dampening { get; }

        internal double Decay { get; }

        internal bool Nesterov { get; }

        internal bool Maximize { get; }
    }
}

/// <summary>RMSProp, Tieleman and Hinton 2012; centred, Graves 2013.</summary>
public sealed class RMSProp : OptimizerHelper
{
    internal RMSProp(IEnumerable<ParamGroup> groups)
        : base(groups)
    {
    }

    private protected override Tensor[] CreateState(Modules.ParamGroup group, Parameter parameter) => Zeros(parameter, 3);

    private protected override void Update(Modules.ParamGroup group, Parameter parameter, Tensor gradient, Tensor[] state, long step)
    {
        var options = (ParamGroup)group;
        (Tensor square, Tensor velocity, Tensor mean) = (state[0], state[1], state[2]);
        Tensor g = options.Maximize ? -gradient : gradient;
        if (options.Decay != 0)
            g = g.add(parameter, options.Decay);
        square.mul_(options.Alpha).addcmul_(g, g, 1 - options.Alpha);
        Tensor variance = square;
        if (options.Centered)
        {
            mean.mul_(options.Alpha).add_(g, 1 - options.Alpha);
            variance = square - (mean * mean);
        }
        Tensor scale = variance.sqrt().add_(options.Eps);
        if (options.Velocity > 0)
            parameter.add_(velocity.mul_(options.Velocity).addcdiv_(g, scale, 1), -group.LearningRate);
        else
            parameter.addcdiv_(g, scale, -group.LearningRate);
    }

    /// <summary>Parameters with options of their own.</summary>
    public sealed class ParamGroup : Modules.ParamGroup
    {
        public ParamGroup(
            IEnumerable<Parameter> parameters, double lr = 1e-3, double eps = 1e-8, double alpha = 0.99, double weight_decay = 0, double momentum = 0, bool centered = false, bool maximize = false)
            : base(parameters, lr) => (Eps, Alpha, Decay, Velocity, Centered, Maximize) = (eps, alpha, weight_decay, momentum, centered, maximize);

        internal override double? Momentum
        {
            get => Velocity;
            set => Velocity = value!.Value;
        }

        internal double Velocity { get; private set; }

        internal double Eps { get; }

        internal double Alpha { get; }

        internal double Decay { get; }

        internal bool Centered { get; }

        internal bool Maximize { get; }
    }
}
