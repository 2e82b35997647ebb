using System.Text.Json;
using System.Text.Json.Serialization;

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
    public const int CurrentFormat = 1;

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

    /// <summary>Control steps before the song's first.</summary>
    public required int LeadIn { get; init; }

    /// <summary>Hash of the simulator parameters that the policy was made with.</summary>
    public required string ParametersHash { get; init; }

    /// <summary>Preset, action space and embodiment of the scene.</summary>
    public required string Scene { get; init; }

    /// <summary>Fingering strategy of the nominal plan.</summary>
    public required string Strategy { get; init; }

    /// <summary>Notes that no finger can reach: key and first step.</summary>
    public required IReadOnlyList<UnreachableNote> Unreachable { get; init; }

    /// <summary>Score of the plan in the simulator.</summary>
    public required PerformanceScore Evaluation { get; init; }

    /// <summary>Training curve: [environment steps, F1].</summary>
    public IReadOnlyList<double[]> Curve { get; init; } = [];

    /// <summary>Wall-clock time of planning, s.</summary>
    public required double Seconds { get; init; }

    /// <summary>Control steps simulated.</summary>
    public required long EnvSteps { get; init; }
}

/// <summary>A note left out.</summary>
/// <param name="Key">0..87.</param>
/// <param name="Step">First control step.</param>
public sealed record UnreachableNote(int Key, int Step);

/// <summary>A policy on disk: <c>policy.json</c> and the nominal plan, <c>plan.safetensors</c>. Written atomically.</summary>
public sealed record PolicyBundle(PolicyManifest Manifest, CommandTable Commands, IReadOnlyList<double> Pedal)
{
    private const string ManifestName = "policy.json";
    private const string PlanName = "plan.safetensors";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
    };

    /// <summary>Makes a bundle of a plan.</summary>
    public static PolicyBundle Of(SongPlan plan, NoteTrajectory trajectory, string scene, string parametersHash) => new(
        new PolicyManifest
        {
            Song = plan.Song,
            SongHash = HashOf(trajectory),
            Actuators = plan.Commands.Actuators.Names,
            Units = plan.Commands.Actuators.Units,
            LeadIn = plan.LeadIn,
            ParametersHash = parametersHash,
            Scene = scene,
            Strategy = plan.Strategy,
            Unreachable = [.. plan.Fingering.Unreachable.Select(p => new UnreachableNote(p.Key, p.Start))],
            Evaluation = plan.Score,
            Seconds = plan.Seconds,
            EnvSteps = plan.EnvSteps,
        },
        plan.Commands,
        plan.Pedal);

    /// <summary>Hash of what a trajectory asks for.</summary>
    public static string HashOf(NoteTrajectory trajectory) =>
        Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(trajectory.ToKeyRoll().ToJson())));

    /// <summary>Writes the bundle into a directory, which is created.</summary>
    /// <exception cref="InputException">The directory cannot be written.</exception>
    public void Save(string directory)
    {
        var tensors = new Dictionary<string, Tensor>
        {
            ["targets"] = new([Commands.Steps, Commands.Actuators.Count], Commands.Values.ToArray()),
            ["pedal"] = new([Pedal.Count], [.. Pedal]),
        };
        try
        {
            Directory.CreateDirectory(directory);
            // The manifest comes last: a bundle without one is not taken for whole.
            AtomicFile.Write(Path.Combine(directory, PlanName), stream => stream.Write(Safetensors.Write(tensors)));
            AtomicFile.Write(Path.Combine(directory, ManifestName), JsonSerializer.Serialize(Manifest, Json));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{directory}: cannot write the policy bundle: {e.Message}", e);
        }
    }

    /// <summary>Reads a bundle.</summary>
    /// <exception cref="InputException">There is none, or it is damaged.</exception>
    public static PolicyBundle Load(string directory)
    {
        string path = Path.Combine(directory, ManifestName);
        if (!File.Exists(path))
            throw new InputException($"{directory}: no policy bundle ({ManifestName} is missing); make one with 'legato plan <song>'");
        (PolicyManifest manifest, JointLayout layout) = ReadManifest(path);
        string planPath = Path.Combine(directory, PlanName);
        if (!File.Exists(planPath))
            throw new InputException($"{planPath}: missing; plan or train the bundle again");
        IReadOnlyDictionary<string, Tensor> tensors = Safetensors.Read(File.ReadAllBytes(planPath), planPath);
        if (!tensors.TryGetValue("targets", out Tensor? targets) || !tensors.TryGetValue("pedal", out Tensor? pedal)
            || targets.Shape.Count != 2 || targets.Shape[1] != manifest.Actuators.Count || pedal.Values.Length != targets.Shape[0])
            throw new InputException($"{planPath}: its tensors do not fit the {manifest.Actuators.Count} actuators of {ManifestName}; plan or train the bundle again");
        if (manifest.LeadIn < 0 || manifest.LeadIn > targets.Shape[0])
            throw new InputException($"{path}: a lead-in of {manifest.LeadIn} steps, but the plan has {targets.Shape[0]}; plan or train the bundle again");
        if (!targets.Values.All(double.IsFinite) || !pedal.Values.All(double.IsFinite))
            throw new InputException($"{planPath}: has targets that are no finite numbers; plan or train the bundle again");
        return new PolicyBundle(manifest, new CommandTable(layout, targets.Values), pedal.Values);
    }

    private static (PolicyManifest Manifest, JointLayout Layout) ReadManifest(string path)
    {
        try
        {
            PolicyManifest manifest = JsonSerializer.Deserialize<PolicyManifest>(File.ReadAllBytes(path), Json) ?? throw new JsonException("it is null");
            if (manifest.Format != PolicyManifest.CurrentFormat)
                throw new InputException($"{path}: has format {manifest.Format}, this program reads format {PolicyManifest.CurrentFormat}; plan or train the bundle again");
            if (manifest.Actuators.Count == 0)
                throw new ArgumentException("it names no actuators");
            return (manifest, new JointLayout(manifest.Actuators, manifest.Units));
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            throw new InputException($"{path}: not a policy manifest: {e.Message.ReplaceLineEndings(" ")}; plan or train the bundle again");
        }
    }

    /// <summary>Checks that the bundle drives this robot at this rate and plays this song.</summary>
    /// <exception cref="InputException">Names what does not fit.</exception>
    public void RequireFits(JointLayout actuators, double rate, NoteTrajectory trajectory)
    {
        if (Manifest.Rate != rate)
            throw new InputException(FormattableString.Invariant($"policy for '{Manifest.Song}': made for {Manifest.Rate} Hz, the robot runs at {rate} Hz"));
        for (int i = 0; i < Math.Max(actuators.Count, Commands.Actuators.Count); i++)
        {
            string mine = i < Commands.Actuators.Count ? $"{Commands.Actuators.Names[i]} [{Commands.Actuators.Units[i]}]" : "nothing";
            string robot = i < actuators.Count ? $"{actuators.Names[i]} [{actuators.Units[i]}]" : "nothing";
            if (mine != robot)
                throw new InputException($"policy for '{Manifest.Song}': actuator {i} is {mine}, the robot's is {robot}; plan for this robot with 'legato plan --robot'");
        }
        if (Manifest.SongHash != HashOf(trajectory))
            throw new InputException($"policy for '{Manifest.Song}': made for other notes than this song at this tempo; plan again");
    }
}
