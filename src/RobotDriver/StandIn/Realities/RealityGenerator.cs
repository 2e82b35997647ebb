using System.Globalization;

using Legato.Sim.Parameters;

namespace Legato.RobotDriver.StandIn;

/// <summary>Draws realities at random, to test on rigs that nobody has designed.</summary>
/// <remarks>
/// Severity scales every departure from the simulator. Parameters are those of <see cref="ParameterDoubts"/>; zeros of sensors err by 1.5° at severity 1,
/// parameters and effects together. Stateless.
/// </remarks>
public static class RealityGenerator
{
    // Keeps the tips of coupled fingers straight within a degree or so under a key's force, N·m/rad.
    private const double TipLast = 2;

    /// <summary>Draws a reality.</summary>
    /// <param name="seed">The same seed and severity give the same reality.</param>
    /// <param name="severity">0 (the simulator) to 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The severity is outside its range, or the seed negative.</exception>
    public static Reality Generate(int seed, double severity)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(seed);
        return new Reality
        {
            Name = string.Create(CultureInfo.InvariantCulture, $"generated-{seed}-{severity}"),
            Seed = seed,
            Parameters = ParameterDoubts.Draw(seed, severity).With("hands.coupling", severity >= 0.5 ? TipLast : 0),
            Effects = new RealityEffects
            {
                ReportFilter = 0.05 * severity,
                ReportQuantisation = severity > 0,
                ReportNoise = severity,
                CommandJitter = 0.003 * severity,
                CalibrationSpread = 0.012 * severity,
                ActivationSpread = 0.01 * severity,
                HeatRise = 60 * severity,
            },
        };
    }
}
