using Legato.RobotDriver;
using Legato.Runtime.Safety;
using Legato.Sim.Limits;

namespace Legato.Runtime.Loop;

/// <summary>Where the robot is, as far as its reports can be true.</summary>
/// <remarks>For one thread. Nothing is allocated after construction.</remarks>
/// <param name="robot">Reports.</param>
/// <param name="limits">What its actuators can do; names them.</param>
/// <param name="oldest">Age above which a report is of no use.</param>
internal sealed class MeasuredState(IRobot robot, MotionLimits limits, TimeSpan oldest)
{
    private readonly StateWatchdog _watchdog = new(oldest);
    private readonly ActuatorMap _map = new(robot.Actuators, robot.Joints);
    private readonly PlausibilityCheck _plausibility = new(limits);
    private readonly RobotState _report = new(robot.Joints);
    private readonly double[] _positions = new double[robot.Actuators.Count], _reported = new double[robot.Actuators.Count];

    /// <summary>The newest report that can be true.</summary>
    public RobotState Newest { get; } = new(robot.Joints);

    /// <summary>Its positions, one per actuator.</summary>
    public ReadOnlySpan<double> Positions => _positions;

    /// <summary>Whether the newest report cannot be true.</summary>
    public bool IsRejected { get; private set; }

    /// <summary>Waits for a report that is new.</summary>
    /// <param name="period">Between two looks.</param>
    /// <exception cref="InputException">None comes.</exception>
    public void ReadFresh(TimeSpan period)
    {
        StartPose.ReadFresh(robot, Newest, _watchdog, period);
        _map.Positions(Newest, _positions);
    }

    /// <summary>Takes the newest report, unless it cannot be true: then the last one that could stays, and grows old.</summary>
    /// <param name="odd">The actuator that cannot be where it is reported, where the report before it could be true; else −1.</param>
    public bool TryRead(out int odd)
    {
        odd = -1;
        // What overtook another on its way is newer; what was overtaken is of no use any more.
        if (!robot.TryRead(_report) || _report.Stamp < Newest.Stamp)
            return false;
        _map.Positions(_report, _reported);
        int implausible = _plausibility.FindImplausible(_positions, _reported, (_report.Stamp - Newest.Stamp) * 1e-9);
        odd = IsRejected ? -1 : implausible;
        IsRejected = implausible >= 0;
        if (IsRejected)
            return false;
        _report.CopyTo(Newest);
        _reported.CopyTo(_positions, 0);
        return true;
    }

    /// <summary>Whether <see cref="Newest"/> is too old to act on.</summary>
    public bool IsStale(long now) => _watchdog.IsStale(now, Newest.Stamp);
}
