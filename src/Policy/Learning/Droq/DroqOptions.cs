using Legato.Policy.Networks;

namespace Legato.Policy.Learning.Droq;

/// <summary>How DroQ learns: soft actor-critic whose critics have dropout and layer normalisation (Haarnoja et al. 2018; Hiraoka et al. 2022).</summary>
public sealed record DroqOptions
{
    /// <summary>Transitions that are remembered, 1 or more; each takes 8 bytes per element of an observation.</summary>
    public int Capacity { get; init; } = 200_000;

    /// <summary>Steps with random actions before learning begins, 1 or more.</summary>
    public int WarmUp { get; init; } = 5_000;

    /// <summary>Gradient steps per control step, above 0.</summary>
    public double UpdatesPerStep { get; init; } = 1;

    /// <summary>Control steps of all environments that <see cref="ILearner.Advance"/> takes, 1 or more.</summary>
    public int StepsPerAdvance { get; init; } = 1_000;

    /// <summary>Transitions of a gradient step, 1 or more.</summary>
    public int Minibatch { get; init; } = 256;

    /// <summary>Discount, 0..1.</summary>
    public double Discount { get; init; } = 0.88;

    /// <summary>Share of the critics that goes into their targets at every gradient step, 0..1.</summary>
    public double TargetRate { get; init; } = 0.005;

    /// <summary>Learning rate of Adam for actor, critics and temperature, above 0.</summary>
    public double LearningRate { get; init; } = 3e-4;

    /// <summary>Dropout in the critics, 0 or more and less than 1.</summary>
    public double Dropout { get; init; } = 0.01;

    /// <summary>Hidden layers of actor and critics.</summary>
    public IReadOnlyList<int> Hidden { get; init; } = [256, 256, 256];

    /// <summary>Between them.</summary>
    public ActivationFunction Activation { get; init; } = ActivationFunction.Gelu;

    /// <summary>Temperature at the start, above 0.</summary>
    public double InitialTemperature { get; init; } = 1;

    /// <summary>Entropy to keep, nats per element of the action.</summary>
    public double TargetEntropy { get; init; } = -0.5;

    /// <summary>Whether observations are scaled to mean 0 and variance 1.</summary>
    public bool NormalizesObservations { get; init; }

    /// <summary>RoboPianist's (its run script): discount 0.8, a gradient step per control step.</summary>
    public static DroqOptions RoboPianist { get; } = new() { Capacity = 1_000_000, Discount = 0.8 };

    /// <summary>RP1M's (Zhao et al. 2024): discount 0.88, a gradient step every other control step, targets by 0.05.</summary>
    public static DroqOptions Rp1m { get; } = new() { Capacity = 1_000_000, UpdatesPerStep = 0.5, TargetRate = 0.05 };
}
