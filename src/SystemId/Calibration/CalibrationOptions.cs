using Legato.Sim.Parameters;
using Legato.SystemId.Keys;
using Legato.SystemId.Rollouts;

namespace Legato.SystemId.Calibration;

/// <summary>What a calibration determines, from how much data, and how finely it simulates.</summary>
public sealed record CalibrationOptions
{
    /// <summary>Groups of drives to fit. Default: all of <see cref="ParameterSchema.Groups"/>; empty leaves drives as they are.</summary>
    public IReadOnlyList<string> Groups { get; init; } = ParameterSchema.Groups;

    /// <summary>
    /// Parameters of each group and drive. Default: gain, damping, friction, backlash; what a group does not have is passed over. Without backlash, play is
    /// taken for friction and weak gains.
    /// </summary>
    public IReadOnlyList<string> DriveKeys { get; init; } = ["gain", "damping", "friction", "backlash"];

    /// <summary>Whether, after the groups, each drive is fitted around its group. Default true.</summary>
    public bool SingleDrives { get; init; } = true;

    /// <summary>Whether keys and piano are fitted to key events. Default true.</summary>
    public bool KeyEvents { get; init; } = true;

    /// <summary>Parameters of keys, piano and keyboard. Delays and lags of the hands are fitted beside them.</summary>
    public IReadOnlyList<string> KeyParameters { get; init; } = [.. new KeyFitOptions().Names, "keys.activation_black"];

    /// <summary>Whether key events tell the zeros of the hands and fingers that play: of each wrist, and one drive of each finger. Default true.</summary>
    public bool Zeros { get; init; } = true;

    /// <summary>Standard deviations of the measured joints.</summary>
    public EncoderNoise Noise { get; init; } = new();

    /// <summary>Length of the segments that are simulated from their measured start, s, above 0. Default 4.</summary>
    public double SegmentLength { get; init; } = 4;

    /// <summary>Most that drives are fitted to, s, of all records together: the segments that move them most. Default 30.</summary>
    public double MaxDriveSeconds { get; init; } = 30;

    /// <summary>Most that keys are fitted to, s, of all records together: the segments whose key events are most various in key, finger and place. Default 24.</summary>
    public double MaxKeySeconds { get; init; } = 24;

    /// <summary>Number of sets of drives, as likely as the fitted ones, with which the fit of keys reckons, 0 or more. Default 12.</summary>
    public int DriveDraws { get; init; } = 12;

    /// <summary>Seed of these sets. Default 1.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Height of a fingertip above the keys from which its drives count as free, m. Default 0.006.</summary>
    public double Clearance { get; init; } = 0.006;

    /// <summary>
    /// Physics step of the fits, s, within the range of scenes; default 0.002. A rig has no steps: at a planner's 5 ms, damped drives lead a rig of
    /// 1 ms by some 2 ms and its keys scatter by 2 ms, which piano and springs would then explain; at 2 ms the scatter is 0.3 ms.
    /// </summary>
    public double Timestep { get; init; } = 0.002;

    /// <summary>Threads at the most, 1 or more; each simulates a rig of its own. Results do not depend on it.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;
}
