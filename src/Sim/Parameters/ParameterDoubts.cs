namespace Legato.Sim.Parameters;

/// <summary>Draws the parameters of rigs that nobody has measured, to plan and to test for what may be.</summary>
/// <remarks>
/// At severity 1 groups of drives, piano and keyboard are anywhere within ranges that real rigs may reach (gains 0.6..1.4, damping 0.4..2.5, added friction
/// 0..0.04 N·m, key springs 0.6..2, piano ±8 mm in x and y, ±4 mm in z, ±1°); severity scales each range about the simulator, scales by their logarithm. Each drive
/// is drawn on its own around its group's value. Stateless.
/// </remarks>
public static class ParameterDoubts
{
    // Spread of single drives, as a fraction of their group's.
    private const double DriveSpread = 0.3;

    // Zeros belong to single sensors; a group has little in common, rad.
    private const double GroupZero = 0.012, DriveZero = 0.02, RailZero = 0.001;

    private const double Degree = Math.PI / 180;

    /// <summary>Draws one rig.</summary>
    /// <param name="seed">The same seed and severity give the same parameters.</param>
    /// <param name="severity">0 (the simulator) to 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The severity is outside its range.</exception>
    public static SimParameters Draw(int seed, double severity)
    {
        if (severity is not (>= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(severity), severity, "must be within 0..1");
        var noise = new GaussianNoise(seed);
        SimParameters parameters = SimParameters.Nominal;
        // Coupling is how a hand is built, no matter of degree.
        foreach (ParameterDefinition d in ParameterSchema.Definitions.Where(d => d.Key != "coupling"))
        {
            double around = parameters[d.Name];
            double value = d.Key == "offset" ? around + (severity * ZeroSpread(d) * noise.Next()) : Draw(d, severity, around, noise.NextUniform());
            parameters = parameters.With(d.Name, Math.Clamp(value, d.Min, d.Max));
        }
        return parameters;
    }

    private static double ZeroSpread(ParameterDefinition d) => (IsRail(d), d.Inherits) switch
    {
        (true, _) => RailZero,
        (_, null) => GroupZero,
        _ => DriveZero,
    };

    // Drives depart from their group to both sides, groups from the simulator within their range.
    private static double Draw(ParameterDefinition d, double severity, double around, double uniform)
    {
        bool isDrive = d.Inherits is not null;
        double own = isDrive ? DriveSpread * severity : severity;
        if (ScaleRange(d) is { Low: > 0 } scale)
            return around * Math.Pow(scale.Low, own * (1 - uniform)) * Math.Pow(scale.High, own * uniform);
        (double low, double high) = DistanceRange(d);
        return around + (own * ((isDrive ? -0.5 * (high - low) : low) + ((high - low) * uniform)));
    }

    // (0, 0) for what is no scale.
    private static (double Low, double High) ScaleRange(ParameterDefinition d) => (d.Section, d.Key) switch
    {
        (_, "gain") => (0.6, 1.4),
        ("keys", "damping") => (0.5, 3),
        (_, "damping" or "armature" or "joint_friction") => (0.4, 2.5),
        (_, "stiffness") => (0.6, 2),
        (_, "grip") => (0.6, 1.6),
        (_, "mass") => (0.8, 1.25),
        _ => default,
    };

    // Slew limits stay off.
    private static (double Low, double High) DistanceRange(ParameterDefinition d) => d.Key switch
    {
        "friction" => (0, IsRail(d) ? 8 : 0.04),
        "backlash" => (0, 2 * Degree),
        "deadband" => (0, 0.003),
        "spread" => (0, 0.1),
        "x" or "y" => (-0.008, 0.008),
        "z" => (-0.004, 0.004),
        "yaw" => (-Degree, Degree),
        "delay" => (0.01, 0.04),
        "report_lag" => (0, 0.03),
        "latency" => (0.002, 0.012),
        "jitter" => (0, 0.002),
        "activation_white" or "activation_black" => (-0.1, 0),
        _ => default,
    };

    private static bool IsRail(ParameterDefinition d) => d.Section == "rails" || d.Section.Contains("forearm", StringComparison.Ordinal);
}
