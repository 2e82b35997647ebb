using Legato.Policy.Networks;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Legato.Policy.Learning.Torch;

/// <summary>Multi-layer perceptrons as chains of libtorch's modules, so that their state has names that a deployed network can be built from.</summary>
internal static class Perceptron
{
    /// <summary>Builds one: for every hidden layer linear, dropout, normalisation (both if wanted) and activation, then a linear layer.</summary>
    /// <param name="inputs">Elements of the input.</param>
    /// <param name="hidden">Sizes of the hidden layers.</param>
    /// <param name="outputs">Elements of the output.</param>
    /// <param name="activation">Behind every hidden layer.</param>
    /// <param name="isNormalized">Layer normalisation before the activation (DroQ: Hiraoka et al. 2022).</param>
    /// <param name="dropout">Share of elements dropped before it.</param>
    /// <param name="generator">Draws what is dropped; needed where anything is.</param>
    public static Sequential Create(int inputs, IReadOnlyList<int> hidden, int outputs, ActivationFunction activation, bool isNormalized = false, double dropout = 0, Generator? generator = null)
    {
        var layers = new List<nn.Module<Tensor, Tensor>>();
        int width = inputs;
        foreach (int size in hidden)
        {
            layers.Add(nn.Linear(width, size));
            if (dropout > 0)
                layers.Add(new SeededDropout(dropout, generator ?? throw new ArgumentNullException(nameof(generator))));
            if (isNormalized)
                layers.Add(nn.LayerNorm(size));
            layers.Add(Of(activation));
            width = size;
        }
        layers.Add(nn.Linear(width, outputs));
        return nn.Sequential([.. layers]);
    }

    /// <summary>Orthogonal weights and no biases, the last layer with a gain of its own: PPO's usual start (Andrychowicz et al. 2021, section 3.2).</summary>
    public static Sequential Orthogonal(this Sequential network, double lastGain, Generator generator)
    {
        Linear[] layers = [.. network.children().OfType<Linear>()];
        foreach (Linear layer in layers)
        {
            nn.init.orthogonal_(layer.weight, layer == layers[^1] ? lastGain : Math.Sqrt(2), generator);
            nn.init.zeros_(layer.bias!);
        }
        return network;
    }

    /// <summary>Glorot's uniform weights and no biases: RoboPianist's start.</summary>
    public static Sequential Glorot(this Sequential network, Generator generator)
    {
        foreach (Linear layer in network.children().OfType<Linear>())
        {
            nn.init.xavier_uniform_(layer.weight, 1, generator);
            nn.init.zeros_(layer.bias!);
        }
        return network;
    }

    /// <summary>Moves a network's weights towards those of another of the same shape (Polyak averaging).</summary>
    /// <param name="target">Its weights change.</param>
    /// <param name="leader">Where to.</param>
    /// <param name="rate">Part of the way, 0..1.</param>
    public static void Follow(this Sequential target, Sequential leader, double rate)
    {
        using IDisposable frozen = no_grad();
        foreach ((Parameter t, Parameter l) in target.parameters().Zip(leader.parameters()))
            t.lerp_(l, rate);
    }

    private static nn.Module<Tensor, Tensor> Of(ActivationFunction activation) => activation switch
    {
        ActivationFunction.Relu => nn.ReLU(),
        ActivationFunction.Gelu => nn.GELU(),
        ActivationFunction.Tanh => nn.Tanh(),
        ActivationFunction.Silu => nn.SiLU(),
        ActivationFunction.Mish => nn.Mish(),
        ActivationFunction.Identity => nn.Identity(),
        _ => throw new ArgumentException($"{activation}: not an activation to train with", nameof(activation)),
    };
}
