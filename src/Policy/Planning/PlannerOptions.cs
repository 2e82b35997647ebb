using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

using Legato.Policy.Fingering;
using Legato.Policy.Kinematics;
using Legato.Policy.Refinement;
using Legato.Policy.Robustness;
using Legato.Sim.Limits;
using Legato.Sim.Parameters;

namespace Legato.Policy.Planning;

/// <summary>What the planner may do and how it shapes the motion.</summary>
public sealed record PlannerOptions
{
    /// <summary>The options for a rig that is as its parameters say, or for one that may differ from them.</summary>
    public static PlannerOptions For(bool robust)
    {
        PlannerOptions options = new() { Feedback = true };
        return robust ? options with { LearningRigs = RigDoubts.Learning, Doubts = RigDoubts.Wide, Style = KeystrokeStyle.Firm } : options;
    }

    /// <summary>Whether plans are to be corrected while they are played (<see cref="SongPlan.Feedback"/>). They are planned the same.</summary>
    public bool Feedback { get; init; }

    /// <summary>Control steps before the song in which the hands move into place; they are not scored.</summary>
    public int LeadIn { get; init; } = 20;

    /// <summary>Roll-outs without the piano, in which the joints learn to follow.</summary>
    public int FreeRollouts { get; init; } = 3;

    /// <summary>Roll-outs with the piano, in which the fingertips learn to press.</summary>
    public int ContactRollouts { get; init; } = 7;

    /// <summary>Rehearsals after which the worse half of the fingerings leaves.</summary>
    public int Auditions { get; init; } = 2;

    /// <summary>Learning gain with the piano, 0..1.</summary>
    public double ContactGain { get; init; } = 0.5;

    /// <summary>ρ of the norm-optimal inverse.</summary>
    public double Roughness { get; init; } = 1e-3;

    /// <summary>Wall-clock budget, s; when it is used up, the best so far is kept. Whether it cuts in depends on the machine.</summary>
    [JsonIgnore]
    public double Seconds { get; init; } = 300;

    /// <summary>Sampling around what is still wrong after learning; null for none.</summary>
    public SamplingOptions? Sampling { get; init; } = new();

    /// <summary>Seed of all random numbers.</summary>
    public int Seed { get; init; }

    /// <summary>Threads for the portfolio and for sampling.</summary>
    [JsonIgnore]
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Keystroke.</summary>
    public KeystrokeStyle Style { get; init; } = new();

    /// <summary>Posture.</summary>
    public PostureOptions Posture { get; init; } = new();

    /// <summary>Poses over the song.</summary>
    public TrajectoryOptions Trajectory { get; init; } = new();

    /// <summary>Rigs, beside the scene itself, from whose errors the fingers learn too: parameters added to those of the scene.</summary>
    [JsonIgnore]
    public IReadOnlyList<SimParameters> LearningRigs { get; init; } = [];

    /// <summary>Rigs on which the kept plans play once more: parameters added to those of the scene. The choice is half theirs.</summary>
    [JsonIgnore]
    public IReadOnlyList<SimParameters> Doubts { get; init; } = RigDoubts.Small;

    /// <summary>What the robot's guard lets through; null where the actuators' ranges are the only limits.</summary>
    [JsonIgnore]
    public MotionLimits? Limits { get; init; }

    /// <summary>Fingerings to try; roll-outs decide between them.</summary>
    public IReadOnlyList<IFingeringStrategy> Fingerings { get; init; } =
    [
        new BeamFingering(new FingeringCosts()),
        new BeamFingering(new FingeringCosts { Name = "no-thumb", Digit = [3, 0, 0, 0.05, 0.3] }),
        new BeamFingering(new FingeringCosts { Name = "strong-fingers", Travel = 4, Stretch = 3, Digit = [3, 0, 0, 0.5, 3] }),
        new BeamFingering(new FingeringCosts { Name = "right-hand", Digit = [2, 0, 0, 0.05, 0.3], Hand = [0, 4] }),
    ];

    /// <summary>Identifies what shapes a plan: everything but time and threads; fingerings by name.</summary>
    [JsonIgnore]
    public string Hash => Convert.ToHexStringLower(SHA256.HashData([.. JsonSerializer.SerializeToUtf8Bytes(this), .. JsonSerializer.SerializeToUtf8Bytes(LearningRigs.Concat(Doubts).Select(rig => rig.Hash)), .. Encoding.UTF8.GetBytes(Limits?.Hash ?? "")]));
}

/// <summary>What the planner is doing.</summary>
/// <param name="Seconds">Since it started.</param>
/// <param name="Activity">In a few words.</param>
/// <param name="BestF1">Best so far, or null.</param>
public readonly record struct PlanProgress(double Seconds, string Activity, double? BestF1);
