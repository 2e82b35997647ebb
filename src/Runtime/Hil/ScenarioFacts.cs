using Legato.Runtime.Experiments;

namespace Legato.Runtime.Hil;

/// <summary>What came of a scenario: what the hands did, what the operator was told, what was recorded.</summary>
public sealed record ScenarioFacts
{
    /// <summary>Stands for the end of a run that did not start.</summary>
    public const string Refused = "refused";

    /// <summary>Stands for the end of a run whose process could not say how it ended.</summary>
    public const string Killed = "killed";

    /// <summary>How the run ended, as <c>run.json</c> says it, or one of the two words here.</summary>
    public required string Ended { get; init; }

    /// <summary>The exit code of <c>legato play</c>.</summary>
    public required int Exit { get; init; }

    /// <summary>Everything that the operator was told.</summary>
    public required string Told { get; init; }

    /// <summary>Folder of the run; null if there is none.</summary>
    public string? Run { get; init; }

    /// <summary>The run's report; null if it made none.</summary>
    public PlayReport? Report { get; init; }

    /// <summary>What the hands did; null if nobody saw it.</summary>
    public MotionFigures? Motion { get; init; }

    /// <summary>Keys that are down at the end; null if nobody knows.</summary>
    public IReadOnlyList<int>? KeysDown { get; init; }

    /// <summary>From the fault until no key was down and the hands went up, for good, ms; null if that never came or was not asked.</summary>
    public double? TimeToSafeMs { get; init; }

    /// <summary>Whether the run ended before its fault began, so that the scenario says nothing.</summary>
    public bool EndedBeforeFault { get; init; }

    /// <summary>What there is of the recording.</summary>
    public required RecordingState Recording { get; init; }

    /// <summary>Whether it could be re-simulated, on a plain simulation bit for bit; null if nobody tried.</summary>
    public bool? Replays { get; init; }
}
