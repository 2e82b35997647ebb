using Legato.Sim.Limits;
using Legato.Sim.Scene;

namespace Legato.Policy.Limits;

/// <summary>Low ≤ offset + Σ cₖ·x[start + k] ≤ high.</summary>
internal readonly record struct Bound(int Start, double[] Coefficients, double Offset, double Low, double High)
{
    /// <summary>Whether values keep to it.</summary>
    public bool Holds(double[] values)
    {
        double sum = Offset;
        for (int k = 0; k < Coefficients.Length; k++)
            sum += Coefficients[k] * values[Start + k];
        return sum >= Low && sum <= High;
    }
}

/// <summary>Commands of one actuator over some steps.</summary>
/// <param name="Actuator">Which one.</param>
/// <param name="Before">The two commands before; none at the start of a table, which begins at rest.</param>
/// <param name="Values">The commands that may change.</param>
/// <param name="After">The two commands after; none at the end of a table, where it has to be possible to stop.</param>
internal sealed record Motion(int Actuator, double[] Before, double[] Values, double[] After)
{
    // The acceleration limits of slow rails would make hundreds of rows of one step.
    private const int MostStops = 6;

    /// <summary>Range, rate and change of rate, all of them smaller by a share.</summary>
    public IEnumerable<Bound> Bounds(MotionLimits limits, double headRoom)
    {
        double range = headRoom * (limits.Upper[Actuator] - limits.Lower[Actuator]);
        double lower = limits.Lower[Actuator] + range, upper = limits.Upper[Actuator] - range;
        double rate = (1 - headRoom) * limits.Velocity[Actuator] * SceneOptions.ControlPeriod, change = (1 - headRoom) * StepChange(limits, Actuator);
        for (int t = 0; t < Values.Length; t++)
            yield return new Bound(t, [1], 0, lower, upper);

        // One series of what is given and what is sought.
        double[] series = [.. Before, .. Values, .. After];
        for (int i = 1; i < series.Length; i++)
        {
            if (Difference(series, [-1, 1], i - 1, rate) is { } first)
                yield return first;
            if (i > 1 && Difference(series, [1, -2, 1], i - 2, change) is { } second)
                yield return second;
        }
        if (Before.Length == 0 && series.Length > 1 && Difference(series, [-1, 1], 0, change) is { } start)
            yield return start;
        if (After.Length == 0 && series.Length > 1 && Difference(series, [-1, 1], series.Length - 2, change) is { } end)
            yield return end;
    }

    /// <summary>Bounds of two whole tables' rails, right and left in turn: in every step both can still stop before they meet.</summary>
    /// <remarks>A distance of stopping is the largest of n·step − change·n(n − 1)/2, so each pair of n is a linear bound.</remarks>
    public static IEnumerable<Bound> Apart(MotionLimits limits, int steps, double headRoom)
    {
        int right = limits.RightRail, left = limits.LeftRail;
        double offset = limits.RailOffset - limits.MinimumSeparation - (headRoom * Math.Max(1, limits.MinimumSeparation));
        for (int t = 0; t < steps; t++)
        {
            yield return new Bound(2 * t, [1, -1], offset, 0, double.PositiveInfinity);
            for (int n = 0; t > 0 && n <= Stops(limits, right); n++)
            {
                for (int m = 0; m <= Stops(limits, left); m++)
                {
                    double saved = Saved(n, StepChange(limits, right)) + Saved(m, StepChange(limits, left));
                    if (n + m > 0)
                        yield return new Bound(2 * (t - 1), [1 - n, m - 1, n, -m], offset + saved, 0, double.PositiveInfinity);
                }
            }
        }
    }

    private static double StepChange(MotionLimits limits, int actuator) =>
        limits.Acceleration[actuator] * SceneOptions.ControlPeriod * SceneOptions.ControlPeriod;

    private static int Stops(MotionLimits limits, int actuator)
    {
        double longest = Math.Min(limits.Velocity[actuator] * SceneOptions.ControlPeriod, limits.Upper[actuator] - limits.Lower[actuator]);
        return (int)Math.Clamp(Math.Ceiling(longest / StepChange(limits, actuator)), 1, MostStops);
    }

    private static double Saved(int steps, double change) => steps > 1 ? change * steps * (steps - 1) / 2 : 0;

    // Null where all of it is given, or anything goes.
    private Bound? Difference(double[] series, double[] coefficients, int first, double most)
    {
        int given = Before.Length, from = Math.Max(first, given), to = Math.Min(first + coefficients.Length, given + Values.Length);
        if (from >= to || double.IsInfinity(most))
            return null;
        double offset = 0;
        for (int k = 0; k < coefficients.Length; k++)
            offset += first + k < from || first + k >= to ? coefficients[k] * series[first + k] : 0;
        return new Bound(from - given, coefficients[(from - first)..(to - first)], offset, -most, most);
    }
}
