namespace Legato.Sim.Parameters;

/// <summary>Draws the parameters of rigs that nobody has measured, to plan and to test for what may be.</summary>
/// <remarks>
/// Severity scales every departure from the simulator: at 1 their spread is that of <c>hard.yaml</c> and of robogym's
/// randomisation of Shadow hands. Each drive is drawn on its own around its group's value. Stateless.
/// </remarks>
public static class ParameterDoubts
{
    // Spread of single drives, as a fraction of their group's.
    private const double DriveSpread = 0.3;

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
            double value = Draw(d, d.Inherits is null ? severity : severity * DriveSpread, parameters[d.Name], noise);
            parameters = parameters.With(d.Name, Math.Clamp(value, d.Min, d.Max));
        }
        return parameters;
    }

    // Scales vary by factors, places by distances, and what cannot be negative by the size of a distance. Slew limits stay off.
    private static double Draw(ParameterDefinition d, double severity, double around, GaussianNoise noise)
    {
        double draw = noise.Next();
        bool isRail = d.Section == "rails" || d.Section.Contains("forearm", StringComparison.Ordinal);
        return d.Key switch
        {
            "gain" => around * Math.Exp(0.15 * severity * draw),
            "damping" or "armature" or "joint_friction" => around * Math.Exp(0.35 * severity * draw),
            "stiffness" or "grip" => around * Math.Exp(0.25 * severity * draw),
            "mass" => around * Math.Exp(0.1 * severity * draw),
            "friction" => around + (severity * (isRail ? 4 : 0.02) * Math.Abs(draw)),
            "offset" => around + (severity * (isRail ? 0.001 : 0.015) * draw),
            "backlash" => around + (0.02 * severity * Math.Abs(draw)),
            "deadband" => around + (0.002 * severity * Math.Abs(draw)),
            "spread" => 0.08 * severity * Math.Abs(draw),
            "x" or "y" => 0.003 * severity * draw,
            "z" => 0.0007 * severity * draw,
            "yaw" => 0.003 * severity * draw,
            "delay" => 0.03 * severity * Math.Abs(draw),
            "report_lag" => 0.015 * severity * Math.Abs(draw),
            "latency" => 0.006 * severity * Math.Abs(draw),
            "jitter" => 0.001 * severity * Math.Abs(draw),
            "activation_white" or "activation_black" => around - (0.05 * severity * Math.Abs(draw)),
            _ => around,
        };
    }
}
