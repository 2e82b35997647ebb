using Legato.Sim;

namespace Legato.RobotDriver.Chaos;

/// <summary>Which part of a rig is unplugged.</summary>
public enum RigDevice
{
    /// <summary>Both hands: no reports, commands do not arrive.</summary>
    Hands,

    /// <summary>Both rails.</summary>
    Rails,

    /// <summary>The keyboard.</summary>
    Keyboard,
}

/// <summary>
/// A device that is unplugged and, at the end of the window, plugged in again. As a driver has it that reconnects: the state's
/// stamp stands still meanwhile, keys that were down are released, and commands of the time between are not sent afterwards.
/// </summary>
/// <param name="window">When.</param>
/// <param name="device">The device.</param>
public sealed class Unplug(FaultWindow window, RigDevice device) : RobotFault("unplug", window)
{
    private readonly bool[] _down = new bool[byte.MaxValue + 1];
    private bool[] _joints = [], _actuators = [];
    private double[] _command = [];
    private RobotState? _last;
    private bool _hasCommand, _wasOpen;
    private int _released;

    /// <inheritdoc/>
    public override void Bind(IRobot robot, int seed)
    {
        _joints = BelongsTo(robot.Joints);
        _actuators = BelongsTo(robot.Actuators);
        _command = new double[robot.Actuators.Count];
        _last = new RobotState(robot.Joints);
    }

    /// <inheritdoc/>
    public override bool OnReport(bool open, long now, RobotState report, bool fresh)
    {
        if (device == RigDevice.Keyboard || !fresh)
            return fresh;
        if (!open)
        {
            report.CopyTo(_last!);
            return true;
        }
        // The other parts go on reporting; the oldest part's stamp is the state's.
        for (int i = 0; i < _joints.Length; i++)
        {
            if (_joints[i])
                (report.Positions[i], report.Velocities[i]) = (_last!.Positions[i], _last.Velocities[i]);
        }
        report.Stamp = _last!.Stamp;
        return true;
    }

    /// <inheritdoc/>
    public override int OnCommand(bool open, long now, Span<double> command, ref double pedal)
    {
        for (int i = 0; i < command.Length; i++)
        {
            if (open && _hasCommand && _actuators[i])
                command[i] = _command[i];
            else
                _command[i] = command[i];
        }
        _hasCommand = true;
        return 1;
    }

    /// <inheritdoc/>
    public override bool OnKey(bool open, long now, ref KeyEvent key)
    {
        if (device != RigDevice.Keyboard)
            return true;
        if (!open)
            _down[key.Key] = key.Down;
        return !open;
    }

    /// <inheritdoc/>
    public override bool TryMakeKey(bool open, long now, out KeyEvent key)
    {
        if (open && !_wasOpen)
            _released = 0;
        _wasOpen = open;
        for (; open && _released < _down.Length; _released++)
        {
            if (!_down[_released])
                continue;
            _down[_released] = false;
            key = new KeyEvent((byte)_released, false, 0, now);
            return true;
        }
        key = default;
        return false;
    }

    // Rails are what is measured in metres.
    private bool[] BelongsTo(JointLayout layout) =>
        [.. layout.Units.Select(unit => device == RigDevice.Rails ? unit == JointUnit.Metre : device == RigDevice.Hands && unit == JointUnit.Radian)];
}
