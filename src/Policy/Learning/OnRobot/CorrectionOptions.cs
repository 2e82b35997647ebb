using Legato.Policy.Learning.Td3;

namespace Legato.Policy.Learning.OnRobot;

/// <summary>How corrections are learnt on the robot. Defaults are HandelBot's (arXiv 2603.12243) but for the minibatch, which suits two cores.</summary>
/// <remarks>Deviations of noise are fractions of a correction's bound.</remarks>
public sealed record CorrectionOptions
{
    /// <summary>Performances in which only the lateral joints are refined, 0 or more.</summary>
    public int Refinements { get; init; } = 10;

    /// <summary>One performance in this many is without noise, and judged, 1 or more.</summary>
    public int TrialEvery { get; init; } = 5;

    /// <summary>How TD3 learns.</summary>
    public Td3Options Td3 { get; init; } = new();

    /// <summary>Deviation of the noise at first.</summary>
    public double FirstNoise { get; init; } = 0.18;

    /// <summary>Deviation of the noise in the end.</summary>
    public double LastNoise { get; init; } = 0.05;

    /// <summary>Decisions over which it falls from the one to the other, 1 or more.</summary>
    public int NoiseDecay { get; init; } = 10_000;

    /// <summary>Share of the noise that a decision forgets, above 0 and at most 1 (Ornstein and Uhlenbeck 1930).</summary>
    public double NoiseReversion { get; init; } = 0.2;

    /// <summary>Share, 0..1, of sideways noise that goes where the last performance says that it should.</summary>
    public double Guided { get; init; } = 0.5;

    /// <summary>Weight of keys that should sound and do, 0..1; the rest is for no other sounding.</summary>
    public double KeyOnWeight { get; init; } = 0.7;

    /// <summary>Cost of a correction, per element at its bound.</summary>
    public double ActionCost { get; init; } = 0.01;
}
