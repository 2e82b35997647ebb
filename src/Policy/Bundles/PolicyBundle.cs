using System.Text.Json;
using System.Text.Json.Serialization;

using Legato.Music;
using Legato.Policy.Fingering;
using Legato.Policy.Networks;
using Legato.Policy.Planning;
using Legato.Sim;

namespace Legato.Policy.Bundles;

/// <summary>
/// A policy on disk: <c>policy.json</c>, the nominal plan, <c>plan.safetensors</c>, and, where a network corrects it, <c>weights.safetensors</c>. Written
/// atomically.
/// </summary>
public sealed record PolicyBundle(PolicyManifest Manifest, CommandTable Commands, IReadOnlyList<double> Pedal)
{
    private const string ManifestName = "policy.json";
    private const string PlanName = "plan.safetensors";
    private const string WeightsName = "weights.safetensors";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
    };

    /// <summary>The network that corrects the plan; null for a plan that only plays back.</summary>
    public TrainedNetwork? Network { get; init; }

    /// <summary>Where the plan's own roll-out had every actuator's joints at the end of each step; null if that is not known.</summary>
    public CommandTable? Motion { get; init; }

    /// <summary>Makes a bundle of a plan.</summary>
    public static PolicyBundle Of(SongPlan plan, NoteTrajectory trajectory, string scene, string parametersHash) => new(
        new PolicyManifest
        {
            Song = plan.Song,
            SongHash = HashOf(trajectory),
            Actuators = plan.Commands.Actuators.Names,
            Units = plan.Commands.Actuators.Units,
            Feedback = plan.Feedback,
            Sounds = plan.Sounds,
            LeadIn = plan.LeadIn,
            ParametersHash = parametersHash,
            Scene = scene,
            Strategy = plan.Strategy,
            Fingering = [.. plan.Fingering.Presses.Select(p => new FingeredNote(p.Press.Key, p.Press.Start, p.Press.End, p.Finger))],
            Unreachable = [.. plan.Fingering.Unreachable.Select(p => new UnreachableNote(p.Key, p.Start, p.End))],
            Evaluation = plan.Score,
            RobustF1 = plan.RobustF1,
            OptionsHash = plan.OptionsHash,
            IsComplete = plan.IsComplete,
            Seconds = plan.Seconds,
            EnvSteps = plan.EnvSteps,
        },
        plan.Commands,
        plan.Pedal)
    {
        Motion = plan.Motion,
    };

    /// <summary>The same plan, corrected by a network, which keeps time itself.</summary>
    /// <param name="network">The network.</param>
    /// <param name="residual">What is to be known of it; its hash of weights is filled in.</param>
    public PolicyBundle With(TrainedNetwork network, ResidualManifest residual) => this with
    {
        Manifest = Manifest with
        {
            Observation = [.. residual.Observation.Select(o => o.Name)],
            Residual = residual with { WeightsHash = HashOf(Safetensors.Write(network.Tensors)) },
        },
        Network = network,
    };

    /// <summary>The plan without its network, corrected while it is played if it was.</summary>
    public PolicyBundle Alone() => this with { Manifest = Manifest with { Observation = [], Residual = null, Curve = [] }, Network = null };

    /// <summary>The plan alone, row by row.</summary>
    public PolicyBundle OpenLoop()
    {
        PolicyBundle plan = Alone();
        return plan with { Manifest = plan.Manifest with { Feedback = false, Sounds = null }, Motion = null };
    }

    /// <summary>The plan that the bundle was made of, to go on from; wishes of the score for fingers are not in it.</summary>
    public SongPlan ToPlan() => new()
    {
        Song = Manifest.Song,
        Commands = Commands,
        Pedal = Pedal,
        Feedback = Manifest.Feedback,
        Motion = Motion,
        Sounds = Manifest.Sounds,
        LeadIn = Manifest.LeadIn,
        Score = Manifest.Evaluation,
        RobustF1 = Manifest.RobustF1,
        Fingering = new FingeringPlan(
            [.. Manifest.Fingering.Select(n => new FingeredPress(new KeyPress(n.Key, n.Start, n.End), n.Finger))],
            [.. Manifest.Unreachable.Select(n => new KeyPress(n.Key, n.Step, n.End))]),
        Strategy = Manifest.Strategy,
        OptionsHash = Manifest.OptionsHash,
        IsComplete = Manifest.IsComplete,
        Seconds = Manifest.Seconds,
        EnvSteps = Manifest.EnvSteps,
    };

    /// <summary>Hash of the plan's targets: says which plan a run played.</summary>
    public string CommandsHash => HashOf(System.Runtime.InteropServices.MemoryMarshal.AsBytes(Commands.Values));

    /// <summary>Hash of what a trajectory asks for.</summary>
    public static string HashOf(NoteTrajectory trajectory) => HashOf(trajectory.ToKeyRoll().ToJson());

    /// <summary>Hash of a text, such as that of a task.</summary>
    public static string HashOf(string text) => HashOf(System.Text.Encoding.UTF8.GetBytes(text));

    private static string HashOf(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes));

    /// <summary>Writes the bundle into a directory, which is created.</summary>
    /// <exception cref="InputException">The directory cannot be written.</exception>
    public void Save(string directory)
    {
        var tensors = new Dictionary<string, SafeTensor>
        {
            ["targets"] = new SafeTensor<double>([Commands.Steps, Commands.Actuators.Count], Commands.Values.ToArray()),
            ["pedal"] = new SafeTensor<double>([Pedal.Count], [.. Pedal]),
        };
        if (Motion is not null)
            tensors["motion"] = new SafeTensor<double>([Motion.Steps, Motion.Actuators.Count], Motion.Values.ToArray());
        try
        {
            Directory.CreateDirectory(directory);
            AtomicFile.Write(Path.Combine(directory, PlanName), stream =>
            {
                stream.Write(Safetensors.Write(tensors));
                // An old manifest must not vouch for new targets; a bundle without one is not taken for whole.
                File.Delete(Path.Combine(directory, ManifestName));
            });
            if (Network is not null)
                AtomicFile.Write(Path.Combine(directory, WeightsName), stream => stream.Write(Safetensors.Write(Network.Tensors)));
            AtomicFile.Write(Path.Combine(directory, ManifestName), JsonSerializer.Serialize(Manifest, Json));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{directory}: cannot write the policy bundle: {e.Message}", e);
        }
    }

    /// <summary>Whether a directory has a bundle, whole or damaged.</summary>
    public static bool Exists(string directory) => File.Exists(Path.Combine(directory, ManifestName));

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
        IReadOnlyDictionary<string, SafeTensor> tensors = Safetensors.Read(File.ReadAllBytes(planPath), planPath);
        if (tensors.GetValueOrDefault("targets") is not SafeTensor<double> targets || tensors.GetValueOrDefault("pedal") is not SafeTensor<double> pedal
            || targets.Shape.Count != 2 || targets.Shape[1] != manifest.Actuators.Count || pedal.Values.Length != targets.Shape[0]
            || (tensors.TryGetValue("motion", out SafeTensor? moved) && (moved is not SafeTensor<double> || !moved.Shape.SequenceEqual(targets.Shape))))
            throw new InputException($"{planPath}: its F64 tensors do not fit the {manifest.Actuators.Count} actuators of {ManifestName}; plan or train the bundle again");
        if (manifest.LeadIn < 0 || manifest.LeadIn > targets.Shape[0])
            throw new InputException($"{path}: a lead-in of {manifest.LeadIn} steps, but the plan has {targets.Shape[0]}; plan or train the bundle again");
        double[]? motion = (moved as SafeTensor<double>)?.Values;
        if (!targets.Values.Concat(pedal.Values).Concat(motion ?? []).All(double.IsFinite))
            throw new InputException($"{planPath}: has targets that are no finite numbers; plan or train the bundle again");
        int steps = targets.Shape[0] - manifest.LeadIn;
        if (manifest.Fingering.FirstOrDefault(n => !IsNote(n.Key, n.Start, n.End, steps) || n.Finger < 0) is { } note)
            throw new InputException($"{path}: finger {note.Finger} on key {note.Key} in steps {note.Start}..{note.End} is not possible in {steps} steps; plan or train the bundle again");
        if (manifest.Unreachable.FirstOrDefault(n => !IsNote(n.Key, n.Step, n.End, steps)) is { } left)
            throw new InputException($"{path}: an unreachable key {left.Key} in steps {left.Step}..{left.End} is not possible in {steps} steps; plan or train the bundle again");
        if (manifest.Sounds?.FirstOrDefault(n => !IsNote(n.Key, n.Start + manifest.LeadIn, n.End + manifest.LeadIn, targets.Shape[0])) is { } sound)
            throw new InputException($"{path}: key {sound.Key} sounding in steps {sound.Start}..{sound.End} is not possible in {steps} steps; plan or train the bundle again");
        return new PolicyBundle(manifest, new CommandTable(layout, targets.Values), pedal.Values)
        {
            Motion = motion is null ? null : new CommandTable(layout, motion),
            Network = manifest.Residual is { } residual ? ReadNetwork(residual, Path.Combine(directory, WeightsName), layout.Count) : null,
        };
    }

    private static TrainedNetwork ReadNetwork(ResidualManifest residual, string path, int actuators)
    {
        if (!File.Exists(path))
            throw new InputException($"{path}: missing; train the bundle again");
        byte[] file = File.ReadAllBytes(path);
        if (HashOf(file) != residual.WeightsHash)
            throw new InputException($"{path}: not the weights that {ManifestName} speaks of; train the bundle again");
        var network = new TrainedNetwork(residual.Network, Safetensors.Read(file, path));
        FeedForwardNetwork built = network.Build(path);
        int observed = residual.Observation.Sum(o => o.Length);
        return built.Inputs == observed && built.Outputs == actuators + 1
            ? network
            : throw new InputException($"{path}: a network of {built.Inputs} inputs and {built.Outputs} outputs, expected {observed} observations, {actuators} actuators and the pedal; train the bundle again");
    }

    private static bool IsNote(int key, int start, int end, int steps) =>
        key is >= 0 and < Keyboard.KeyCount && start >= 0 && start < end && end <= steps;

    private static (PolicyManifest Manifest, JointLayout Layout) ReadManifest(string path)
    {
        try
        {
            PolicyManifest manifest = JsonSerializer.Deserialize<PolicyManifest>(File.ReadAllBytes(path), Json) ?? throw new JsonException("it is null");
            if (manifest.Format != PolicyManifest.CurrentFormat)
                throw new InputException($"{path}: has format {manifest.Format}, this program reads format {PolicyManifest.CurrentFormat}; plan or train the bundle again");
            RequireWhole("fingering", manifest.Fingering);
            RequireWhole("unreachable", manifest.Unreachable);
            RequireWhole("sounds", manifest.Sounds ?? []);
            if (manifest.Actuators.Count == 0)
                throw new ArgumentException("it names no actuators");
            return (manifest, new JointLayout(manifest.Actuators, manifest.Units));
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            throw new InputException($"{path}: not a policy manifest: {e.Message.ReplaceLineEndings(" ")}; plan or train the bundle again");
        }
    }

    private static void RequireWhole(string name, IEnumerable<object?> entries)
    {
        if (entries.Contains(null))
            throw new ArgumentException($"'{name}' has an empty entry");
    }

    /// <summary>Checks that the bundle drives this robot at this rate and plays this song.</summary>
    /// <exception cref="InputException">Names what does not fit.</exception>
    public void RequireFits(JointLayout actuators, double rate, NoteTrajectory trajectory)
    {
        if (Misfit(actuators, rate, trajectory) is { } misfit)
            throw new InputException($"policy for '{Manifest.Song}': {misfit}");
    }

    /// <summary>What keeps planning from going on with this bundle, in words; null if nothing does.</summary>
    /// <param name="actuators">The robot's.</param>
    /// <param name="rate">Control rate, Hz.</param>
    /// <param name="trajectory">What is to be played.</param>
    /// <param name="leadIn">Control steps before the song.</param>
    /// <param name="scene">Names the scene to plan in.</param>
    /// <param name="parametersHash">Identifies the simulator parameters to plan with.</param>
    public string? ObstacleToGoOn(JointLayout actuators, double rate, NoteTrajectory trajectory, int leadIn, string scene, string parametersHash)
    {
        if (Manifest.Scene != scene)
            return $"made for the scene '{Manifest.Scene}', this is '{scene}'";
        if (Misfit(actuators, rate, trajectory) is { } misfit)
            return misfit;
        if (Manifest.ParametersHash != parametersHash)
            return "made with other parameters of the simulator";
        return Manifest.LeadIn == leadIn ? null : $"made with a lead-in of {Manifest.LeadIn} steps, now it is {leadIn}";
    }

    private string? Misfit(JointLayout actuators, double rate, NoteTrajectory trajectory)
    {
        if (Manifest.Rate != rate)
            return FormattableString.Invariant($"made for {Manifest.Rate} Hz, the robot runs at {rate} Hz");
        for (int i = 0; i < Math.Max(actuators.Count, Commands.Actuators.Count); i++)
        {
            string mine = i < Commands.Actuators.Count ? $"{Commands.Actuators.Names[i]} [{Commands.Actuators.Units[i]}]" : "nothing";
            string robot = i < actuators.Count ? $"{actuators.Names[i]} [{actuators.Units[i]}]" : "nothing";
            if (mine != robot)
                return $"actuator {i} is {mine}, the robot's is {robot}; plan for this robot with 'legato plan --robot'";
        }
        if (Manifest.SongHash != HashOf(trajectory))
            return "made for other notes than this song at this tempo; plan again";
        int steps = Commands.Steps - Manifest.LeadIn;
        return steps == trajectory.Count ? null : $"has {steps} steps, the song {trajectory.Count}; plan again";
    }
}
