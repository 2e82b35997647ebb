using Legato.Sim;

namespace Legato.RobotDriver.Chaos;

/// <summary>A robot with faults on every wire: what it reports, what it is told, what its keyboard says, its e-stop.</summary>
/// <remarks>
/// Faults apply in the order given, on reports, keys and commands alike. The control thread's members keep the contract of
/// <see cref="IRobot"/>: they allocate nothing after the first call. <see cref="Schedule"/> has to be told of the run's phases from
/// homing on; connecting is noticed here. Disposing it leaves the robot alone, which stays its owner's.
/// </remarks>
public sealed class ChaosRobot : IRobot
{
    private readonly IRobot _robot;
    private readonly RobotFault[] _faults;
    private readonly IRobotWitness? _witness;
    private readonly RobotState _report, _seen;
    private readonly double[] _command;
    private readonly KeyEventQueue _keys = new();
    private volatile bool _rigStops;
    private bool _operatorStopped;

    /// <summary>Puts faults around a robot.</summary>
    /// <param name="robot">The robot, not connected yet; it stays the caller's.</param>
    /// <param name="faults">What goes wrong; each instance serves one robot.</param>
    /// <param name="seed">Seed of everything that the faults draw.</param>
    /// <param name="witness">Sees the robot's side of the faults; null for nobody.</param>
    /// <param name="paced">Whether a simulation's time is to pass no faster than real time.</param>
    /// <exception cref="InputException">A fault names a joint that the robot lacks.</exception>
    public ChaosRobot(IRobot robot, IReadOnlyList<RobotFault> faults, int seed, IRobotWitness? witness = null, bool paced = false)
    {
        (_robot, _faults, _witness) = (robot, [.. faults], witness);
        Clock = paced && !robot.Clock.IsRealTime ? new PacedClock(robot.Clock) : robot.Clock;
        (_report, _seen) = (new RobotState(robot.Joints), new RobotState(robot.Joints));
        _command = new double[robot.Actuators.Count];
        for (int i = 0; i < _faults.Length; i++)
            _faults[i].Bind(this, seed + i);
    }

    /// <summary>Raised once, on the control thread, when a fault plays the operator who stops the run.</summary>
    public event Action? OperatorStops;

    /// <inheritdoc/>
    public event Action<string>? Notice
    {
        add => _robot.Notice += value;
        remove => _robot.Notice -= value;
    }

    /// <summary>Knows when the run's phases began.</summary>
    public FaultSchedule Schedule { get; } = new();

    /// <inheritdoc/>
    public string Name => _robot.Name;

    /// <inheritdoc/>
    public JointLayout Actuators => _robot.Actuators;

    /// <inheritdoc/>
    public JointLayout Joints => _robot.Joints;

    /// <inheritdoc/>
    public IRobotClock Clock { get; }

    /// <inheritdoc/>
    public IReadOnlyList<StreamLoss> Losses => _robot.Losses;

    /// <inheritdoc/>
    public IReadOnlyList<ClockOffset> Clocks => _robot.Clocks;

    /// <inheritdoc/>
    public string? StopReason => _robot.StopReason ?? (_rigStops ? "the rig's e-stop" : null);

    /// <inheritdoc/>
    public async Task ConnectAsync(CancellationToken cancellation)
    {
        Schedule.Enter(ChaosPhase.Start, Clock.Now);
        await _robot.ConnectAsync(cancellation);
        Schedule.Enter(ChaosPhase.Connected, Clock.Now);
    }

    /// <summary>Shows the witness what there is by now, when the run is over and nobody else reads the robot.</summary>
    public void Look()
    {
        ReadTruth(Clock.Now);
        while (_robot.TryReadKey(out KeyEvent key))
            _witness?.OnKey(key);
    }

    /// <inheritdoc/>
    public bool TryRead(RobotState state)
    {
        long now = Clock.Now;
        bool fresh = ReadTruth(now);
        if (fresh)
            _seen.CopyTo(_report);
        foreach (RobotFault fault in _faults)
            fresh = fault.OnReport(Schedule.IsOpen(fault.Window, now), now, _report, fresh);
        ForwardStops();
        if (fresh)
            _report.CopyTo(state);
        return fresh;
    }

    /// <inheritdoc/>
    public bool TryReadKey(out KeyEvent key)
    {
        if (_keys.TryTake(out key))
            return true;
        TakeKeys(Clock.Now);
        return _keys.TryTake(out key);
    }

    /// <inheritdoc/>
    public void Write(ReadOnlySpan<double> targets, double pedal)
    {
        targets.CopyTo(_command);
        int copies = 1;
        foreach (RobotFault fault in _faults)
        {
            long now = Clock.Now;
            copies *= fault.OnCommand(Schedule.IsOpen(fault.Window, now), now, _command, ref pedal);
            if (copies == 0)
                return;
        }
        for (int i = 0; i < copies; i++)
        {
            _witness?.OnCommand(_command, Clock.Now);
            _robot.Write(_command, pedal);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private bool ReadTruth(long now)
    {
        bool fresh = _robot.TryRead(_seen);
        if (fresh)
            _witness?.OnState(_seen, now);
        return fresh;
    }

    private void ForwardStops()
    {
        foreach (RobotFault fault in _faults)
        {
            _rigStops |= fault.StopsRig;
            if (!fault.StopsOperator || _operatorStopped)
                continue;
            _operatorStopped = true;
            OperatorStops?.Invoke();
        }
    }

    private void TakeKeys(long now)
    {
        while (_robot.TryReadKey(out KeyEvent key))
        {
            _witness?.OnKey(key);
            bool pass = true;
            foreach (RobotFault fault in _faults)
                pass = pass && fault.OnKey(Schedule.IsOpen(fault.Window, now), now, ref key);
            if (pass)
                _keys.TryAdd(key);
        }
        foreach (RobotFault fault in _faults)
        {
            while (fault.TryMakeKey(Schedule.IsOpen(fault.Window, now), now, out KeyEvent key))
                _keys.TryAdd(key);
        }
    }
}
