using Legato.Policy.Learning.Torch;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Legato.Policy.Learning.Droq;

/// <summary>A squashed Gaussian policy, two critics with their targets, and a temperature.</summary>
internal sealed class SoftActorCritic : nn.Module
{
    private const double LowestLogDeviation = -20, HighestLogDeviation = 2, BegunLogDeviation = -1;
    private readonly int _actions;

    public SoftActorCritic(int observations, int actions, DroqOptions options, Generator generator)
        : base(nameof(SoftActorCritic))
    {
        _actions = actions;
        Actor = Perceptron.Create(observations, options.Hidden, 2 * actions, options.Activation).Glorot(generator);
        Critics = [NewCritic(), NewCritic()];
        Targets = [NewCritic(), NewCritic()];
        LogTemperature = new Parameter(tensor(Math.Log(options.InitialTemperature), ScalarType.Float32));
        register_module("actor", Actor);
        for (int i = 0; i < Critics.Count; i++)
        {
            Targets[i].load_state_dict(Critics[i].state_dict());
            register_module($"critic_{i}", Critics[i]);
            register_module($"target_{i}", Targets[i]);
        }
        register_parameter("log_temperature", LogTemperature);

        Sequential NewCritic() => Perceptron.Create(observations + actions, options.Hidden, 1, options.Activation, isNormalized: true, options.Dropout, generator).Glorot(generator);
    }

    /// <summary>Mean and logarithm of the deviation, before squashing.</summary>
    public Sequential Actor { get; }

    public IReadOnlyList<Sequential> Critics { get; }

    /// <summary>The critics as they were, smoothed.</summary>
    public IReadOnlyList<Sequential> Targets { get; }

    public Parameter LogTemperature { get; }

    /// <summary>The most likely action.</summary>
    public Tensor Best(Tensor observations) => Actor.call(observations).narrow(-1, 0, _actions).tanh();

    /// <summary>Draws actions; gradients go through them. With the logarithm of their density (Haarnoja et al. 2018, appendix C).</summary>
    public (Tensor Actions, Tensor LogProbability) Draw(Tensor observations, Generator random)
    {
        Tensor both = Actor.call(observations), mean = both.narrow(-1, 0, _actions);
        Tensor logDeviation = both.narrow(-1, _actions, _actions).clamp(LowestLogDeviation, HighestLogDeviation);
        Tensor noise = randn(mean.shape, generator: random), raw = mean + (logDeviation.exp() * noise);
        Tensor density = (noise.square() * -0.5) - logDeviation - (0.5 * Math.Log(2 * Math.PI));
        // log(1 - tanh(u)^2), without losing digits.
        Tensor squash = (Math.Log(2) - raw - nn.functional.softplus(raw * -2)) * 2;
        return (raw.tanh(), (density - squash).sum(-1));
    }

    /// <summary>Makes the deviation e⁻¹ everywhere: the actor's mean is learnt already.</summary>
    public void ResetDeviation()
    {
        using IDisposable frozen = no_grad();
        using DisposeScope scope = NewDisposeScope();
        Linear last = Actor.children().OfType<Linear>().Last();
        last.weight.narrow(0, _actions, _actions).zero_();
        last.bias!.narrow(0, _actions, _actions).fill_(BegunLogDeviation);
    }

    /// <summary>What both critics say, a number per row.</summary>
    public static (Tensor First, Tensor Second) Values(IReadOnlyList<Sequential> critics, Tensor observations, Tensor actions)
    {
        Tensor both = cat([observations, actions], -1);
        return (critics[0].call(both).squeeze(-1), critics[1].call(both).squeeze(-1));
    }

    /// <summary>Moves the targets towards the critics.</summary>
    public void Follow(double rate)
    {
        for (int i = 0; i < Critics.Count; i++)
            Targets[i].Follow(Critics[i], rate);
    }
}
