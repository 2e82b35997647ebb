namespace Legato.RobotDriver.Chaos;

/// <summary>Reports that never arrive.</summary>
/// <param name="window">When.</param>
/// <param name="share">Probability that one is lost, 0..1.</param>
public sealed class DropReports(FaultWindow window, double share) : RobotFault("drop_reports", window)
{
    private Random _random = new(0);

    /// <inheritdoc/>
    public override void Bind(IRobot robot, int seed) => _random = new Random(seed);

    /// <inheritdoc/>
    public override bool OnReport(bool open, long now, RobotState report, bool fresh) => fresh && !(open && _random.NextDouble() < share);
}

/// <summary>Reports that take longer; their stamps stay those of the measurement.</summary>
/// <param name="window">When.</param>
/// <param name="delay">By how much, above 0.</param>
public sealed class DelayReports(FaultWindow window, TimeSpan delay) : RobotFault("delay_reports", window)
{
    // At 20 Hz a delay of 3 s: far beyond what any run survives.
    private const int Capacity = 64;

    private readonly long _delay = delay.Ticks * TimeSpan.NanosecondsPerTick;
    private RobotState[] _waiting = [];
    private readonly long[] _due = new long[Capacity];
    private long _added, _taken;

    /// <inheritdoc/>
    public override void Bind(IRobot robot, int seed) => _waiting = [.. Enumerable.Range(0, Capacity).Select(_ => new RobotState(robot.Joints))];

    /// <inheritdoc/>
    public override bool OnReport(bool open, long now, RobotState report, bool fresh)
    {
        if (!open)
        {
            _taken = _added;
            return fresh;
        }
        if (fresh && _added - _taken < Capacity)
        {
            report.CopyTo(_waiting[_added % Capacity]);
            _due[_added++ % Capacity] = now + _delay;
        }
        bool any = false;
        // The newest of those that have arrived by now, as a driver that keeps the last one has it.
        for (; _taken < _added && _due[_taken % Capacity] <= now; _taken++)
        {
            _waiting[_taken % Capacity].CopyTo(report);
            any = true;
        }
        return any;
    }
}

/// <summary>Every second report is the one before it once more, stamp included.</summary>
/// <param name="window">When.</param>
public sealed class DuplicateReports(FaultWindow window) : RobotFault("duplicate_reports", window)
{
    private RobotState? _last;
    private bool _repeat;

    /// <inheritdoc/>
    public override void Bind(IRobot robot, int seed) => _last = new RobotState(robot.Joints);

    /// <inheritdoc/>
    public override bool OnReport(bool open, long now, RobotState report, bool fresh)
    {
        _repeat = open && fresh && !_repeat;
        if (open && fresh && !_repeat)
            _last!.CopyTo(report);
        else if (fresh)
            report.CopyTo(_last!);
        return fresh;
    }
}

/// <summary>Of four reports, the second arrives after the third, in place of the fourth.</summary>
/// <param name="window">When.</param>
public sealed class ReorderReports(FaultWindow window) : RobotFault("reorder_reports", window)
{
    private RobotState? _older;
    private int _place;

    /// <inheritdoc/>
    public override void Bind(IRobot robot, int seed) => _older = new RobotState(robot.Joints);

    /// <inheritdoc/>
    public override bool OnReport(bool open, long now, RobotState report, bool fresh)
    {
        if (!open || !fresh)
        {
            _place = open ? _place : 0;
            return fresh;
        }
        switch (_place++ % 4)
        {
            case 1:
                report.CopyTo(_older!);
                return false;
            case 3:
                _older!.CopyTo(report);
                return true;
            default:
                return true;
        }
    }
}

/// <summary>The driver repeats its last report, with that report's stamp: the hand is gone, the driver is not.</summary>
/// <param name="window">When.</param>
public sealed class StaleReports(FaultWindow window) : RobotFault("stale_reports", window)
{
    private RobotState? _last;
    private bool _held;

    /// <inheritdoc/>
    public override void Bind(IRobot robot, int seed) => _last = new RobotState(robot.Joints);

