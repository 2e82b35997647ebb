using Legato.RobotDriver.Chaos;

namespace Legato.Runtime.Hil;

/// <summary>What a scenario plays.</summary>
/// <param name="Song">A song by name, from its beginning; null for <paramref name="Notes"/>.</param>
/// <param name="Notes">MIDI notes that are held together.</param>
/// <param name="Seconds">How long, above 0.</param>
public sealed record ScenarioPiece(string? Song, IReadOnlyList<int> Notes, double Seconds)
{
    /// <summary>A key for each hand, held.</summary>
    public static ScenarioPiece Default { get; } = new(null, [48, 72], 1.5);

    /// <summary>Names its files.</summary>
    public string Name => FormattableString.Invariant($"{Song ?? $"hold-{string.Join('-', Notes)}"}-{Seconds * 1000:0}ms");
}

/// <summary>How much of a recording there is.</summary>
public enum RecordingState
{
    /// <summary>Every record of every cycle.</summary>
    Whole,

    /// <summary>It opens, but its end is missing, or records are lost.</summary>
    Cut,

    /// <summary>No cycle of the loop was recorded.</summary>
    None,
}

/// <summary>What has to be true after a scenario; null means that it does not matter.</summary>
public sealed record Expectations
{
    /// <summary>How the run ended, or the beginning of it, as <c>run.json</c> says it; <see cref="ScenarioFacts.Refused"/> if it did not start, <see cref="ScenarioFacts.Killed"/> if it could not say.</summary>
    public required string? Ended { get; init; }

    /// <summary>The exit code of <c>legato play</c>.</summary>
    public required int? Exit { get; init; }

    /// <summary>Texts that the operator has been told, each somewhere.</summary>
    public IReadOnlyList<string> Says { get; init; } = [];

    /// <summary>Longest time from the fault until no key is down and the hands go up, s.</summary>
    public double? SafeWithin { get; init; }

    /// <summary>Whether the wrists are raised at the end.</summary>
    public bool? Lifted { get; init; }

    /// <summary>Whether all keys are up at the end.</summary>
    public bool? KeysUp { get; init; }

    /// <summary>Highest measured speed, as a multiple of the limits' velocity.</summary>
    public double? Speed { get; init; }

    /// <summary>Largest mean distance of joints from their commands while playing, rad.</summary>
    public double? Tracking { get; init; }

    /// <summary>Smallest F1 of the performance.</summary>
    public double? F1 { get; init; }

    /// <summary>Whether the guard had to change something.</summary>
    public bool? Clamped { get; init; }

    /// <summary>What is left of the recording.</summary>
    public RecordingState? Recording { get; init; }

    /// <summary>Whether the recording can be re-simulated, on a plain simulation bit for bit.</summary>
    public bool? Replays { get; init; }

    /// <summary>Grades of quality that the run may have; empty for any.</summary>
    public IReadOnlyList<string> Quality { get; init; } = [];
}

/// <summary>A song, faults, and what has to come of them.</summary>
/// <remarks>Immutable, but its faults keep state: <see cref="Load"/> it anew for every run.</remarks>
public sealed record Scenario
{
    /// <summary>Its name: that of its file.</summary>
    public required string Name { get; init; }

    /// <summary>What happens, in a sentence.</summary>
    public required string Description { get; init; }

    /// <summary>Number of the trouble that it answers, in the table of <c>docs/hil.md</c>.</summary>
    public required int Pain { get; init; }

    /// <summary>Whether it could hurt real hands; it is never run on hardware.</summary>
    public required bool IsHazard { get; init; }

    /// <summary>Whether it belongs to the short form of the catalogue.</summary>
    public required bool IsShort { get; init; }

    /// <summary>What is played.</summary>
    public required ScenarioPiece Piece { get; init; }

    /// <summary>What goes wrong.</summary>
    public required IReadOnlyList<Fault> Faults { get; init; }

    /// <summary>What has to come of it.</summary>
    public required Expectations Expect { get; init; }

    /// <summary>The file.</summary>
    public required string File { get; init; }

    /// <summary>Reads a file.</summary>
    /// <exception cref="Sim.Configuration.ConfigurationException">One line <c>file:line: what was expected</c>.</exception>
    public static Scenario Load(string path) => ScenarioReader.Read(path);

    /// <summary>Whether <c>legato play</c> runs as a process of its own, because something happens to that process.</summary>
    public bool IsOfProcess => Faults.Any(f => f is PlaySignal);

    /// <summary>Whether simulated time must not run ahead of real time: disks, processes, load and the loop's stopwatch do not follow it.</summary>
    public bool NeedsRealTime => Faults.Any(f => f is DiskFault or RigFault or StallWriting);
}
