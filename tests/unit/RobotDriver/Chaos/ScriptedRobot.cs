using Legato.RobotDriver;
using Legato.RobotDriver.Chaos;
using Legato.Sim;

namespace Legato.Tests.RobotDriver.Chaos;

/// <summary>A robot that reports the number of each cycle as the position of every joint, and keeps what it is told.</summary>
internal sealed class ScriptedRobot : IRobot, IRobotClock
{
    public const long Millisecond = 1_000_000, Period = 50 * Millisecond;

    private readonly Queue<KeyEvent> _keys = [];
    private long _read = -1;

    public string Name => "scripted";

    public JointLayout Actuators { get; } = new(["rh_A_FFJ3", "rh_forearm_tx"], [JointUnit.Radian, JointUnit.Metre]);

    public JointLayout Joints { get; } = new(["rh_FFJ3", "rh_FFJ4", "rh_forearm_tx"], [JointUnit.Radian, JointUnit.Radian, JointUnit.Metre]);

    public IRobotClock Clock => this;

    public IReadOnlyList<StreamLoss> Losses => [];

    public long Now { get; private set; }

    public bool IsRealTime => false;

    /// <summary>First target and pedal of every command.</summary>
    public List<(double Target, double Rail, double Pedal)> Written { get; } = [];

    /// <summary>False while nobody is to allocate.</summary>
    public bool Keeps { get; set; } = true;

    public static FaultWindow Window(double after, double? length = null) =>
        new(ChaosPhase.Playing, TimeSpan.FromMilliseconds(after), length is { } l ? TimeSpan.FromMilliseconds(l) : null);

    /// <summary>The robot behind a fault, playing from now on.</summary>
    public ChaosRobot Behind(params IReadOnlyList<RobotFault> faults)
    {
        var chaos = new ChaosRobot(this, faults, seed: 7);
        chaos.Schedule.Enter(ChaosPhase.Playing, Now);
        return chaos;
    }

    public void SleepUntil(long deadline) => Now = Math.Max(Now, deadline);

    /// <summary>Lets a cycle pass.</summary>
    public void Step() => Now += Period;

    public void Press(byte key, bool down) => _keys.Enqueue(new KeyEvent(key, down, 64, Now));

    public Task ConnectAsync(CancellationToken cancellation) => Task.CompletedTask;

    public bool TryRead(RobotState state)
    {
        if (Now == _read)
            return false;
        _read = Now;
        for (int i = 0; i < Joints.Count; i++)
            (state.Positions[i], state.Velocities[i]) = ((Now / Period) + (100 * i), 1);
        (state.Stamp, state.Sequence) = (Now, Now / Period);
        return true;
    }

    public bool TryReadKey(out KeyEvent key) => _keys.TryDequeue(out key);

    public void Write(ReadOnlySpan<double> targets, double pedal)
    {
        if (Keeps)
            Written.Add((targets[0], targets[1], pedal));
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
