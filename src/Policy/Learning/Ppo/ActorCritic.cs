using Legato.Policy.Learning.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Legato.Policy.Learning.Ppo;

/// <summary>A Gaussian policy whose deviation does not depend on the observation, and a value function.</summary>
internal sealed class ActorCritic : nn.Module
{
    public ActorCritic(int observations, int actions, PpoOptions options, Generator generator)
        : base(nameof(ActorCritic))
    {
        // A policy that begins close to zero leaves a plan as it is.
        Actor = Perceptron.Create(observations, options.Hidden, actions, options.Activation).Orthogonal(0.01, generator);
        Average = Perceptron.Create(observations, options.Hidden, actions, options.Activation);
        Average.load_state_dict(Actor.state_dict());
        Critic = Perceptron.Create(observations, options.Hidden, 1, options.Activation).Orthogonal(1, generator);
        LogDeviation = new Parameter(full([actions], options.InitialLogDeviation, ScalarType.Float32));
        register_module("actor", Actor);
        register_module("average", Average);
        register_module("critic", Critic);
        register_parameter("log_deviation", LogDeviation);
    }

    /// <summary>Mean of the actions.</summary>
    public Sequential Actor { get; }

    /// <summary>Mean of the actions by the running mean of the actors.</summary>
    public Sequential Average { get; }

    /// <summary>Value of an observation.</summary>
    public Sequential Critic { get; }

    /// <summary>Logarithm of the standard deviation, one per action.</summary>
    public Parameter LogDeviation { get; }

    /// <summary>Logarithm of the density of actions, a number per row.</summary>
    public Tensor LogProbability(Tensor mean, Tensor actions)
    {
        Tensor z = (actions - mean) / LogDeviation.exp();
        return ((z.square() * -0.5) - LogDeviation - (0.5 * Math.Log(2 * Math.PI))).sum(-1);
    }

    /// <summary>In nats, of all actions together.</summary>
    public Tensor Entropy() => (LogDeviation + (0.5 * Math.Log(2 * Math.PI * Math.E))).sum();
}
