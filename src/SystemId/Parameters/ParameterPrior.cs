using Legato.Sim.Parameters;

namespace Legato.SystemId.Parameters;

/// <summary>What is believed of a parameter before any data: a normal distribution, cut at the parameter's bounds.</summary>
/// <param name="Mean">Mean, in the parameter's unit.</param>
/// <param name="Sd">Standard deviation, above 0, in the same unit.</param>
public readonly record struct ParameterPrior(double Mean, double Sd)
{
    /// <summary>Around a rig's present parameters, as wide as rigs differ.</summary>
    /// <remarks>
    /// Widths of scales and delays from robogym's randomisation of Shadow hands, of zeros and dead bands from Shadow's own
    /// configuration files (calibration within 1–2°, dead bands 0.002–0.003 rad), of the piano from setting it up by ruler. A
    /// single drive differs from its group as much as groups differ from the simulator.
    /// </remarks>
    /// <param name="definition">The parameter.</param>
    /// <param name="parameters">The present parameters.</param>
    public static ParameterPrior Around(ParameterDefinition definition, SimParameters parameters)
    {
        bool isRail = definition.Section == "rails" || definition.Section.Contains("forearm", StringComparison.Ordinal);
        double sd = definition.Key switch
        {
            "gain" => 0.3,
            "damping" or "armature" => 0.6,
            "friction" => isRail ? 5 : 0.02,
            "offset" => isRail ? 0.003 : 0.03,
            "backlash" => 0.02,
            "deadband" => 0.002,
            "slew" => isRail ? 1 : 4,
            "x" or "y" => 0.005,
            "z" => 0.0025,
            "yaw" => 0.01,
            "stiffness" => 0.5,
            "spread" => 0.05,
            "activation_white" or "activation_black" => 0.05,
            "grip" => 0.3,
            "mass" => 0.1,
            "joint_friction" => 0.5,
            "coupling" => 1,
            "delay" => 0.02,
            "report_lag" => 0.03,
            "latency" => 0.005,
            "jitter" => 0.001,
            _ => throw new ArgumentException($"no prior is known for '{definition.Name}'", nameof(definition)),
        };
        return new ParameterPrior(parameters[definition.Name], sd);
    }
}
