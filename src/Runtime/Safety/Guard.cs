using Legato.Sim.Limits;

namespace Legato.Runtime.Safety;

/// <summary>
/// Stands between a policy and a robot: remembers what was sent and lets <see cref="GuardRule"/> decide what may follow.
/// </summary>
/// <remarks>For one thread. Nothing is allocated after construction.</remarks>
public sealed class Guard
{
    private readonly double[] _velocity, _next, _sent;
    private readonly GuardReasons[] _reasons;
    private readonly IClearance? _clearance;
    private long _clamped, _refused, _decided;
    private double _slack;

    /// <summary>Creates a guard; call <see cref="Reset"/> before the first <see cref="Apply"/>.</summary>
    /// <param name="limits">What each actuator may do.</param>
    /// <param name="clearance">How much room a command leaves; null where nobody knows. It stays the caller's.</param>
    public Guard(MotionLimits limits, IClearance? clearance = null)
    {
        (Limits, _clearance) = (limits, clearance);
        int n = limits.Layout.Count;
        (_velocity, _next, _sent, _reasons) = (new double[n], new double[n], new double[n], new GuardReasons[n]);
    }

    /// <summary>The limits that hold.</summary>
    public MotionLimits Limits { get; }

    /// <summary>The last command, as it was sent.</summary>
    public ReadOnlySpan<double> Sent => _sent;

    /// <summary>Rate of <see cref="Sent"/>, per second.</summary>
    public ReadOnlySpan<double> Velocity => _velocity;

    /// <summary>Why each entry of <see cref="Sent"/> differs from its target.</summary>
    public ReadOnlySpan<GuardReasons> Reasons => _reasons;

    /// <summary>What was done since the last <see cref="Reset"/>.</summary>
    public GuardCounts Counts => new(_clamped, _refused);

    /// <summary>Share of all targets since the last <see cref="Reset"/> that were not sent as they were, 0..1.</summary>
    public double ChangedShare => _decided == 0 ? 0 : (double)(_clamped + _refused) / _decided;

    /// <summary>Begins at rest in a pose: the measured one.</summary>
    public void Reset(ReadOnlySpan<double> pose)
    {
        pose.CopyTo(_sent);
        Array.Clear(_velocity);
        Array.Clear(_reasons);
        (_clamped, _refused, _decided) = (0, 0, 0);
        _slack = _clearance?.Slack(_sent) ?? 0;
    }

    /// <summary>Goes on where another guard was interrupted, in motion.</summary>
    /// <param name="sent">The last command.</param>
    /// <param name="velocity">Its rate, per second.</param>
    public void Resume(ReadOnlySpan<double> sent, ReadOnlySpan<double> velocity)
    {
        Reset(sent);
        velocity.CopyTo(_velocity);
    }

    /// <summary>How much of the allowed distance from the measured joints the last command uses, the largest of all actuators: 1 is all of it.</summary>
    /// <param name="measured">Measured positions of the actuators.</param>
    public double FollowingShare(ReadOnlySpan<double> measured)
    {
        double largest = 0;
        for (int i = 0; i < _sent.Length; i++)
            largest = Math.Max(largest, Math.Abs(_sent[i] - measured[i]) / Limits.Following[i]);
        return largest;
    }

    /// <summary>Decides the next command; read it from <see cref="Sent"/>.</summary>
    /// <param name="dt">Seconds since the last one, &gt; 0.</param>
    /// <param name="measured">Measured positions of the actuators; empty when none is fresh.</param>
    /// <param name="target">What is wanted.</param>
    /// <param name="isLift">Whether this takes the hands off the keys: that goes on even where room is short.</param>
    public ReadOnlySpan<double> Apply(double dt, ReadOnlySpan<double> measured, ReadOnlySpan<double> target, bool isLift = false)
    {
        GuardRule.Apply(Limits, dt, _sent, _velocity, measured, target, _next, _reasons);
        if (_clearance is not null)
            KeepClear(_clearance, isLift);
        for (int i = 0; i < _next.Length; i++)
        {
            _velocity[i] = (_next[i] - _sent[i]) / dt;
            if ((_reasons[i] & GuardReasons.NotFinite) != 0)
                _refused++;
            else if (_reasons[i] != GuardReasons.None)
                _clamped++;
        }
        _decided += _next.Length;
        _next.CopyTo(_sent, 0);
        return _sent;
    }

    /// <summary>Whatever leaves too little room, and less than before, is not sent: first the rails stay where they are, then everything does.</summary>
    private void KeepClear(IClearance clearance, bool isLift)
    {
        if (isLift || IsClear(clearance))
            return;
        if (Limits.RightRail >= 0)
        {
            Hold(Limits.RightRail);
            Hold(Limits.LeftRail);
            if (IsClear(clearance))
                return;
        }
        for (int i = 0; i < _next.Length; i++)
            Hold(i);
    }

    private bool IsClear(IClearance clearance)
    {
        double slack = clearance.Slack(_next);
        // Who is too near already may go, but not nearer.
        bool isClear = slack >= Math.Min(0, _slack);
        if (isClear)
            _slack = slack;
        return isClear;
    }

    // A stop within one cycle: room is worth more than a gentle brake.
    private void Hold(int actuator)
    {
        if (_next[actuator] == _sent[actuator])
            return;
        _next[actuator] = _sent[actuator];
        _reasons[actuator] |= GuardReasons.Clearance;
    }
}
