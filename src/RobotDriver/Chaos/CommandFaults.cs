namespace Legato.RobotDriver.Chaos;

/// <summary>Commands that never arrive.</summary>
/// <param name="window">When.</param>
/// <param name="share">Probability that one is lost, 0..1.</param>
public sealed class DropCommands(FaultWindow window, double share) : RobotFault("drop_commands", window)
{
    private Random _random = new(0);

    /// <inheritdoc/>
    public override void Bind(IRobot robot, int seed) => _random = new Random(seed);

    /// <inheritdoc/>
    public override int OnCommand(bool open, long now, Span<double> command, ref double pedal) => open && _random.NextDouble() < share ? 0 : 1;
}

/// <summary>Commands that arrive whole cycles too late.</summary>
/// <param name="window">When.</param>
/// <param name="cycles">By how many, 1..<see cref="Longest"/>.</param>
public sealed class DelayCommands(FaultWindow window, int cycles) : RobotFault("delay_commands", window)
{
    /// <summary>Largest delay.</summary>
    public const int Longest = 40;

    private double[] _commands = [];
    private readonly double[] _pedals = new double[Longest];
    private long _count;

    /// <inheritdoc/>
    public override void Bind(IRobot robot, int seed) => _commands = new double[Longest * robot.Actuators.Count];

    /// <inheritdoc/>
    public override int OnCommand(bool open, long now, Span<double> command, ref double pedal)
    {
        if (!open)
        {
            _count = 0;
            return 1;
        }
        int slot = (int)(_count % cycles);
        Span<double> kept = _commands.AsSpan(slot * command.Length, command.Length);
        bool any = _count++ >= cycles;
        for (int i = 0; i < command.Length; i++)
            (kept[i], command[i]) = (command[i], kept[i]);
        (_pedals[slot], pedal) = (pedal, _pedals[slot]);
        return any ? 1 : 0;
    }
}

/// <summary>Every command is sent twice.</summary>
/// <param name="window">When.</param>
public sealed class DuplicateCommands(FaultWindow window) : RobotFault("duplicate_commands", window)
{
    /// <inheritdoc/>
    public override int OnCommand(bool open, long now, Span<double> command, ref double pedal) => open ? 2 : 1;
}

/// <summary>A command is changed behind the guard: memory, a cable, somebody else's message.</summary>
/// <param name="window">When.</param>
/// <param name="actuator">Which target.</param>
/// <param name="offset">Added to it, rad or m; NaN for what is no number.</param>
public sealed class CorruptCommand(FaultWindow window, string actuator, double offset) : RobotFault("corrupt_command", window)
{
    private int _index;

    /// <inheritdoc/>
    public override void Bind(IRobot robot, int seed) => _index = Find(robot.Actuators, actuator);

    /// <inheritdoc/>
    public override int OnCommand(bool open, long now, Span<double> command, ref double pedal)
    {
        if (open)
            command[_index] += offset;
        return 1;
    }
}

/// <summary>The driver refuses commands.</summary>
/// <param name="window">When.</param>
public sealed class FailWriting(FaultWindow window) : RobotFault("fail_writing", window)
{
    /// <inheritdoc/>
    public override int OnCommand(bool open, long now, Span<double> command, ref double pedal) =>
        open ? throw new IOException("injected: the driver cannot send commands") : 1;
}

/// <summary>Sending a command takes so long that the loop misses its rate.</summary>
/// <param name="window">When.</param>
/// <param name="stall">How long each one takes, above 0.</param>
public sealed class StallWriting(FaultWindow window, TimeSpan stall) : RobotFault("stall_writing", window)
{
    private readonly long _stall = stall.Ticks * TimeSpan.NanosecondsPerTick;
    private IRobotClock? _clock;

    /// <inheritdoc/>
    public override void Bind(IRobot robot, int seed) => _clock = robot.Clock;

    /// <inheritdoc/>
    public override int OnCommand(bool open, long now, Span<double> command, ref double pedal)
    {
        if (open)
            _clock!.SleepUntil(now + _stall);
        return 1;
    }
}

/// <summary>Somebody asks to stop: the rig's e-stop, or an operator with a signal.</summary>
/// <param name="window">From when on; an e-stop stays.</param>
/// <param name="operatorStops">True for the operator.</param>
public sealed class StopRun(FaultWindow window, bool operatorStops) : RobotFault(operatorStops ? "operator_stop" : "estop", window)
{
    private bool _stops;

    /// <inheritdoc/>
    public override bool StopsRig => _stops && !operatorStops;

    /// <inheritdoc/>
    public override bool StopsOperator => _stops && operatorStops;

    /// <inheritdoc/>
    public override bool OnReport(bool open, long now, RobotState report, bool fresh)
    {
        _stops |= open;
        return fresh;
    }
}