    /// <inheritdoc/>
    public override bool OnReport(bool open, long now, RobotState report, bool fresh)
    {
        if (open && _held)
            _last!.CopyTo(report);
        else if (fresh)
            report.CopyTo(_last!);
        _held |= fresh;
        return fresh || (open && _held);
    }
}

/// <summary>Joints whose sensors stand still while their stamps go on.</summary>
/// <param name="window">When.</param>
/// <param name="joint">Name of the joint; null for all of them.</param>
public sealed class FreezeJoint(FaultWindow window, string? joint) : RobotFault("freeze_joint", window)
{
    private double[] _frozen = [];
    private int _index = -1;
    private bool _isFrozen;

    /// <inheritdoc/>
    public override void Bind(IRobot robot, int seed)
    {
        _frozen = new double[robot.Joints.Count];
        _index = joint is null ? -1 : Find(robot.Joints, joint);
    }

    /// <inheritdoc/>
    public override bool OnReport(bool open, long now, RobotState report, bool fresh)
    {
        if (!fresh)
            return false;
        if (!open || !_isFrozen)
            report.Positions.CopyTo(_frozen, 0);
        _isFrozen = open;
        if (!open)
            return true;
        (int from, int to) = _index < 0 ? (0, _frozen.Length) : (_index, _index + 1);
        for (int i = from; i < to; i++)
            (report.Positions[i], report.Velocities[i]) = (_frozen[i], 0);
        return true;
    }
}

/// <summary>Two joints that are taken for each other: a cable in the wrong socket.</summary>
/// <param name="window">When.</param>
/// <param name="joint">One joint.</param>
/// <param name="other">The other.</param>
public sealed class SwapJoints(FaultWindow window, string joint, string other) : RobotFault("swap_joints", window)
{
    private int _first, _second;

    /// <inheritdoc/>
    public override void Bind(IRobot robot, int seed) => (_first, _second) = (Find(robot.Joints, joint), Find(robot.Joints, other));

    /// <inheritdoc/>
    public override bool OnReport(bool open, long now, RobotState report, bool fresh)
    {
        if (open && fresh)
        {
            (report.Positions[_first], report.Positions[_second]) = (report.Positions[_second], report.Positions[_first]);
            (report.Velocities[_first], report.Velocities[_second]) = (report.Velocities[_second], report.Velocities[_first]);
        }
        return fresh;
    }
}

/// <summary>A joint that is reported with the wrong sign, or off by an angle: wrong calibration, an encoder that wraps.</summary>
/// <param name="kind">Its kind.</param>
/// <param name="window">When.</param>
/// <param name="joint">The joint.</param>
/// <param name="factor">Its position is multiplied by this.</param>
/// <param name="offset">Then this is added, rad or m; NaN for a sensor that gives no number.</param>
public sealed class DistortJoint(string kind, FaultWindow window, string joint, double factor, double offset) : RobotFault(kind, window)
{
    private int _index;

    /// <inheritdoc/>
    public override void Bind(IRobot robot, int seed) => _index = Find(robot.Joints, joint);

    /// <inheritdoc/>
    public override bool OnReport(bool open, long now, RobotState report, bool fresh)
    {
        if (open && fresh)
        {
            report.Positions[_index] = (factor * report.Positions[_index]) + offset;
            report.Velocities[_index] *= factor;
        }
        return fresh;
    }
}

/// <summary>The clock behind the stamps jumps.</summary>
/// <param name="window">When.</param>
/// <param name="by">By how much, forwards or backwards.</param>
public sealed class ClockJump(FaultWindow window, TimeSpan by) : RobotFault("clock_jump", window)
{
    private readonly long _by = by.Ticks * TimeSpan.NanosecondsPerTick;

    /// <inheritdoc/>
    public override bool OnReport(bool open, long now, RobotState report, bool fresh)
    {
        if (open && fresh)
            report.Stamp += _by;
        return fresh;
    }
}

/// <summary>The driver fails while it is asked for a report.</summary>
/// <param name="window">When.</param>
public sealed class FailReading(FaultWindow window) : RobotFault("fail_reading", window)
{
    /// <inheritdoc/>
    public override bool OnReport(bool open, long now, RobotState report, bool fresh) =>
        open ? throw new IOException("injected: the driver cannot read joint states") : fresh;
}
