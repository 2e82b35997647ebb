using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

using Legato.Music;
using Legato.Policy.Bundles;
using Legato.Sim;
using Legato.Sim.Scene;
using Legato.SystemId.Excitation;

namespace Legato.Runtime.Calibration;

/// <summary>What an excitation bundle says of itself, <c>excitation.json</c>.</summary>
public sealed record ExcitationManifest
{
    /// <summary>Version of this file's layout.</summary>
    public int Format { get; init; } = CurrentFormat;

    /// <summary>The layout that this program writes and reads.</summary>
    public const int CurrentFormat = 1;

    /// <summary>Actuator names in the order of the command.</summary>
    public required IReadOnlyList<string> Actuators { get; init; }

    /// <summary>Units in the same order.</summary>
    public required IReadOnlyList<JointUnit> Units { get; init; }

    /// <summary>Control rate, Hz.</summary>
    public double Rate { get; init; } = 1 / SceneOptions.ControlPeriod;

    /// <summary>SHA-256 over names, units and targets.</summary>
    public required string Hash { get; init; }

    /// <summary>Hash of the simulator parameters that the motions were rehearsed with.</summary>
    public required string ParametersHash { get; init; }

    /// <summary>The blocks, in order.</summary>
    public required IReadOnlyList<PlannedBlock> Blocks { get; init; }

    /// <summary>How well each parameter is expected to be known afterwards.</summary>
    public required IReadOnlyList<PredictedInterval> Predicted { get; init; }
}

/// <summary>Planned excitation on disk: <c>excitation.json</c> and <c>targets.safetensors</c>. Written atomically.</summary>
/// <param name="Manifest">What it says of itself.</param>
/// <param name="Targets">Position targets, steps × actuators.</param>
public sealed record ExcitationBundle(ExcitationManifest Manifest, IReadOnlyList<double[]> Targets)
{
    private const string ManifestName = "excitation.json", TargetsName = "targets.safetensors";
    private const string Advice = "plan again with 'legato calibrate plan'";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
    };

    /// <summary>Names and units of the targets.</summary>
    public JointLayout Actuators { get; } = new(Manifest.Actuators, Manifest.Units);

    /// <summary>Makes a bundle of a plan.</summary>
    public static ExcitationBundle Of(ExcitationPlan plan, JointLayout actuators, string parametersHash) => new(
        new ExcitationManifest
        {
            Actuators = actuators.Names,
            Units = actuators.Units,
            Hash = HashOf(actuators.Names, actuators.Units, plan.Targets),
            ParametersHash = parametersHash,
            Blocks = plan.Blocks,
            Predicted = plan.Predicted,
        },
        plan.Targets);

    /// <summary>Writes the bundle into a directory, which is created.</summary>
    /// <exception cref="InputException">The directory cannot be written.</exception>
    public void Save(string directory)
    {
        var tensors = new Dictionary<string, SafeTensor> { ["targets"] = new SafeTensor<double>([Targets.Count, Actuators.Count], [.. Targets.SelectMany(row => row)]) };
        try
        {
            Directory.CreateDirectory(directory);
            AtomicFile.Write(Path.Combine(directory, TargetsName), stream => stream.Write(Safetensors.Write(tensors)));
            AtomicFile.Write(Path.Combine(directory, ManifestName), JsonSerializer.Serialize(Manifest, Json));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{directory}: cannot write the excitation: {e.Message}", e);
        }
    }

    /// <summary>Whether a folder holds a bundle.</summary>
    public static bool Exists(string directory) => File.Exists(Path.Combine(directory, ManifestName));

    /// <summary>Reads a bundle.</summary>
    /// <exception cref="InputException">There is none, or it is damaged.</exception>
    public static ExcitationBundle Load(string directory)
    {
        (string path, string targetsPath) = (Path.Combine(directory, ManifestName), Path.Combine(directory, TargetsName));
        if (!File.Exists(path) || !File.Exists(targetsPath))
            throw new InputException($"{directory}: no planned excitation ({ManifestName} and {TargetsName} belong there); {Advice}");
        try
        {
            ExcitationManifest manifest = JsonSerializer.Deserialize<ExcitationManifest>(File.ReadAllBytes(path), Json) ?? throw new JsonException("it is null");
            if (manifest.Format != ExcitationManifest.CurrentFormat)
                throw new InputException($"{path}: has format {manifest.Format}, this program reads format {ExcitationManifest.CurrentFormat}; {Advice}");
            IReadOnlyDictionary<string, SafeTensor> tensors = Safetensors.Read(File.ReadAllBytes(targetsPath), targetsPath);
            if (tensors.GetValueOrDefault("targets") is not SafeTensor<double> targets || targets.Shape.Count != 2 || targets.Shape[1] != manifest.Actuators.Count || targets.Shape[0] == 0)
                throw new InputException($"{targetsPath}: does not fit the {manifest.Actuators.Count} actuators of {ManifestName}; {Advice}");
            var bundle = new ExcitationBundle(manifest, [.. targets.Values.Chunk(manifest.Actuators.Count)]);
            return HashOf(manifest.Actuators, manifest.Units, bundle.Targets) == manifest.Hash
                ? bundle
                : throw new InputException($"{targetsPath}: its targets are not those that {ManifestName} was written for; {Advice}");
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            throw new InputException($"{path}: not a manifest of excitation: {e.Message.ReplaceLineEndings(" ")}; {Advice}", e);
        }
    }

    /// <summary>Checks that the bundle drives this robot.</summary>
    /// <exception cref="InputException">Names the first difference.</exception>
    public void RequireFits(JointLayout actuators)
    {
        for (int i = 0; i < Math.Max(actuators.Count, Actuators.Count); i++)
        {
            string mine = i < Actuators.Count ? $"{Actuators.Names[i]} [{Actuators.Units[i]}]" : "nothing";
            string robot = i < actuators.Count ? $"{actuators.Names[i]} [{actuators.Units[i]}]" : "nothing";
            if (mine != robot)
                throw new InputException($"planned excitation: actuator {i} is {mine}, the robot's is {robot}; plan for this robot with 'legato calibrate plan --robot'");
        }
        double rate = 1 / SceneOptions.ControlPeriod;
        if (Manifest.Rate != rate)
            throw new InputException(FormattableString.Invariant($"planned excitation: made for {Manifest.Rate} Hz, the robot runs at {rate} Hz; {Advice}"));
    }

    private static string HashOf(IReadOnlyList<string> names, IReadOnlyList<JointUnit> units, IEnumerable<double[]> targets)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(string.Join('\n', names.Zip(units, (name, unit) => $"{name} {unit}"))));
        foreach (double[] row in targets)
            hash.AppendData(MemoryMarshal.AsBytes(row.AsSpan()));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
