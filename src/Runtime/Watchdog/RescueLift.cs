using Legato.Runtime.Safety;
using Legato.Sim;
using Legato.Sim.Limits;

namespace Legato.Runtime.Watchdog;

/// <summary>The lift of hands that somebody else has moved: from where they are measured, through the guard, to the raised pose.</summary>
/// <remarks>
/// The guard goes on from the last command and its rate, so that the way from there to the measured pose keeps to the limits too.
/// Where nothing is measured, the lift starts from the last command. For one thread; <see cref="Next"/> and <see cref="Progress"/> allocate nothing.
/// </remarks>
public sealed class RescueLift
{
    // Of the planned rise: what counts as raised, and what as the first motion, rad.
    private const double RaisedShare = 0.8, MotionThreshold = 0.01;

    private readonly Guard _guard;
    private readonly MinimumJerkMove _move;
    private readonly double[] _from, _raised, _target;
    private readonly double _dt;
    private int _cycle;

    /// <summary>Prepares a lift for a rig.</summary>
    /// <param name="limits">What the guard allows.</param>
    /// <param name="period">Time between two commands.</param>
    public RescueLift(MotionLimits limits, TimeSpan period)
    {
        _guard = new Guard(limits);
        int n = limits.Layout.Count;
        (_move, _from, _raised, _target) = (new MinimumJerkMove(n), new double[n], new double[n], new double[n]);
        _dt = period.TotalSeconds;
    }

    /// <summary>Planned length.</summary>
    public TimeSpan Duration => TimeSpan.FromSeconds(_move.Cycles * _dt);

    /// <summary>True once the raised pose is commanded.</summary>
    public bool IsCommanded => _guard.Sent.SequenceEqual(_move.Goal);

    /// <summary>What the guard changed so far.</summary>
    public GuardCounts Counts => _guard.Counts;

    /// <summary>Plans.</summary>
    /// <param name="sent">The last command of whoever moved the hands.</param>
    /// <param name="velocity">Its rate, per second.</param>
    /// <param name="measured">Measured positions of the actuators, NaN where unknown; empty when none is fresh.</param>
    /// <param name="lift">How the hands leave the keys.</param>
    public void Begin(ReadOnlySpan<double> sent, ReadOnlySpan<double> velocity, ReadOnlySpan<double> measured, LiftOptions lift)
    {
        MotionLimits limits = _guard.Limits;
        for (int i = 0; i < _from.Length; i++)
        {
            bool isKnown = !measured.IsEmpty && double.IsFinite(measured[i]);
            _from[i] = isKnown ? Math.Clamp(measured[i], limits.Lower[i], limits.Upper[i]) : sent[i];
        }
        _guard.Resume(sent, velocity);
        new LiftPlan(limits, lift).From(_from, _raised);
        _move.Plan(_from, _raised, limits, lift.Duration.TotalSeconds, _dt);
        _cycle = 1;
    }

    /// <summary>The next command.</summary>
    /// <param name="measured">As in <see cref="Begin"/>.</param>
    public ReadOnlySpan<double> Next(ReadOnlySpan<double> measured)
    {
        _move.At(_cycle++, _target);
        return _guard.Apply(_dt, measured, _target);
    }

    /// <summary>Whether something that is raised has moved already, and whether all of it has gone most of its way.</summary>
    /// <param name="measured">Measured positions of the actuators, NaN where unknown.</param>
    public (bool HasMoved, bool IsRaised) Progress(ReadOnlySpan<double> measured)
    {
        (bool hasMoved, bool isRaised) = (false, true);
        for (int i = 0; i < _from.Length; i++)
        {
            double rise = _from[i] - _raised[i], risen = _from[i] - measured[i];
            if (!(rise > MotionThreshold) || double.IsNaN(risen))
                continue;
            hasMoved |= risen > MotionThreshold;
            isRaised &= risen >= RaisedShare * rise;
        }
        return (hasMoved, isRaised);
    }
}
