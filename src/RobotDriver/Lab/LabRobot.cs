using Legato.RobotDriver.Configuration;
using Legato.Sim;
using Rclcs;

namespace Legato.RobotDriver.Lab;

/// <summary>
/// The rig: two Shadow hands over ROS 2, each on an ODrive rail, a MIDI keyboard, a sustain pedal. The stand-in looks the same.
/// </summary>
/// <remarks>
/// Every part delivers on a thread of its own; the control thread takes the newest of each without waiting and allocates nothing.
/// A state's stamp is the receive time of its oldest part: when a hand or a rail falls silent, the stamp stays behind and the
/// watchdog of the caller acts. A device that was unplugged is opened again by its path; what was missed is counted.
/// </remarks>
public sealed class LabRobot : IRobot
{
    // A joint that the action space leaves out must stand this close to zero, where the model has it; rad.
    private const double FrozenTolerance = 0.1;

    private const string NodeName = "legato";

    // A second commander makes the hands jump from its first message on: as often as discovery makes sense of.
    private static readonly TimeSpan CommanderPeriod = TimeSpan.FromSeconds(0.5);

    private readonly RobotConfiguration _configuration;
    private readonly TimeProvider _time;
    private readonly OdriveRail _right, _left;
    private readonly MidiKeyboard _keyboard;
    private readonly SustainPedal _pedal;
    private readonly RailPlaces _rightPlaces, _leftPlaces;
    private HandsLink? _hands;
    private ITimer? _commanderWatch;
    private volatile string? _otherCommander;
    private long _sequence;
    private long _lostBefore;

    /// <summary>Creates the robot; nothing is opened yet.</summary>
    /// <param name="configuration">Of kind lab, with its devices filled in.</param>
    /// <param name="actuators">Order of commands, as the scene that models the robot has it.</param>
    /// <param name="joints">Order of states, as the scene has it.</param>
    /// <param name="clock">The machine's monotonic clock.</param>
    /// <param name="time">Timers.</param>
    /// <exception cref="ArgumentException">The configuration is that of a simulation, or the clock is not real.</exception>
    /// <exception cref="InputException">The scene lacks a joint of the rails.</exception>
    public LabRobot(RobotConfiguration configuration, JointLayout actuators, JointLayout joints, IRobotClock clock, TimeProvider time)
    {
        if (configuration is not { Right: { } right, Left: { } left, Keyboard: { } keyboard, Pedal: { } pedal })
            throw new ArgumentException($"The robot '{configuration.Name}' is simulated.", nameof(configuration));
        if (!clock.IsRealTime)
            throw new ArgumentException("A rig of hardware lives in real time.", nameof(clock));
        (_configuration, _time) = (configuration, time);
        (Actuators, Joints, Clock) = (actuators, joints, clock);
        _right = new OdriveRail(right.Rail, configuration.Timeouts, clock, time);
        _left = new OdriveRail(left.Rail, configuration.Timeouts, clock, time);
        _rightPlaces = RailPlaces.Find(actuators, joints, right.Rail.Side);
        _leftPlaces = RailPlaces.Find(actuators, joints, left.Rail.Side);
        _keyboard = new MidiKeyboard(keyboard, configuration.Timeouts, time);
        _pedal = new SustainPedal(pedal, _keyboard);
        foreach (DeviceThread device in (DeviceThread[])[_right, _left, _keyboard])
            device.Notice += text => Notice?.Invoke(text);
    }

    /// <summary>Raised on a thread of a device when it is lost and when it is back, with a line for people.</summary>
    public event Action<string>? Notice;

    /// <summary>A participant that may command the hands too: the watchdog that lifts them when this process cannot. Null for none; set it before connecting.</summary>
    public Gid? Companion { get; set; }

    /// <inheritdoc/>
    public string Name => _configuration.Name;

    /// <inheritdoc/>
    public JointLayout Actuators { get; }

    /// <inheritdoc/>
    public JointLayout Joints { get; }

    /// <inheritdoc/>
    public IRobotClock Clock { get; }

    /// <inheritdoc/>
    public string? StopReason => _hands is { Stop.IsRequested: true } ? "the rig's e-stop" : _otherCommander;

    /// <inheritdoc/>
    public IReadOnlyList<StreamLoss> Losses =>
        [.. _hands is { } hands ? [hands.States.Loss, hands.Commands] : Array.Empty<StreamLoss>(), _right.Loss, _left.Loss, _keyboard.Loss, _pedal.Loss];

    /// <inheritdoc/>
    public IReadOnlyList<ClockOffset> Clocks => [.. _hands?.States.Clocks ?? [], _keyboard.ClockOffset];

