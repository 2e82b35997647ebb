using System.Text.Json;
using System.Text.Json.Serialization;

using Legato.Music;

namespace Legato.Runtime.Improvement;

/// <summary>What a loop was asked to do; it may only be resumed with the same.</summary>
/// <param name="Robot">YAML of the robot.</param>
/// <param name="Songs">Names or paths.</param>
/// <param name="Rounds">Most rounds of calibration and re-planning.</param>
/// <param name="Repeats">Performances per song and round.</param>
/// <param name="Seconds">Planning budget per song, s.</param>
/// <param name="Seed">Seed of everything random.</param>
/// <param name="Baselines">Whether other ways to improve are tried on the same robot.</param>
/// <param name="Reality">YAML of a reality that replaces a simulated robot's own; null for its own.</param>
/// <param name="Learner">Who makes the policies.</param>
/// <param name="Excitation">Folder of planned motions for identification; null to plan them.</param>
/// <param name="Ablations">Whether the best policies are played on rigs without one difference from the simulator each.</param>
/// <param name="Learning">How long and on what a network learns; null where the learner has none.</param>
public sealed record LoopRequest(
    string Robot, IReadOnlyList<string> Songs, int Rounds, int Repeats, double Seconds, int Seed, bool Baselines, string? Reality = null, string Learner = PlanLearner.Word, string? Excitation = null,
    bool Ablations = false, LearningBudget? Learning = null)
{
    /// <summary>What differs from another request, or null.</summary>
    public string? DifferenceFrom(LoopRequest other) =>
        Robot != other.Robot ? $"robot {other.Robot}"
        : !Songs.SequenceEqual(other.Songs) ? $"songs {string.Join(", ", other.Songs)}"
        : Repeats != other.Repeats ? FormattableString.Invariant($"{other.Repeats} repeats")
        : Seconds != other.Seconds ? FormattableString.Invariant($"--seconds {other.Seconds}")
        : Seed != other.Seed ? FormattableString.Invariant($"seed {other.Seed}")
        : Reality != other.Reality ? $"reality {other.Reality ?? "of the robot's file"}"
        : Learner != other.Learner ? $"learner {other.Learner}"
        : Learning != other.Learning ? $"{other.Learning?.ToString() ?? "no network"}"
        : Excitation != other.Excitation ? $"excitation {other.Excitation ?? "of its own"}"
        : null;
}

/// <summary>How long and on what a network learns, per song and round.</summary>
/// <param name="EnvSteps">Control steps, 1 or more.</param>
/// <param name="Rigs">Rigs to train on, 1 or more.</param>
/// <param name="Severity">How far rigs differ from the simulator where no fit knows better, 0..1.</param>
public sealed record LearningBudget(long EnvSteps, int Rigs, double Severity)
{
    /// <summary>The options that ask for it.</summary>
    public override string ToString() => FormattableString.Invariant($"--steps {EnvSteps} --rigs {Rigs} --severity {Severity}");
}

/// <summary>One performance of a song.</summary>
public sealed record LoopPerformance(string Song, int Repeat, string Run, double F1, double OnsetF1, double Seconds);

/// <summary>A way to play the songs: which policies, and how they performed.</summary>
public sealed record LoopArm
{
    /// <summary>Policies by song.</summary>
    public Dictionary<string, Trained> Policies { get; init; } = [];

    /// <summary>Performances on the robot.</summary>
    public List<LoopPerformance> Performances { get; init; } = [];
}

/// <summary>A round: a simulator, the policies made in it, how they performed, and what was learnt from it.</summary>
public sealed record LoopRound
{
    /// <summary>YAML of the simulator's parameters; null for the plain one.</summary>
    public string? Parameters { get; init; }

    /// <summary>Policies and performances.</summary>
    public LoopArm Arm { get; init; } = new();

    /// <summary>Motions for identification; null if there were none.</summary>
    public Excited? Excitation { get; set; }

    /// <summary>The calibration after the performances; null if there was none.</summary>
    public Calibrated? Calibration { get; set; }

    /// <summary>Time that the robot moved, s.</summary>
    [JsonIgnore]
    public double RobotSeconds => (Excitation?.Seconds ?? 0) + Arm.Performances.Sum(p => p.Seconds);
}

/// <summary>The best policies on the robot without each of its differences from the simulator that they were made in.</summary>
/// <param name="Round">Number of the round.</param>
/// <param name="Arms">By what was taken away.</param>
public sealed record LoopAblations(int Round, Dictionary<string, LoopArm> Arms);

/// <summary>Everything a loop has done, on disk after every step: whatever happens, it goes on from there.</summary>
public sealed record LoopState
{
    private const string FileName = "loop.json";

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        RespectNullableAnnotations = true,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    /// <summary>What was asked for.</summary>
    public required LoopRequest Request { get; init; }

    /// <summary>Rounds, the plain simulator's first.</summary>
    public List<LoopRound> Rounds { get; init; } = [];

    /// <summary>Other ways, by name.</summary>
    public Dictionary<string, LoopArm> Baselines { get; init; } = [];

    /// <summary>The calibration that one of these ways begins with; null until it is made.</summary>
    public Calibrated? WithoutKeyEvents { get; set; }

    /// <summary>What each difference between robot and simulator costs; null where it was not asked for.</summary>
    public LoopAblations? Ablations { get; set; }

    /// <summary>Why the rounds ended; null while they go on.</summary>
    public string? Ended { get; set; }

    /// <summary>Whether there is a loop in a folder.</summary>
    public static bool Exists(string folder) => File.Exists(Path.Combine(folder, FileName));

    /// <summary>Reads a loop.</summary>
    /// <exception cref="InputException">It is damaged.</exception>
    public static LoopState Load(string folder)
    {
        string path = Path.Combine(folder, FileName);
        try
        {
            return JsonSerializer.Deserialize<LoopState>(File.ReadAllText(path), Json) is { Rounds.Count: > 0 } state ? state : throw new JsonException("it has no round");
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path}: is no state of a loop ({e.Message.ReplaceLineEndings(" ")}); take another --out, or delete the folder to begin anew");
        }
    }

    /// <summary>Writes the loop; it appears complete or not at all.</summary>
    public void Save(string folder)
    {
        Directory.CreateDirectory(folder);
        AtomicFile.Write(Path.Combine(folder, FileName), JsonSerializer.Serialize(this, Json) + "\n");
    }
}
