namespace Legato.Sim.Tasks;

/// <summary>How good a value is that should lie within bounds: 1 inside, falling smoothly outside.</summary>
/// <remarks>
/// The "gaussian" sigmoid of dm_control's <c>rewards.tolerance</c> with its value at the margin, as every term of RoboPianist uses it:
/// 0.1^((d/m)²) at distance d outside the bounds. Stateless and thread-safe.
/// </remarks>
public static class Tolerance
{
    /// <summary>The value at one margin outside the bounds.</summary>
    public const double ValueAtMargin = 0.1;

    private static readonly double Falloff = Math.Log(ValueAtMargin);

    /// <summary>Judges a value, 0..1.</summary>
    /// <param name="x">The value.</param>
    /// <param name="low">Lower bound.</param>
    /// <param name="high">Upper bound, not below <paramref name="low"/>.</param>
    /// <param name="margin">Distance from the bounds at which the result is <see cref="ValueAtMargin"/>, above 0; unit of <paramref name="x"/>.</param>
    public static double Gaussian(double x, double low, double high, double margin)
    {
        double outside = Math.Max(low - x, x - high);
        if (outside <= 0)
            return 1;
        double margins = outside / margin;
        return Math.Exp(Falloff * margins * margins);
    }
}
