using Legato.SystemId.Fitting;
using Legato.SystemId.Rollouts;

namespace Legato.SystemId.Keys;

/// <summary>What a fit of keys and piano determines, and what it takes the measurements to be worth.</summary>
public sealed record KeyFitOptions
{
    /// <summary>Names of the parameters. Default: pose of the piano, springs and damping of the keys, activation of white keys, latency of the keyboard.</summary>
    public IReadOnlyList<string> Names { get; init; } =
        ["piano.x", "piano.y", "piano.z", "piano.yaw", "keys.stiffness", "keys.damping", "keys.activation_white", "keyboard.latency"];

    /// <summary>Whether the zeros of the wrists (WRJ1) of hands that play, and of every finger that plays the zero of the drive that lifts its tip most, are fitted, too. Default false.</summary>
    public bool Zeros { get; init; }

    /// <summary>First guess of the joint readings' standard deviations; what is left of the first step corrects it.</summary>
    public EncoderNoise Noise { get; init; } = new();

    /// <summary>First guess of the standard deviation of an event's time, s, above 0. Default 3 ms; corrected likewise.</summary>
    public double EventNoise { get; init; } = 0.003;

    /// <summary>Length of the segments of multiple shooting, s. Default 4.</summary>
    public double SegmentLength { get; init; } = 4;

    /// <summary>Time in which a segment forgets errors of its start, s; at least the report lag. Default 0.5.</summary>
    public double Settle { get; init; } = 0.5;

    /// <summary>Most that is predicted of all records together, s; of more, those segments whose key events are most various in key, finger and place. Default: all.</summary>
    public double MaxSeconds { get; init; } = double.PositiveInfinity;

    /// <summary>How far the piano is looked for to every side, in standard deviations of its prior, 0 or more. Default 1.6.</summary>
    public double SearchRange { get; init; } = 1.6;

    /// <summary>Threads at the most, 1 or more; each simulates a rig of its own.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Loss and tolerances of the last step. Contacts are not smooth at small distances: differences are wide and go to both sides.</summary>
    public FitOptions Solver { get; init; } = new()
    {
        Loss = RobustLoss.Huber(),
        MaxIterations = 8,
        JacobianReuse = 8,
        DifferenceStep = 0.05,
        LimitDifferences = true,
        GradientTolerance = 1e-4,
        StepTolerance = 2e-4,
        CostTolerance = 1e-3,
    };
}
