using System.Collections.Immutable;

using Legato.Sim.Scene;

namespace Legato.SystemId.Excitation;

/// <summary>Puts a block together: moves, holds, waves. It begins in the rest pose and <see cref="Build"/> returns there.</summary>
/// <remarks>Moves keep the limits by their duration; waves are the caller's. One thread at a time.</remarks>
public sealed class BlockBuilder
{
    // Peaks of the minimum-jerk polynomial 10t³ − 15t⁴ + 6t⁵ over unit time and distance.
    private const double PeakVelocity = 1.875, PeakAcceleration = 5.7736;

    // Of the limits' rates: sampling at 20 Hz and adding waves must not exceed them.
    private const double Share = 0.9;

    private const double Period = SceneOptions.ControlPeriod;

    private readonly ExcitationLimits _limits;
    private readonly double[] _rest;
    private readonly List<double[]> _rows;

    /// <summary>Begins at rest.</summary>
    /// <param name="limits">What to keep.</param>
    /// <param name="rest">The rest pose.</param>
    public BlockBuilder(ExcitationLimits limits, ReadOnlySpan<double> rest)
    {
        (_limits, _rest) = (limits, rest.ToArray());
        // Two rows, so that the block begins without speed.
        _rows = [[.. _rest], [.. _rest]];
    }

    /// <summary>The pose so far.</summary>
    public ReadOnlySpan<double> Pose => _rows[^1];

    /// <summary>Moves smoothly, as fast as the limits allow or slower.</summary>
    /// <param name="pose">Where to.</param>
    /// <param name="atLeast">Shortest duration, s.</param>
    public BlockBuilder MoveTo(ReadOnlySpan<double> pose, double atLeast = 0)
    {
        double[] from = _rows[^1], to = pose.ToArray();
        double duration = Math.Max(atLeast, Period);
        for (int i = 0; i < to.Length; i++)
        {
            double distance = Math.Abs(to[i] - from[i]);
            duration = Math.Max(duration, PeakVelocity * distance / (Share * _limits.Velocity[i]));
            duration = Math.Max(duration, Math.Sqrt(PeakAcceleration * distance / (Share * _limits.Acceleration[i])));
        }
        int steps = (int)Math.Ceiling(duration / Period);
        for (int k = 1; k <= steps; k++)
        {
            double t = (double)k / steps, share = t * t * t * (10 + (t * ((6 * t) - 15)));
            _rows.Add([.. to.Select((goal, i) => k == steps ? goal : from[i] + (share * (goal - from[i])))]);
        }
        return this;
    }

    /// <summary>Moves at constant speed: the fastest that the limits allow at once, or slower.</summary>
    /// <param name="pose">Where to.</param>
    /// <param name="atLeast">Shortest duration, s.</param>
    public BlockBuilder RampTo(ReadOnlySpan<double> pose, double atLeast = 0)
    {
        double[] from = _rows[^1], to = pose.ToArray();
        double duration = Math.Max(atLeast, Period);
        for (int i = 0; i < to.Length; i++)
        {
            // Half of the change that is allowed within a step: a ramp may turn around at once.
            double fastest = Share * Math.Min(_limits.Velocity[i], 0.5 * _limits.Acceleration[i] * Period);
            duration = Math.Max(duration, Math.Abs(to[i] - from[i]) / fastest);
        }
        int steps = (int)Math.Ceiling((duration / Period) - 1e-9);
        for (int k = 1; k <= steps; k++)
        {
            double share = (double)k / steps;
            _rows.Add([.. to.Select((goal, i) => k == steps ? goal : from[i] + (share * (goal - from[i])))]);
        }
        return this;
    }

    /// <summary>Stays.</summary>
    public BlockBuilder Hold(double seconds)
    {
        for (int k = 0; k < (int)Math.Round(seconds / Period); k++)
            _rows.Add([.. _rows[^1]]);
        return this;
    }

    /// <summary>Moves around the pose so far.</summary>
    /// <param name="seconds">How long.</param>
    /// <param name="wave">Distance of an actuator from there at a time since the beginning, s; zero at both ends.</param>
    public BlockBuilder Wave(double seconds, Func<int, double, double> wave)
    {
        double[] centre = _rows[^1];
        int steps = (int)Math.Round(seconds / Period);
        for (int k = 1; k <= steps; k++)
            _rows.Add([.. centre.Select((value, i) => k == steps ? value : value + wave(i, k * Period))]);
        return this;
    }

    /// <summary>Follows given targets, all of them.</summary>
    public BlockBuilder Follow(IEnumerable<double[]> targets)
    {
        foreach (double[] row in targets)
            _rows.Add([.. row]);
        return this;
    }

    /// <summary>Returns to rest and ends.</summary>
    /// <param name="label">See <see cref="ExcitationBlock.Label"/>.</param>
    /// <param name="kind">What the block does.</param>
    /// <param name="keys">Keys that may be touched.</param>
    public ExcitationBlock Build(string label, ExcitationKind kind, params IEnumerable<int> keys)
    {
        MoveTo(_rest);
        // A lagging report has time to arrive before the next block.
        Hold(0.15);
        return new ExcitationBlock(label, kind, [.. _rows], keys.ToImmutableHashSet());
    }
}
