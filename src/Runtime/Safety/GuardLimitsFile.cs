using Legato.Sim;
using Legato.Sim.Configuration;
using Legato.Sim.Limits;

namespace Legato.Runtime.Safety;

/// <summary>Reads guard limits from YAML (<c>hardware/config/limits/*.yaml</c>).</summary>
/// <remarks>
/// An entry named like an actuator without its hand (<c>A_FFJ3</c>) holds for both hands; one with it (<c>rh_forearm_tx</c>) for
/// that hand alone and before the other. Every actuator of the rig needs an entry; entries of actuators that it lacks are not used.
/// </remarks>
public static class GuardLimitsFile
{
    /// <summary>Reads the limits of a rig.</summary>
    /// <exception cref="InputException">The file cannot be read, lacks an actuator, or has a value that makes no sense; names file and line.</exception>
    public static MotionLimits Load(string path, JointLayout layout) => Read(StrictYaml.ReadFile(path), layout);

    /// <summary>Reads the limits of a rig from a mapping.</summary>
    /// <exception cref="InputException">As in <see cref="Load"/>.</exception>
    public static MotionLimits Read(YamlMap root, JointLayout layout)
    {
        YamlMap actuators = root.Map("actuators");
        var limits = new ActuatorLimit[layout.Count];
        for (int i = 0; i < limits.Length; i++)
        {
            string name = layout.Names[i];
            string key = actuators.Has(name) ? name : name[(name.IndexOf('_', StringComparison.Ordinal) + 1)..];
            if (!actuators.Has(key))
                throw actuators.Error(key, $"is missing: the robot has an actuator {name}");
            limits[i] = ReadActuator(actuators.Map(key));
        }
        RailSeparation? separation = root.Has("separation") ? ReadSeparation(root.Map("separation")) : null;
        ClearanceLimit? clearance = root.Has("clearance") ? ReadClearance(root.Map("clearance")) : null;
        root.RejectUnknown();
        return MotionLimits.Create(layout, limits, separation, clearance);
    }

    private static ActuatorLimit ReadActuator(YamlMap map)
    {
        var limit = new ActuatorLimit(
            Require(map, "lower"), Require(map, "upper"), Require(map, "velocity"), Require(map, "acceleration"), Require(map, "following"));
        map.RejectUnknown();
        return limit;
    }

    private static RailSeparation ReadSeparation(YamlMap map)
    {
        var separation = new RailSeparation(map.RequireText("right"), map.RequireText("left"), Require(map, "offset"), Require(map, "minimum"));
        map.RejectUnknown();
        return separation;
    }

    private static ClearanceLimit ReadClearance(YamlMap map)
    {
        double Distance(string key) => map.Has(key) ? map.Number(key, 0, 0, ClearanceLimit.Largest) : throw map.Error(key, "is missing");
        var clearance = new ClearanceLimit(Distance("hands"), Distance("piano"));
        map.RejectUnknown();
        return clearance;
    }

    private static double Require(YamlMap map, string key) =>
        map.Has(key) ? map.Number(key, 0) : throw map.Error(key, "is missing");
}
