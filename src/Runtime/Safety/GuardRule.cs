using Legato.Sim.Limits;

namespace Legato.Runtime.Safety;

/// <summary>
/// The guard's arithmetic: which command may follow the last one. Pure functions, no state, no allocation.
/// </summary>
/// <remarks>
/// A command moves only as fast as it can still be stopped, at the acceleration limit, before its range ends and before the
/// hands meet. Kept from one cycle to the next, that makes every limit satisfiable in every later cycle: position, separation,
/// velocity and acceleration never contradict each other. When the caller breaks the premise (a period that changes, a start
/// outside the range) position, separation and velocity still hold, and the acceleration gives way. A command that starts
/// outside its range moves in at the allowed rates and never further out.
/// </remarks>
public static class GuardRule
{
    /// <summary>Limits one command vector.</summary>
    /// <param name="limits">Limits; all spans have their layout.</param>
    /// <param name="dt">Seconds from the last command to this one, &gt; 0.</param>
    /// <param name="last">The last command, as it was sent.</param>
    /// <param name="velocity">Rate of the last command, per second.</param>
    /// <param name="measured">Measured positions, NaN where unknown; empty when none is fresh.</param>
    /// <param name="target">What is wanted; may hold anything.</param>
    /// <param name="sent">Receives the command.</param>
    /// <param name="reasons">Receives why each entry differs from its target.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="dt"/> is not above zero.</exception>
    public static void Apply(
        MotionLimits limits,
        double dt,
        ReadOnlySpan<double> last,
        ReadOnlySpan<double> velocity,
        ReadOnlySpan<double> measured,
        ReadOnlySpan<double> target,
        Span<double> sent,
        Span<GuardReasons> reasons)
    {
        if (!(dt > 0) || !double.IsFinite(dt))
            throw new ArgumentOutOfRangeException(nameof(dt), dt, "must be a finite time above zero");

        for (int i = 0; i < target.Length; i++)
        {
            double position = measured.IsEmpty ? double.NaN : measured[i];
            sent[i] = Limit(limits, i, dt, last[i], velocity[i], position, target[i], double.PositiveInfinity, double.PositiveInfinity, out reasons[i]);
        }

        int right = limits.RightRail, left = limits.LeftRail;
        if (right < 0)
            return;
        // The right hand decides first and leaves the left one the room that it needs to stop; the left one gets what remains.
        double gap = limits.SeparationIn(last) - limits.MinimumSeparation;
        double leftStep = Math.Max(0, (velocity[left] * dt) - StepChange(limits, left, dt));
        double room = gap - StoppingDistance(leftStep, StepChange(limits, left, dt));
        sent[right] = Limit(limits, right, dt, last[right], velocity[right], measured.IsEmpty ? double.NaN : measured[right], target[right], room, double.PositiveInfinity, out reasons[right]);

        room = gap - StoppingDistance(last[right] - sent[right], StepChange(limits, right, dt));
        sent[left] = Limit(limits, left, dt, last[left], velocity[left], measured.IsEmpty ? double.NaN : measured[left], target[left], double.PositiveInfinity, room, out reasons[left]);
    }

    /// <summary>Distance covered when a step is followed by ever smaller ones, each <paramref name="change"/> less, down to none.</summary>
    /// <param name="step">First step, included in the distance; the distance of one that is not above 0 is 0.</param>
    /// <param name="change">How much smaller each next step can be, &gt; 0.</param>
    public static double StoppingDistance(double step, double change)
    {
        // Stryker disable once Equality: the distance of 0 is 0 either way; written so that NaN has none
        if (!(step > 0))
            return 0;
        double steps = Math.Max(1, Math.Ceiling(step / change));
        return steps == 1 ? step : (steps * step) - (change * steps * (steps - 1) / 2);
    }

    /// <summary>Largest first step that still stops within a distance: the inverse of <see cref="StoppingDistance"/>.</summary>
    /// <param name="distance">Room, ≥ 0.</param>
    /// <param name="change">How much smaller each next step can be, &gt; 0.</param>
    public static double LargestStep(double distance, double change)
    {
        double steps = Math.Ceiling((Math.Sqrt(1 + (8 * distance / change)) - 1) / 2);
        // Stryker disable once Equality: a single step is the distance either way
        return steps > 1 && double.IsFinite(steps) ? (distance / steps) + (change * (steps - 1) / 2) : distance;
    }

    private static double StepChange(MotionLimits limits, int i, double dt) => limits.Acceleration[i] * dt * dt;

    private static double Limit(
        MotionLimits limits, int i, double dt, double last, double velocity, double measured, double target,
        double roomBelow, double roomAbove, out GuardReasons reasons)
    {
        reasons = GuardReasons.None;
        double lower = limits.Lower[i], upper = limits.Upper[i];

        // Where to: the target, in range, near the joint, away from the other hand.
        double want = target;
        if (!double.IsFinite(want))
        {
            reasons = GuardReasons.NotFinite;
            want = last;
        }
        want = Clamp(want, lower, upper, GuardReasons.Position, ref reasons);
        if (double.IsFinite(measured))
        {
            double reach = limits.Following[i];
            want = Clamp(want, Math.Min(measured - reach, upper), Math.Max(measured + reach, lower), GuardReasons.Following, ref reasons);
        }
        double lowest = Math.Max(lower, last - roomBelow), highest = Math.Min(upper, last + roomAbove);
        want = Clamp(want, lowest, highest, GuardReasons.Separation, ref reasons);

        // How far in this cycle: the rate, its change, and no faster than can be stopped in time.
        double full = want - last, previous = velocity * dt;
        double rate = limits.Velocity[i] * dt, change = StepChange(limits, i, dt);
        double step = Clamp(full, -rate, rate, GuardReasons.Velocity, ref reasons);
        step = Clamp(step, previous - change, previous + change, GuardReasons.Acceleration, ref reasons);
        double down = LargestStep(Math.Max(0, last - lowest), change);
        double up = LargestStep(Math.Max(0, highest - last), change);
        step = Clamp(step, -down, up, GuardReasons.Acceleration, ref reasons);

        // An unhindered target is sent bit by bit as it came.
        double result = step == full ? want : last + step;
        return Math.Min(Math.Max(result, Math.Min(lower, last)), Math.Max(upper, last));
    }

    private static double Clamp(double value, double min, double max, GuardReasons reason, ref GuardReasons reasons)
    {
        double clamped = Math.Min(Math.Max(value, min), max);
        if (clamped != value)
            reasons |= reason;
        return clamped;
    }
}
