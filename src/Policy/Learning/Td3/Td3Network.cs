using Legato.Policy.Learning.Torch;
using Legato.Policy.Networks;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Legato.Policy.Learning.Td3;

/// <summary>A deterministic policy and two critics, each with its target.</summary>
internal sealed class Td3Network : nn.Module
{
    private readonly double _scale;

    public Td3Network(int observations, int actions, Td3Options options, Generator generator)
        : base(nameof(Td3Network))
    {
        _scale = options.LargestValue / 2;
        (Actor, TargetActor) = (NewActor(), NewActor());
        Critics = [NewCritic(), NewCritic()];
        Targets = [NewCritic(), NewCritic()];
        Join("actor", Actor, TargetActor);
        for (int i = 0; i < Critics.Count; i++)
            Join($"critic_{i}", Critics[i], Targets[i]);

        // The last layer begins at next to nothing: a correction that nobody has learnt is none.
        Sequential NewActor() => Perceptron.Create(observations, options.Hidden, actions, ActivationFunction.Relu).Orthogonal(0.01, generator);
        Sequential NewCritic() => Perceptron.Create(observations + actions, options.Hidden, 1, ActivationFunction.Relu, isNormalized: true, options.Dropout, generator).Glorot(generator);
    }

    public Sequential Actor { get; }

    public Sequential TargetActor { get; }

    public IReadOnlyList<Sequential> Critics { get; }

    public IReadOnlyList<Sequential> Targets { get; }

    public static Tensor Act(Sequential actor, Tensor observations) => actor.call(observations).tanh();

    /// <summary>What a critic says, a number per row: 0 .. the largest value there is.</summary>
    public Tensor Value(Sequential critic, Tensor observations, Tensor actions) =>
        (critic.call(cat([observations, actions], -1)).squeeze(-1).tanh() + 1) * _scale;

    /// <summary>Moves the targets towards what they follow.</summary>
    public void Follow(double rate)
    {
        TargetActor.Follow(Actor, rate);
        for (int i = 0; i < Critics.Count; i++)
            Targets[i].Follow(Critics[i], rate);
    }

    private void Join(string name, Sequential leader, Sequential target)
    {
        target.load_state_dict(leader.state_dict());
        register_module(name, leader);
        register_module("target_" + name, target);
    }
}
