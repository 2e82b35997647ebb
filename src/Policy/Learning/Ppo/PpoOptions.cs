using Legato.Policy.Networks;

namespace Legato.Policy.Learning.Ppo;

/// <summary>How proximal policy optimisation learns (Schulman et al. 2017).</summary>
public sealed record PpoOptions
{
    /// <summary>Steps that every environment takes between two updates, 1 or more.</summary>
    public int Horizon { get; init; } = 256;

    /// <summary>Samples of a gradient step, 1 or more.</summary>
    public int Minibatch { get; init; } = 512;

    /// <summary>Times that the samples of an update are gone through, 1 or more.</summary>
    public int Epochs { get; init; } = 5;

    /// <summary>Discount, 0..1.</summary>
    public double Discount { get; init; } = 0.9;

    /// <summary>λ of generalised advantage estimation, 0..1 (Schulman et al. 2016).</summary>
    public double Lambda { get; init; } = 0.95;

    /// <summary>How far the probability of an action may change in an update, as a ratio, above 0.</summary>
    public double Clip { get; init; } = 0.2;

    /// <summary>Weight of the entropy, 0 or more.</summary>
    public double EntropyWeight { get; init; }

    /// <summary>Weight of the value loss, above 0.</summary>
    public double ValueWeight { get; init; } = 0.5;

    /// <summary>Largest norm of a gradient, above 0.</summary>
    public double MaxGradientNorm { get; init; } = 0.5;

    /// <summary>Ends an update's epochs when the policy has moved this far (mean KL divergence, nats); null never does.</summary>
    public double? TargetKl { get; init; } = 0.02;

    /// <summary>Learning rate of Adam at the start, above 0.</summary>
    public double LearningRate { get; init; } = 3e-4;

    /// <summary>Learning rate of the value function; null for that of the policy.</summary>
    public double? ValueLearningRate { get; init; } = 1e-3;

    /// <summary>Updates at the start in which the value function alone learns, 0 or more: advantages mean nothing before it knows what is usual.</summary>
    public int ValueUpdates { get; init; } = 2;

    /// <summary>Whether the value function learns returns scaled to mean 0 and variance 1.</summary>
    public bool NormalizesReturns { get; init; } = true;

    /// <summary>What is tried and deployed is a running mean of the policies after each update, of which this part stays each time, 0 (the last one) to below 1.</summary>
    public double Averaging { get; init; } = 0.8;

    /// <summary>What each update multiplies the learning rate by, above 0 and at most 1.</summary>
    public double LearningRateDecay { get; init; } = 1;

    /// <summary>Hidden layers of actor and critic, each of its own.</summary>
    public IReadOnlyList<int> Hidden { get; init; } = [256, 256];

    /// <summary>Between them.</summary>
    public ActivationFunction Activation { get; init; } = ActivationFunction.Gelu;

    /// <summary>Logarithm of the actions' standard deviation at the start.</summary>
    public double InitialLogDeviation { get; init; } = -1;

    /// <summary>Whether observations are scaled to mean 0 and variance 1.</summary>
    public bool NormalizesObservations { get; init; } = true;

    /// <summary>PianoMime's (Qian et al. 2024, and its code): 32 environments, 512 steps each.</summary>
    public static PpoOptions PianoMime { get; } = new()
    {
        Horizon = 512,
        Minibatch = 1024,
        Epochs = 10,
        Discount = 0.99,
        Lambda = 0.95,
        TargetKl = null,
        LearningRateDecay = 0.999,
        Hidden = [1024, 256],
        InitialLogDeviation = 0,
        NormalizesObservations = false,
        ValueLearningRate = null,
        ValueUpdates = 0,
        NormalizesReturns = false,
        Averaging = 0,
    };

    /// <summary>HandelBot's of the simulator (its code): 512 environments, 32 steps each, 32 minibatches.</summary>
    public static PpoOptions HandelBot { get; } = new()
    {
        Horizon = 32,
        Minibatch = 512,
        Epochs = 8,
        Discount = 0.8,
        Lambda = 0.9,
        TargetKl = 0.1,
        Hidden = [256, 256, 256],
        Activation = ActivationFunction.Tanh,
        InitialLogDeviation = 0,
        ValueLearningRate = null,
        ValueUpdates = 0,
        NormalizesReturns = false,
        Averaging = 0,
    };
}
