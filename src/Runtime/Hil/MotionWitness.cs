using Legato.RobotDriver;
using Legato.RobotDriver.Chaos;
using Legato.Runtime.Loop;

namespace Legato.Runtime.Hil;

/// <summary>Keeps what a robot really did: its states, the commands that reached it, its keys.</summary>
/// <remarks>Written by the control thread without allocating; read once the run is over. What exceeds the capacity is counted and not kept.</remarks>
internal sealed class MotionWitness : IRobotWitness
{
    // More than three minutes at 20 Hz.
    private const int Capacity = 4096;

    private readonly ActuatorMap _map;
    private readonly int _actuators;
    private readonly double[] _positions, _commands;
    private readonly long[] _stateTimes = new long[Capacity], _stateStamps = new long[Capacity], _commandTimes = new long[Capacity];
    private readonly KeyEvent[] _keys = new KeyEvent[Capacity];

    public MotionWitness(IRobot robot)
    {
        _map = new ActuatorMap(robot.Actuators, robot.Joints);
        _actuators = robot.Actuators.Count;
        _positions = new double[Capacity * _actuators];
        _commands = new double[Capacity * _actuators];
    }

    /// <summary>How many states there are.</summary>
    public int States { get; private set; }

    /// <summary>How many commands there are.</summary>
    public int Commands { get; private set; }

    /// <summary>How many key events there are.</summary>
    public int Keys { get; private set; }

    /// <summary>What was not kept.</summary>
    public int Overflows { get; private set; }

    /// <summary>When a state was read, in the robot's time.</summary>
    public long StateTime(int state) => _stateTimes[state];

    /// <summary>The stamp of a state.</summary>
    public long StateStamp(int state) => _stateStamps[state];

    /// <summary>Positions of the actuators in a state.</summary>
    public ReadOnlySpan<double> Positions(int state) => _positions.AsSpan(state * _actuators, _actuators);

    /// <summary>When a command was sent.</summary>
    public long CommandTime(int command) => _commandTimes[command];

    /// <summary>Targets of the actuators in a command.</summary>
    public ReadOnlySpan<double> Targets(int command) => _commands.AsSpan(command * _actuators, _actuators);

    /// <summary>A key event.</summary>
    public KeyEvent Key(int key) => _keys[key];

    /// <inheritdoc/>
    public void OnState(RobotState state, long now)
    {
        if (States == Capacity)
        {
            Overflows++;
            return;
        }
        _map.Positions(state, _positions.AsSpan(States * _actuators, _actuators));
        (_stateTimes[States], _stateStamps[States]) = (now, state.Stamp);
        States++;
    }

    /// <inheritdoc/>
    public void OnCommand(ReadOnlySpan<double> targets, long now)
    {
        if (Commands == Capacity)
        {
            Overflows++;
            return;
        }
        targets.CopyTo(_commands.AsSpan(Commands * _actuators, _actuators));
        _commandTimes[Commands++] = now;
    }

    /// <inheritdoc/>
    public void OnKey(in KeyEvent key)
    {
        if (Keys == Capacity)
            Overflows++;
        else
            _keys[Keys++] = key;
    }
}
