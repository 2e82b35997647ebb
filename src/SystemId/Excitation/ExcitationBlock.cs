namespace Legato.SystemId.Excitation;

/// <summary>What a block of excitation does.</summary>
public enum ExcitationKind
{
    /// <summary>Waves of rising frequency: gains, damping, delays.</summary>
    Chirp,

    /// <summary>Fast moves between levels, with rests: delays, gains, friction.</summary>
    Steps,

    /// <summary>Slow moves from end to end of the travel and back: friction, play, zeros.</summary>
    Ramp,

    /// <summary>Several joints at a time, each with a frequency of its own.</summary>
    Multisine,

    /// <summary>A finger taps a key, slowly, fast, and not deep enough to sound.</summary>
    Tap,

    /// <summary>A passage of a song's plan.</summary>
    Passage,

    /// <summary>Random moves, to compare with.</summary>
    Random,
}

/// <summary>A short motion that begins and ends at rest in the same pose.</summary>
/// <param name="Label">What it is, for people; says which joints or key.</param>
/// <param name="Kind">What it does.</param>
/// <param name="Targets">Position targets per control step, in the order of the rig's actuators; rad or m.</param>
/// <param name="Keys">Keys (0..87) that may be touched; none for motions in free air.</param>
public sealed record ExcitationBlock(string Label, ExcitationKind Kind, IReadOnlyList<double[]> Targets, IReadOnlySet<int> Keys)
{
    /// <summary>Duration, s.</summary>
    public double Seconds => Targets.Count * Sim.Scene.SceneOptions.ControlPeriod;

    /// <summary>The same motion with all distances from its first pose scaled.</summary>
    /// <param name="factor">0..1.</param>
    public ExcitationBlock Scaled(double factor) => this with
    {
        Targets = [.. Targets.Select(row => row.Select((value, i) => Targets[0][i] + (factor * (value - Targets[0][i]))).ToArray())],
    };

    /// <summary>Whether the target of an actuator changes by at least this much.</summary>
    public bool Moves(int actuator, double least) =>
        Targets.Max(row => row[actuator]) - Targets.Min(row => row[actuator]) >= least;
}