    /// <summary>Everyone else who commands these hands, one line each: what <see cref="ConnectAsync"/> refuses. Any thread.</summary>
    /// <exception cref="InvalidOperationException">Not connected.</exception>
    public IReadOnlyList<string> FindOtherCommanders() => Connected.FindOtherCommanders(Companion);

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">It was called before.</exception>
    public async Task ConnectAsync(CancellationToken cancellation)
    {
        if (_hands is not null)
            throw new InvalidOperationException($"'{Name}' was connected before; create a new robot.");
        long start = _time.GetTimestamp();
        _hands = HandsLink.Open(NodeName, _configuration, Actuators, Joints, Clock);
        IRigPart[] parts = [_hands.States, _right, _left, _keyboard];
        foreach (IRigPart part in parts)
            part.Start();
        // Without the right to it the run is as good as the machine is idle; the loop's own grant is in its report.
        RealTimeThread.RaiseProcess();
        try
        {
            await Task.WhenAll(parts.Select(part => part.Ready)).WaitAsync(_configuration.Timeouts.Connect, _time, cancellation);
        }
        catch (TimeoutException)
        {
            throw new InputException(DescribeMissing(parts));
        }
        TimeSpan listen = _configuration.Timeouts.Discovery - _time.GetElapsedTime(start);
        if (listen > TimeSpan.Zero)
            await Task.Delay(listen, _time, cancellation);
        RefuseOtherCommanders();
        _hands.RequireFrozenAtZero(FrozenTolerance);
        _commanderWatch = _time.CreateTimer(static robot => ((LabRobot)robot!).WatchCommanders(), this, CommanderPeriod, CommanderPeriod);
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">Not connected, or the thread of a part has failed.</exception>
    public bool TryRead(RobotState state)
    {
        JointStateReader hands = Connected.States;
        ThrowIfFailed(hands);
        ThrowIfFailed(_right);
        ThrowIfFailed(_left);
        ThrowIfFailed(_keyboard);
        if (!(hands.Samples.TryTake() | _right.Samples.TryTake() | _left.Samples.TryTake()))
            return false;
        HandsSample sample = hands.Samples.Current;
        sample.Positions.AsSpan(0, Joints.Count).CopyTo(state.Positions);
        sample.Velocities.AsSpan(0, Joints.Count).CopyTo(state.Velocities);
        _rightPlaces.Copy(_right.Samples.Current, state);
        _leftPlaces.Copy(_left.Samples.Current, state);
        state.Stamp = Math.Min(sample.Stamp, Math.Min(_right.Samples.Current.Stamp, _left.Samples.Current.Stamp));
        _sequence += 1 + sample.Lost - _lostBefore;
        _lostBefore = sample.Lost;
        state.Sequence = _sequence;
        return true;
    }

    /// <inheritdoc/>
    public bool TryReadKey(out KeyEvent key) => _keyboard.TryRead(out key);

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">Not as many targets as actuators.</exception>
    /// <exception cref="InvalidOperationException">Not connected.</exception>
    public void Write(ReadOnlySpan<double> targets, double pedal)
    {
        if (targets.Length != Actuators.Count)
            throw new ArgumentException($"{targets.Length} targets for {Actuators.Count} actuators.", nameof(targets));
        Connected.Write(targets);
        _right.Write(targets[_rightPlaces.LateralActuator], targets[_rightPlaces.DepthActuator]);
        _left.Write(targets[_leftPlaces.LateralActuator], targets[_leftPlaces.DepthActuator]);
        _pedal.Write(pedal);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_commanderWatch is not null)
            await _commanderWatch.DisposeAsync();
        _keyboard.Dispose();
        _right.Dispose();
        _left.Dispose();
        _hands?.Dispose();
    }

    private HandsLink Connected => _hands ?? throw new InvalidOperationException($"'{Name}' is not connected.");

    private static void ThrowIfFailed(IRigPart part)
    {
        if (part.Failure is { } failure)
            throw new InvalidOperationException($"{part.Missing}: its thread has failed: {failure.Message}", failure);
    }

    private string DescribeMissing(IRigPart[] parts)
    {
        var missing = parts.Where(part => !part.Ready.IsCompletedSuccessfully).Select(part => part.Failure?.Message ?? part.Missing).ToList();
        if (!_hands!.States.Ready.IsCompletedSuccessfully)
            missing[0] += $" ({_hands.DescribeTopics(Companion)})";
        string hint = _configuration.StandInReality is null ? $"check the devices in {_configuration.File}" : "is the stand-in running?";
        return $"cannot connect to '{Name}' within {_configuration.Timeouts.Connect.TotalSeconds:0.#} s: {string.Join("; ", missing)}; {hint}";
    }

    private void WatchCommanders()
    {
        try
        {
            if (_otherCommander is not null || FindOtherCommanders() is not { Count: > 0 } others)
                return;
            _otherCommander = $"another commander ({string.Join("; ", others)})";
            Notice?.Invoke($"{_otherCommander} appeared; two commanders make the hands jump");
        }
        catch (RclcsException e)
        {
            // The run goes on: what it is told and tells does not need discovery.
            Notice?.Invoke($"cannot look for other commanders: {e.Message}");
        }
    }

    private void RefuseOtherCommanders()
    {
        IReadOnlyList<string> others = FindOtherCommanders();
        if (others.Count > 0)
            throw new InputException($"'{Name}' has another commander: {string.Join("; ", others)}; stop it first, two commanders make the hands jump (one that was killed is forgotten after 10 s)");
    }
}
