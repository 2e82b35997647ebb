using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Adam, Kingma and Ba 2014; weight decay as part of the gradient.</summary>
public class Adam : OptimizerHelper
{
    internal Adam(IEnumerable<ParamGroup> groups)
        : base(groups)
    {
    }

    /// <summary>Whether weight decay stands beside the gradient instead of in it.</summary>
    private protected virtual bool IsDecoupled => false;

    private protected override Tensor[] CreateState(Modules.ParamGroup group, Parameter parameter) => Zeros(parameter, ((ParamGroup)group).Amsgrad ? 3 : 2);

    private protected override void Update(Modules.ParamGroup group, Parameter parameter, Tensor gradient, Tensor[] state, long step)
    {
        var options = (ParamGroup)group;
        (Tensor mean, Tensor square) = (state[0], state[1]);
        Tensor g = options.Maximize ? -gradient : gradient;
        if (options.Decay != 0 && IsDecoupled)
            parameter.mul_(1 - (group.LearningRate * options.Decay));
        else if (options.Decay != 0)
            g = g.add(parameter, options.Decay);
        mean.mul_(options.Beta1).add_(g, 1 - options.Beta1);
        square.mul_(options.Beta2).addcmul_(g, g, 1 - options.Beta2);
        Tensor largest = options.Amsgrad ? state[2].maximum_(square) : square;
        double first = 1 - Math.Pow(options.Beta1, step), second = 1 - Math.Pow(options.Beta2, step);
        Tensor scale = largest.sqrt().div_(Math.Sqrt(second)).add_(options.Eps);
        parameter.addcdiv_(mean, scale, -group.LearningRate / first);
    }

    /// <summary>Parameters with options of their own.</summary>
    public sealed class ParamGroup : Modules.ParamGroup
    {
        public ParamGroup(
            IEnumerable<Parameter> parameters, double lr = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8, double weight_decay = 0, bool amsgrad = false, bool maximize = false)
            : base(parameters, lr)
        {
            if (beta1 is not (>= 0 and < 1) || beta2 is not (>= 0 and < 1))
                throw new ArgumentException($"betas {beta1} and {beta2}: expected 0 or more and less than 1");
            (Beta1, Beta2, Eps, Decay, Amsgrad, Maximize) = (beta1, beta2, eps, weight_decay, amsgrad, maximize);
        }

        internal override double? Momentum
        {
            get => Beta1;
            set => Beta1 = value!.Value;
        }

        internal double Beta1 { get; private set; }

        internal double Beta2 { get; }

        internal double Eps { get; }

        internal double Decay { get; }

        internal bool Amsgrad { get; }

        internal bool Maximize { get; }
    }
}

/// <summary>Adam with decoupled weight decay, Loshchilov and Hutter 2017.</summary>
public sealed class AdamW : Adam
{
    internal AdamW(IEnumerable<ParamGroup> groups)
        : base(groups)
    {
    }

    private protected override bool IsDecoupled => true;
}
