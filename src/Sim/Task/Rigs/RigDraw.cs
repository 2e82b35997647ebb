using Legato.Sim.Parameters;

namespace Legato.Sim.Tasks.Rigs;

/// <summary>Draws rigs that differ in every parameter of <c>docs/parameters.md</c>.</summary>
/// <remarks>
/// Most as <see cref="ParameterDoubts.Draw(int, double)"/> has them. On top, what hands either have or have not: at severity 1 every other hand is coupled
/// (0.5..2 N·m/rad), and every other group of drives has a slew limit (motors 2..6 rad/s, rails 1.5..4.5 m/s); at lower severities
/// fewer, and limits higher. Stateless and thread-safe.
/// </remarks>
public static class RigDraw
{
    // Sets what is drawn here apart from what ParameterDoubts draws from the same seed.
    private const int OwnStream = 0x5EED, FilterStream = 0xF117;

    private const double ChanceOfHaving = 0.5;

    // Shadow's driver filters with this time constant, s.
    private const double ShadowFilter = 0.05;

    /// <summary>Draws one rig.</summary>
    /// <param name="seed">The same seed and severity give the same parameters.</param>
    /// <param name="severity">0 (<paramref name="around"/> itself) to 1.</param>
    /// <param name="around">What the rig differs from, the plain simulator if null: scales multiply, all else adds; clamped to the parameters' ranges.</param>
    /// <exception cref="ArgumentOutOfRangeException">The severity is outside its range.</exception>
    public static SimParameters Draw(int seed, double severity, SimParameters? around = null)
    {
        SimParameters centre = around ?? SimParameters.Nominal, doubts = ParameterDoubts.Draw(seed, severity);
        var noise = new GaussianNoise(seed ^ OwnStream);
        double coupling = Chosen(noise, severity) * (0.5 + (1.5 * noise.NextUniform()));
        var slews = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (string group in ParameterSchema.Groups)
            slews[$"{group}.slew"] = Chosen(noise, severity) * (group == "rails" ? 1.5 : 2) * (1 + (2 * noise.NextUniform())) / Math.Max(severity, 1e-9);

        IReadOnlyList<ParameterDefinition> all = ParameterSchema.Definitions;
        var values = new double[all.Count];
        for (int i = 0; i < values.Length; i++)
        {
            ParameterDefinition d = all[i];
            double value = (d.Key, centre[d.Name]) switch
            {
                ("coupling", var own) => own > 0 ? own : coupling,
                ("slew", var own) => Slower(own, slews[d.Inherits ?? d.Name]),
                (_, var own) when d.Default == 1 => own * doubts[d.Name],
                (_, var own) => own + (doubts[d.Name] - d.Default),
            };
            values[i] = Math.Clamp(value, d.Min, d.Max);
        }
        return SimParameters.Nominal.WithVector([.. all.Select(d => d.Name)], values);
    }

    /// <summary>Draws the time constant of the filter on a rig's reported joints: at severity s anywhere up to 0.1 s · s, but not above Shadow's 0.05 s.</summary>
    /// <param name="seed">The same seed and severity give the same filter.</param>
    /// <param name="severity">0 to 1.</param>
    /// <returns>s; 0 is none.</returns>
    public static double DrawReportFilter(int seed, double severity) => Math.Min(1, 2 * severity) * ShadowFilter * new GaussianNoise(seed ^ FilterStream).NextUniform();

    private static double Chosen(GaussianNoise noise, double severity) => noise.NextUniform() < ChanceOfHaving * severity ? 1 : 0;

    // Zero is no limit.
    private static double Slower(double a, double b) => a == 0 ? b : b == 0 ? a : Math.Min(a, b);
}
