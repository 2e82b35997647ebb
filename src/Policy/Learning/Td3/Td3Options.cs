namespace Legato.Policy.Learning.Td3;

/// <summary>How TD3 learns (Fujimoto et al. 2018), critics with dropout and layer normalisation as HandelBot has them.</summary>
/// <remarks>Actions are −1..1; deviations of noise are fractions of that.</remarks>
public sealed record Td3Options
{
    /// <summary>Transitions that are remembered, 1 or more.</summary>
    public int Capacity { get; init; } = 50_000;

    /// <summary>Transitions before learning begins, 1 or more.</summary>
    public int WarmUp { get; init; } = 512;

    /// <summary>Gradient steps per transition, above 0.</summary>
    public double UpdatesPerTransition { get; init; } = 8;

    /// <summary>Gradient steps of the critics for one of the actor, 1 or more.</summary>
    public int ActorDelay { get; init; } = 10;

    /// <summary>Transitions of a gradient step, 1 or more.</summary>
    public int Minibatch { get; init; } = 256;

    /// <summary>Discount per decision, 0..1.</summary>
    public double Discount { get; init; } = 0.8;

    /// <summary>Share of actor and critics that goes into their targets at every gradient step, 0..1.</summary>
    public double TargetRate { get; init; } = 0.005;

    /// <summary>Learning rate of Adam, above 0.</summary>
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>Dropout in the critics, 0 or more and less than 1.</summary>
    public double Dropout { get; init; } = 0.5;

    /// <summary>Hidden layers of actor and critics.</summary>
    public IReadOnlyList<int> Hidden { get; init; } = [256, 256, 256];

    /// <summary>Largest value that a critic can give, above 0: its output is cut smoothly to 0..this.</summary>
    public double LargestValue { get; init; } = 12;

    /// <summary>Deviation of the noise on target actions.</summary>
    public double TargetNoise { get; init; } = 0.09;

    /// <summary>Where that noise is cut.</summary>
    public double TargetNoiseLimit { get; init; } = 0.36;

    /// <summary>HandelBot's minibatch, for machines that can afford it; everything else of it is the default here.</summary>
    public static Td3Options HandelBot { get; } = new() { Minibatch = 2_048 };
}
