using System.Globalization;
using System.Text;

using Legato.Sim.Configuration;
using Legato.Sim.Parameters;

namespace Legato.RobotDriver.StandIn;

/// <summary>The truth about a rig that is made of software: true parameters, effects without a parameter, a seed.</summary>
/// <remarks>Immutable. Files are in <c>hardware/config/realities</c>, documented in <c>docs/parameters.md</c>.</remarks>
public sealed record Reality
{
    /// <summary>The plain simulator: every effect off.</summary>
    public static Reality Nominal { get; } = new();

    /// <summary>Name for reports.</summary>
    public string Name { get; init; } = "nominal";

    /// <summary>Fixes everything that is drawn: differences between keys and joints and, with <see cref="RunSeed"/>, noise, jitter, drop-outs.</summary>
    public int Seed { get; init; }

    /// <summary>Draws noise, jitter and drop-outs anew on the same rig. Whoever starts a run sets it; no file has it.</summary>
    /// <value>Default 0.</value>
    public int RunSeed { get; init; }

    /// <summary>The parameters that a perfect identification would find.</summary>
    public SimParameters Parameters { get; init; } = SimParameters.Nominal;

    /// <summary>What no parameter describes.</summary>
    public RealityEffects Effects { get; init; } = new();

    /// <summary>How the devices are wired.</summary>
    public RigWiring Wiring { get; init; } = new();

    /// <summary>Reads a file.</summary>
    /// <exception cref="ConfigurationException">Unknown key, value out of range, or no YAML: one line with file and line.</exception>
    public static Reality Load(string path) => Read(StrictYaml.ReadFile(path));

    /// <summary>Reads a text; <paramref name="file"/> is the name that errors carry.</summary>
    /// <exception cref="ConfigurationException">As <see cref="Load"/>.</exception>
    public static Reality Parse(string text, string file) => Read(StrictYaml.Parse(text, file));

    /// <summary>The file that <see cref="Load"/> reads.</summary>
    public string ToYaml()
    {
        (RealityEffects e, RigWiring w) = (Effects, Wiring);
        string parameters = Parameters.Differences.Any()
            ? "parameters:\n" + string.Concat(Parameters.ToYaml().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => $"  {line}\n"))
            : "parameters: {}\n";
        return new StringBuilder()
            .Append(CultureInfo.InvariantCulture, $"name: {Name}\nseed: {Seed}\n")
            .Append(parameters)
            .Append("effects:\n")
            .Append(CultureInfo.InvariantCulture, $"  report: {{filter: {e.ReportFilter:R}, quantisation: {Flag(e.ReportQuantisation)}, noise: {e.ReportNoise:R}}}\n")
            .Append(CultureInfo.InvariantCulture, $"  command: {{jitter: {e.CommandJitter:R}}}\n")
            .Append(CultureInfo.InvariantCulture, $"  joints: {{calibration_spread: {e.CalibrationSpread:R}}}\n")
            .Append(CultureInfo.InvariantCulture, $"  keys: {{activation_spread: {e.ActivationSpread:R}}}\n")
            .Append(CultureInfo.InvariantCulture, $"  motors: {{heat_rise: {e.HeatRise:R}, heat_time: {e.HeatTime:R}, ambient: {e.Ambient:R}, trip: {e.TripTemperature:R}}}\n")
            .Append(CultureInfo.InvariantCulture, $"  bus: {{dropouts_per_minute: {e.DropoutsPerMinute:R}, dropout: {e.DropoutDuration:R}, demand_timeout: {e.DemandTimeout:R}}}\n")
            .Append("wiring:\n")
            .Append(CultureInfo.InvariantCulture, $"  rails: {{metres_per_turn: {w.MetresPerTurn:R}, sign: {w.RailSign}, offset_m: {w.RailOffset:R}}}\n")
            .Append(CultureInfo.InvariantCulture, $"  keyboard: {{running_status: {Flag(w.RunningStatus)}}}\n")
            .ToString();
    }

    private static string Flag(bool value) => value ? "true" : "false";

    private static Reality Read(YamlMap map)
    {
        var reality = new Reality
        {
            Name = map.Text("name", Path.GetFileNameWithoutExtension(map.File)),
            Seed = map.Integer("seed", 0, 0, int.MaxValue),
            Parameters = SimParameters.Read(map.Map("parameters")),
            Effects = ReadEffects(map.Map("effects")),
            Wiring = ReadWiring(map.Map("wiring")),
        };
        map.RejectUnknown();
        return reality;
    }

    private static RealityEffects ReadEffects(YamlMap map)
    {
        var none = new RealityEffects();
        YamlMap report = map.Map("report"), command = map.Map("command"), joints = map.Map("joints"), keys = map.Map("keys"), motors = map.Map("motors"), bus = map.Map("bus");
        var effects = new RealityEffects
        {
            ReportFilter = report.Number("filter", none.ReportFilter, 0, 0.5),
            ReportQuantisation = report.Flag("quantisation", none.ReportQuantisation),
            ReportNoise = report.Number("noise", none.ReportNoise, 0, 10),
            CommandJitter = command.Number("jitter", none.CommandJitter, 0, 0.05),
            CalibrationSpread = joints.Number("calibration_spread", none.CalibrationSpread, 0, 0.1),
            ActivationSpread = keys.Number("activation_spread", none.ActivationSpread, 0, 0.1),
            HeatRise = motors.Number("heat_rise", none.HeatRise, 0, 200),
            HeatTime = motors.Number("heat_time", none.HeatTime, 1, 1000),
            Ambient = motors.Number("ambient", none.Ambient, 0, 60),
            TripTemperature = motors.Number("trip", none.TripTemperature, 30, 120),
            DropoutsPerMinute = bus.Number("dropouts_per_minute", none.DropoutsPerMinute, 0, 60),
            DropoutDuration = bus.Number("dropout", none.DropoutDuration, 0, 1),
            DemandTimeout = bus.Number("demand_timeout", none.DemandTimeout, 0.001, 1),
        };
        foreach (YamlMap part in (ReadOnlySpan<YamlMap>)[report, command, joints, keys, motors, bus, map])
            part.RejectUnknown();
        if (effects.TripTemperature <= effects.Ambient)
            throw motors.Error("trip", string.Create(CultureInfo.InvariantCulture, $"is {effects.TripTemperature}, must be above ambient ({effects.Ambient})"));
        return effects;
    }

    private static RigWiring ReadWiring(YamlMap map)
    {
        var usual = new RigWiring();
        YamlMap rails = map.Map("rails"), keyboard = map.Map("keyboard");
        var wiring = new RigWiring
        {
            MetresPerTurn = rails.Number("metres_per_turn", usual.MetresPerTurn, 0.001, 0.5),
            RailSign = rails.Choice("sign", "1", "1", "-1") == "1" ? 1 : -1,
            RailOffset = rails.Number("offset_m", usual.RailOffset, -1, 1),
            RunningStatus = keyboard.Flag("running_status", usual.RunningStatus),
        };
        rails.RejectUnknown();
        keyboard.RejectUnknown();
        map.RejectUnknown();
        return wiring;
    }
}
