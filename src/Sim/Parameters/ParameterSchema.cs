using System.Collections.Frozen;

using Legato.Sim.Piano;

using static Legato.Sim.Parameters.ParameterKind;

namespace Legato.Sim.Parameters;

/// <summary>Every parameter of the simulator, in a fixed order; documented in <c>docs/parameters.md</c>.</summary>
/// <remarks>
/// Drives belong to groups, and each drive may have its own value instead of its group's. Ranges of scales cover what
/// domain randomisation of Shadow hands uses (robogym: gains 0.5..2, damping 0.3..3) with room on both sides.
/// </remarks>
public static class ParameterSchema
{
    /// <summary>Section of the YAML file that holds the sections of single drives.</summary>
    public const string DriveSection = "joints";

    /// <summary>The groups of drives of a hand, in order.</summary>
    public static IReadOnlyList<string> Groups { get; } = ["wrist", "thumb", "spread", "flexion", "coupled", "rails"];

    /// <summary>The drives of both hands in the order of commands: names of actuators without <c>A_</c>.</summary>
    public static IReadOnlyList<string> Drives { get; } = [.. DrivesOf("rh_"), .. DrivesOf("lh_")];

    /// <summary>All parameters: groups first, single drives last.</summary>
    public static IReadOnlyList<ParameterDefinition> Definitions { get; } = [.. Groups.SelectMany(GroupDefinitions), .. Rig(), .. Drives.SelectMany(DriveDefinitions)];

    private static readonly FrozenDictionary<string, int> Index =
        Definitions.Select((definition, i) => (definition.Name, i)).ToFrozenDictionary(p => p.Name, p => p.i, StringComparer.Ordinal);

    /// <summary>The group of a drive, for example <c>flexion</c> for <c>rh_FFJ3</c>.</summary>
    /// <exception cref="ArgumentException">There is no such drive.</exception>
    public static string GroupOf(string drive) => drive[(drive.IndexOf('_', StringComparison.Ordinal) + 1)..] switch
    {
        "WRJ1" or "WRJ2" => "wrist",
        "THJ1" or "THJ2" or "THJ3" or "THJ4" or "THJ5" => "thumb",
        "FFJ4" or "MFJ4" or "RFJ4" or "LFJ4" or "LFJ5" => "spread",
        "FFJ3" or "MFJ3" or "RFJ3" or "LFJ3" => "flexion",
        "FFJ0" or "MFJ0" or "RFJ0" or "LFJ0" => "coupled",
        "forearm_tx" or "forearm_ty" => "rails",
        _ => throw new ArgumentException($"'{drive}' is no drive of the hands; drives: {string.Join(", ", Drives)}", nameof(drive)),
    };

    /// <summary>The parameter with a name.</summary>
    /// <exception cref="InputException">There is none.</exception>
    public static ParameterDefinition Find(string name) => Definitions[IndexOf(name)];

    /// <summary>The place of a parameter in <see cref="Definitions"/>.</summary>
    /// <exception cref="InputException">There is no such parameter.</exception>
    internal static int IndexOf(string name) => Index.TryGetValue(name, out int i)
        ? i
        : throw new InputException($"no parameter '{name}'; parameters are listed in docs/parameters.md");

    private static IEnumerable<string> DrivesOf(string prefix) =>
        ((string[])["WRJ2", "WRJ1", "THJ5", "THJ4", "THJ3", "THJ2", "THJ1", "FFJ4", "FFJ3", "FFJ0", "MFJ4", "MFJ3", "MFJ0", "RFJ4", "RFJ3", "RFJ0",
            "LFJ5", "LFJ4", "LFJ3", "LFJ0", "forearm_tx", "forearm_ty"]).Select(name => prefix + name);

    private static IEnumerable<ParameterDefinition> GroupDefinitions(string group) => group == "rails" ? OfRails(group) : OfMotors(group);

    private static IEnumerable<ParameterDefinition> DriveDefinitions(string drive)
    {
        string group = GroupOf(drive);
        IEnumerable<ParameterDefinition> own = group == "rails" ? OfRails(drive).Where(d => d.Key != "delay") : OfMotors(drive);
        return own.Select(d => d with { Inherits = $"{group}.{d.Key}" });
    }

