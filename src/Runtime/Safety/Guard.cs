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
    private long _clamped, _refused;

    /// <summary>Creates a guard; call <see cref="Reset"/> before the first <see cref="Apply"/>.</summary>
    public Guard(MotionLimits limits)
    {
        Limits = limits;
        int n = limits.Layout.Count;
        (_velocity, _next, _sent, _reasons) = (new double[n], new double[n], new double[n], new GuardReasons[n]);
    }

    /// <summary>The limits that hold.</summary>
    public MotionLimits Limits { get; }

    /// <summary>The last command, as it was sent.</summary>
    public ReadOnlySpan<double> Sent => _sent;

    /// <summary>Why each entry of <see cref="Sent"/> differs from its target.</summary>
    public ReadOnlySpan<GuardReasons> Reasons => _reasons;

    /// <summary>What was done since the last <see cref="Reset"/>.</summary>
    public GuardCounts Counts => new(_clamped, _refused);

    /// <summary>Begins at rest in a pose: the measured one.</summary>
    public void Reset(ReadOnlySpan<double> pose)
    {
        pose.CopyTo(_sent);
        Array.Clear(_velocity);
        Array.Clear(_reasons);
        (_clamped, _refused) = (0, 0);
    }

    /// <summary>Decides the next command; read it from <see cref="Sent"/>.</summary>
    /// <param name="dt">Seconds since the last one, &gt; 0.</param>
    /// <param name="measured">Measured positions of the actuators; empty when none is fresh.</param>
    /// <param name="target">What is wanted.</param>
    public ReadOnlySpan<double> Apply(double dt, ReadOnlySpan<double> measured, ReadOnlySpan<double> target)
    {
        GuardRule.Apply(Limits, dt, _sent, _velocity, measured, target, _next, _reasons);
        for (int i = 0; i < _next.Length; i++)
        {
            _velocity[i] = (_next[i] - _sent[i]) / dt;
            if ((_reasons[i] & GuardReasons.NotFinite) != 0)
                _refused++;
            else if (_reasons[i] != GuardReasons.None)
                _clamped++;
        }
        _next.CopyTo(_sent, 0);
        return _sent;
    }
}
