using Legato.Music;
using Legato.Policy.Planning;
using Legato.Sim;

namespace Legato.Policy.Bundles;

/// <summary>What a bundle says of itself, <c>policy.json</c>.</summary>
public sealed record PolicyManifest
{
    /// <summary>Version of this file's layout.</summary>
    public int Format { get; init; } = CurrentFormat;

    /// <summary>The layout that this program writes and reads.</summary>
    public const int CurrentFormat = 4;

    /// <summary>Name of the song.</summary>
    public required string Song { get; init; }

    /// <summary>SHA-256 of what is played: the note trajectory.</summary>
    public required string SongHash { get; init; }

    /// <summary>Actuator names in the order of the command.</summary>
    public required IReadOnlyList<string> Actuators { get; init; }

    /// <summary>Units in the same order.</summary>
    public required IReadOnlyList<JointUnit> Units { get; init; }

    /// <summary>What an action is; <c>position_target</c>: absolute targets in the units above.</summary>
    public string ActionTransform { get; init; } = "position_target";

    /// <summary>Control rate, Hz.</summary>
    public double Rate { get; init; } = 20;

    /// <summary>Names of what the policy observes; empty for a plan that only plays back.</summary>
    public IReadOnlyList<string> Observation { get; init; } = [];

    /// <summary>Whether the plan is corrected while it is played, by what is heard and felt.</summary>
    public bool Feedback { get; init; }

    /// <summary>What sounded in the plan's own roll-out; known only for plans that are corrected.</summary>
    public IReadOnlyList<SoundedKey>? Sounds { get; init; }

    /// <summary>Control steps before the song's first.</summary>
    public required int LeadIn { get; init; }

    /// <summary>Hash of the simulator parameters that the policy was made with.</summary>
    public required string ParametersHash { get; init; }

    /// <summary>Preset, action space and embodiment of the scene.</summary>
    public required string Scene { get; init; }

    /// <summary>Fingering strategy of the nominal plan.</summary>
    public required string Strategy { get; init; }

    /// <summary>Who plays what, in order of start.</summary>
    public required IReadOnlyList<FingeredNote> Fingering { get; init; }

    /// <summary>Notes that no finger can reach.</summary>
    public required IReadOnlyList<UnreachableNote> Unreachable { get; init; }

    /// <summary>Score of the plan in the simulator.</summary>
    public required PerformanceScore Evaluation { get; init; }

    /// <summary>Mean F1 with gains, damping and springs a few percent off; null if there was no time to try.</summary>
    public required double? RobustF1 { get; init; }

    /// <summary>Identifies the planner's options.</summary>
    public required string OptionsHash { get; init; }

    /// <summary>True if neither the budget nor a stop cut planning short.</summary>
    public required bool IsComplete { get; init; }

    /// <summary>Training curve: [environment steps, F1].</summary>
    public IReadOnlyList<double[]> Curve { get; init; } = [];

    /// <summary>The network that corrects the plan; null for a plan that only plays back.</summary>
    public ResidualManifest? Residual { get; init; }

    /// <summary>Wall-clock time of planning, s; of all calls together.</summary>
    public required double Seconds { get; init; }

    /// <summary>Control steps simulated, in all calls together.</summary>
    public required long EnvSteps { get; init; }
}

/// <summary>A note and its finger.</summary>
/// <param name="Key">0..87.</param>
/// <param name="Start">First control step at whose end the key is down, the song's first is 0.</param>
/// <param name="End">First control step at whose end it is up again.</param>
/// <param name="Finger">Index into the scene's fingers: right hand first, thumb to little finger.</param>
public sealed record FingeredNote(int Key, int Start, int End, int Finger);

/// <summary>A note left out.</summary>
/// <param name="Key">0..87.</param>
/// <param name="Step">First control step.</param>
/// <param name="End">First control step after it.</param>
public sealed record UnreachableNote(int Key, int Step, int End);