    private static ParameterDefinition[] OfMotors(string section) =>
    [
        new($"{section}.gain", "1", 1, 0.3, 2, Dynamics, "Scale of the drive's position gain."),
        new($"{section}.damping", "1", 1, 0.2, 4, Dynamics, "Scale of the joint's damping."),
        new($"{section}.friction", "N·m", 0, 0, 0.1, Dynamics, "Coulomb friction added to the joint."),
        new($"{section}.armature", "1", 1, 0.2, 5, Dynamics, "Scale of the rotor inertia seen at the joint."),
        new($"{section}.offset", "rad", 0, -0.2, 0.2, Geometry, "Error of the joint sensor's zero: sensor reading less true angle (of J1 + J2 for a coupled drive)."),
        new($"{section}.backlash", "rad", 0, 0, 0.1, Dynamics, "Play between motor and joint."),
        new($"{section}.deadband", "rad", 0, 0, 0.02, Dynamics, "Position error below which the drive does nothing."),
        new($"{section}.slew", "rad/s", 0, 0, 20, Dynamics, "Fastest change of the target that the drive follows; 0 is no limit."),
    ];

    private static ParameterDefinition[] OfRails(string section) =>
    [
        new($"{section}.gain", "1", 1, 0.3, 2, Dynamics, "Scale of the rail's position gain."),
        new($"{section}.damping", "1", 1, 0.2, 4, Dynamics, "Scale of the rail's damping."),
        new($"{section}.friction", "N", 0, 0, 30, Dynamics, "Coulomb friction added to the rail."),
        new($"{section}.offset", "m", 0, -0.02, 0.02, Geometry, "Error of the rail's zero: sensor reading less true position."),
        new($"{section}.slew", "m/s", 0, 0, 5, Dynamics, "Fastest change of the target that the rail follows; 0 is no limit."),
        new($"{section}.delay", "s", 0, 0, 0.1, Timing, "From sending a set-point to the motor acting on it."),
    ];

    private static ParameterDefinition[] Rig() =>
    [
        .. OfHand("right_hand"),
        .. OfHand("left_hand"),
        new("piano.x", "m", 0, -0.02, 0.02, Geometry, "Keyboard moved towards the player."),
        new("piano.y", "m", 0, -0.02, 0.02, Geometry, "Keyboard moved to the right, towards high notes."),
        new("piano.z", "m", 0, -0.02, 0.02, Geometry, "Keyboard moved up."),
        new("piano.yaw", "rad", 0, -0.05, 0.05, Geometry, "Keyboard turned about the vertical through its middle, anticlockwise from above."),
        new("keys.stiffness", "1", 1, 0.2, 4, Dynamics, "Scale of the keys' springs; the weight of the keys stays."),
        new("keys.damping", "1", 1, 0.1, 5, Dynamics, "Scale of the keys' damping."),
        new("keys.spread", "1", 0, 0, 0.5, Dynamics, "Standard deviation of the logarithm of stiffness and damping from key to key."),
        new("keys.activation_white", "1", DefaultActivation(PianoGeometry.White), 0.1, 0.99, Geometry, "Fraction of a white key's travel at which it sounds."),
        new("keys.activation_black", "1", DefaultActivation(PianoGeometry.Black), 0.1, 0.99, Geometry, "Fraction of a black key's travel at which it sounds."),
        new("keys.grip", "1", 1, 0.2, 3, Dynamics, "Scale of the friction between bodies that touch."),
        new("hands.mass", "1", 1, 0.5, 2, Dynamics, "Scale of the hands' masses and inertias."),
        new("hands.joint_friction", "1", 1, 0, 5, Dynamics, "Scale of the Coulomb friction that the joints have in the plain simulator."),
        new("hands.coupling", "N·m/rad", 0, 0, 5, Dynamics, "How stiffly the tip joint (J1) of a coupled finger waits until J2 is at its end; 0 leaves the share to damping and friction."),
        new("keyboard.latency", "s", 0, 0, 0.05, Timing, "From the key's movement to its message on the cable."),
        new("keyboard.jitter", "s", 0, 0, 0.01, Timing, "Standard deviation of that time."),
    ];

    private static ParameterDefinition[] OfHand(string section) =>
    [
        new($"{section}.delay", "s", 0, 0, 0.1, Timing, "From sending a command to the drives acting on it."),
        new($"{section}.report_lag", "s", 0, 0, 0.2, Timing, "From a joint's movement to its place in the reported state."),
    ];

    // RoboPianist: within half a degree of the stop.
    private static double DefaultActivation(KeyShape shape) => (shape.MaxAngle - PianoGeometry.ActivationTolerance) / shape.MaxAngle;
}
