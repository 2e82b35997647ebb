using Legato.Sim.Limits;

namespace Legato.Runtime.Safety;

/// <summary>Tells whether a measured pose can be true: a number for every actuator, and none farther from the last pose than it can have moved.</summary>
/// <remarks>
/// An actuator can be as far from its command as the guard lets it be, and jump back when it comes free; so it may have moved by its
/// following distance and, besides, by its rate times the time between. Where the limits do not bound these, numbers alone are checked.
/// Immutable; allocates nothing.
/// </remarks>
/// <param name="limits">What the guard allows.</param>
public sealed class PlausibilityCheck(MotionLimits limits)
{
    /// <summary>Index of the first actuator whose report cannot be true, or −1.</summary>
    /// <param name="last">The last pose that could.</param>
    /// <param name="reported">The reported one.</param>
    /// <param name="seconds">Time between them; its sign does not matter.</param>
    public int FindImplausible(ReadOnlySpan<double> last, ReadOnlySpan<double> reported, double seconds)
    {
        for (int i = 0; i < reported.Length; i++)
        {
            double reach = limits.Following[i] + (limits.Velocity[i] * Math.Abs(seconds));
            if (!double.IsFinite(reported[i]) || Math.Abs(reported[i] - last[i]) > reach)
                return i;
        }
        return -1;
    }
}
