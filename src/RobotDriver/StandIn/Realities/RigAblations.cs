using Legato.Sim.Parameters;

namespace Legato.RobotDriver.StandIn;

/// <summary>A rig without one of its differences from a simulator.</summary>
/// <param name="Name">What is taken away, for reports.</param>
/// <param name="Reality">The rig without it.</param>
public sealed record RigAblation(string Name, Reality Reality);

/// <summary>Takes the differences between a rig of software and a simulator away, one at a time: which of them costs what?</summary>
/// <remarks>Stateless.</remarks>
public static class RigAblations
{
    /// <summary>Name of the last ablation: nothing is left but the stand-in's shorter physics step.</summary>
    public const string Everything = "all of these";

    private const string Rails = "rails";

    private static readonly (string Name, Func<ParameterDefinition, bool> IsPart, Func<RealityEffects, RealityEffects> Off)[] Parts =
    [
        ("gains of joints", d => OfJoints(d, "gain"), e => e),
        ("damping of joints", d => OfJoints(d, "damping"), e => e),
        ("friction of joints", d => OfJoints(d, "friction") || d.Name == "hands.joint_friction", e => e),
        ("inertia of the hands", d => OfJoints(d, "armature") || d.Name == "hands.mass", e => e),
        ("zeros of joints", d => OfJoints(d, "offset"), e => e with { CalibrationSpread = 0 }),
        ("play of joints", d => OfJoints(d, "backlash"), e => e),
        ("dead bands and speed limits of joints", d => OfJoints(d, "deadband") || OfJoints(d, "slew"), e => e),
        ("coupling of the fingertips", d => d.Name == "hands.coupling", e => e),
        ("rails", IsOfRails, e => e),
        ("delays of the hands", d => d.Section.EndsWith("_hand", StringComparison.Ordinal), e => e),
        ("jitter of commands", _ => false, e => e with { CommandJitter = 0 }),
        ("place of the piano", d => d.Name is "piano.x" or "piano.y" or "piano.yaw", e => e),
        ("height of the piano", d => d.Name == "piano.z", e => e),
        ("springs and damping of keys", d => d.Name is "keys.stiffness" or "keys.damping", e => e),
        ("depth at which keys sound", d => d.Section == "keys" && d.Key.StartsWith("activation", StringComparison.Ordinal), e => e),
        ("grip of keys", d => d.Name == "keys.grip", e => e),
        ("differences between keys", d => d.Name == "keys.spread", e => e with { ActivationSpread = 0 }),
        ("latency and jitter of the keyboard", d => d.Section == "keyboard", e => e),
        ("filter, steps and noise of reports", _ => false, e => e with { ReportFilter = 0, ReportQuantisation = false, ReportNoise = 0 }),
        ("heat of motors", _ => false, e => e with { HeatRise = 0 }),
        ("drop-outs of the bus", _ => false, e => e with { DropoutsPerMinute = 0 }),
    ];

    /// <summary>The rig without each difference, and last of all without any; differences that it does not have are passed over.</summary>
    /// <param name="rig">The truth.</param>
    /// <param name="simulator">The parameters that a simulator has instead.</param>
    public static IReadOnlyList<RigAblation> Of(Reality rig, SimParameters simulator)
    {
        var ablations = new List<RigAblation>();
        Reality rest = rig;
        foreach ((string name, Func<ParameterDefinition, bool> isPart, Func<RealityEffects, RealityEffects> off) in Parts)
        {
            Reality without = Without(rig);
            if (without == rig)
                continue;
            ablations.Add(new RigAblation(name, without));
            rest = Without(rest);

            Reality Without(Reality other)
            {
                string[] names = [.. ParameterSchema.Definitions.Where(isPart).Select(d => d.Name)];
                return other with { Parameters = other.Parameters.WithVector(names, simulator.ToVector(names)), Effects = off(other.Effects) };
            }
        }
        if (ablations.Count > 1)
            ablations.Add(new RigAblation(Everything, rest));
        return ablations;
    }

    private static bool IsOfRails(ParameterDefinition d) => d.Section == Rails || d.Inherits?.StartsWith($"{Rails}.", StringComparison.Ordinal) == true;

    private static bool OfJoints(ParameterDefinition d, string key) => d.Key == key && !IsOfRails(d) && (d.Inherits is not null || ParameterSchema.Groups.Contains(d.Section));
}
