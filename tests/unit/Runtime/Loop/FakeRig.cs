using Legato.RobotDriver;
using Legato.Runtime.Loop;
using Legato.Runtime.Safety;
using Legato.Sim;
using Legato.Sim.Limits;

namespace Legato.Tests.Runtime.Loop;

/// <summary>A clock that moves when it is told to; also the source of the loop's timestamps.</summary>
internal sealed class FakeClock : TimeProvider, IRobotClock
{
    public const long Millisecond = 1_000_000;

    public long Now { get; private set; } = 7_000 * Millisecond;

    /// <summary>Whether the loop is to ask the system for real-time scheduling.</summary>
    public bool IsRealTime { get; set; }

    public override long TimestampFrequency => 1_000_000_000;

    /// <summary>How much too late every sleep ends.</summary>
    public long Lateness { get; set; }

    public override long GetTimestamp() => Now;

    public void SleepUntil(long deadline) => Now = Math.Max(Now, deadline + Lateness);

    public void Advance(double milliseconds) => Now += (long)(milliseconds * Millisecond);
}

/// <summary>A robot whose joints follow every command at once, unless a fault is injected.</summary>
internal sealed class FakeRobot(FakeClock clock) : IRobot
{
    public static readonly JointLayout Commands = new(
        ["rh_A_WRJ1", "rh_A_FFJ3", "rh_A_FFJ0", "rh_forearm_tx", "lh_A_FFJ3", "lh_forearm_tx"],
        [JointUnit.Radian, JointUnit.Radian, JointUnit.Radian, JointUnit.Metre, JointUnit.Radian, JointUnit.Metre]);

    // In another order than the commands, with the coupled joint apart: as the real hands report.
    public static readonly JointLayout States = new(
        ["rh_FFJ1", "rh_FFJ2", "rh_FFJ3", "rh_WRJ1", "rh_forearm_tx", "lh_FFJ3", "lh_forearm_tx"],
        [JointUnit.Radian, JointUnit.Radian, JointUnit.Radian, JointUnit.Radian, JointUnit.Metre, JointUnit.Radian, JointUnit.Metre]);

    /// <summary>Where the actuators are when a test begins, in the order of <see cref="Commands"/>.</summary>
    public static readonly double[] Start = [0.1, 0.4, 0.9, 0.05, 0.3, -0.05];

    private long _sequence;

    public string Name => "fake";

    public JointLayout Actuators { get; init; } = Commands;

    public JointLayout Joints => States;

    public IRobotClock Clock => clock;

    public IReadOnlyList<StreamLoss> Losses => [];

    /// <summary>Positions of the joints, in the order of <see cref="States"/>.</summary>
    public double[] Positions { get; } = [0.3, 0.6, 0.4, 0.1, 0.05, 0.3, -0.05];

    /// <summary>Commands received.</summary>
    public int Writes { get; private set; }

    public double[] LastWrite { get; } = new double[6];

    public double LastPedal { get; private set; }

    public bool Silent { get; set; }

    public string? StopReason { get; set; }

    public bool Blocked { get; set; }

    public double StampOffsetMs { get; set; }

    /// <summary>Changes a report before it is read.</summary>
    public Action<RobotState>? Distort { get; set; }

    public int Keys { get; set; }

    /// <summary>Thrown where there is no key any more.</summary>
    public Exception? KeyFault { get; set; }

    public Action? OnRead { get; set; }

    public Action? OnReadKey { get; set; }

    public Action? OnWrite { get; set; }

    public Exception? WriteFault { get; set; }

    public Exception? ReadFault { get; set; }

    public Exception? ConnectFault { get; init; }

    public Task ConnectAsync(CancellationToken cancellation) => ConnectFault is null ? Task.CompletedTask : Task.FromException(ConnectFault);

    public bool TryRead(RobotState state)
    {
        if (ReadFault is not null)
            throw ReadFault;
        OnRead?.Invoke();
        if (Silent)
            return false;
        Positions.CopyTo(state.Positions, 0);
        state.Stamp = clock.Now + (long)(StampOffsetMs * FakeClock.Millisecond);
        state.Sequence = ++_sequence;
        Distort?.Invoke(state);
        return true;
    }

    public bool TryReadKey(out KeyEvent key)
    {
        OnReadKey?.Invoke();
        key = new KeyEvent(40, true, 80, clock.Now);
        if (Keys-- > 0)
            return true;
        return KeyFault is null ? false : throw KeyFault;
    }

    public void Write(ReadOnlySpan<double> targets, double pedal)
    {
        if (WriteFault is not null)
            throw WriteFault;
        OnWrite?.Invoke();
        Writes++;
        targets.CopyTo(LastWrite);
        LastPedal = pedal;
        if (Blocked)
            return;
        (Positions[0], Positions[1], Positions[2], Positions[3]) = (targets[2] / 3, targets[2] * 2 / 3, targets[1], targets[0]);
        (Positions[4], Positions[5], Positions[6]) = (targets[3], targets[4], targets[5]);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

/// <summary>Moves every actuator a little, step by step, away from a first target; a test hooks into its steps.</summary>
internal sealed class FakePolicy(int steps) : IPolicy
{
    public static readonly double[] First = [0, 0.2, 0.5, 0.1, 0.2, -0.1];

    public JointLayout Actuators { get; init; } = FakeRobot.Commands;

    public int Steps => steps;

    /// <summary>Called with each step while the robot plays.</summary>
    public Action<int>? OnStep { get; set; }

    /// <summary>Called with each key.</summary>
    public Action? OnHear { get; set; }

    /// <summary>The pedal of each step.</summary>
    public Func<int, double> Pedal { get; init; } = step => step % 2;

    /// <summary>Tells the warm-up's steps from the robot's.</summary>
    public Func<bool> IsPlaying { get; set; } = () => false;

    public static double Target(int actuator, int step) => First[actuator] + (0.01 * step);

    public void Act(int step, RobotState measured, long now, Span<double> targets, out double pedal)
    {
        for (int i = 0; i < targets.Length; i++)
            targets[i] = Target(i, step);
        pedal = Pedal(step);
        if (IsPlaying())
            OnStep?.Invoke(step);
    }

    public void Hear(in KeyEvent key) => OnHear?.Invoke();
}

/// <summary>Keeps every cycle.</summary>
internal sealed class Tape : IRunObserver
{
    public sealed record Entry(long Cycle, int Step, RunState State, long Deadline, long Woke, bool Fresh, double[] Target, double[] Sent, double Pedal);

    public List<Entry> Cycles { get; } = [];

    public List<RunTransition> Transitions { get; } = [];

    public int Keys { get; private set; }

    /// <summary>Called after each cycle.</summary>
    public Action<Entry>? OnEntry { get; set; }

    public void OnCycle(in CycleRecord c)
    {
        var entry = new Entry(c.Cycle, c.Step, c.State, c.Deadline, c.Woke, c.Fresh, c.Target.ToArray(), c.Sent.ToArray(), c.Pedal);
        Cycles.Add(entry);
        OnEntry?.Invoke(entry);
    }

    /// <summary>Called after each key.</summary>
    public Action? OnKeyEvent { get; set; }

    public void OnKey(in KeyEvent key)
    {
        Keys++;
        OnKeyEvent?.Invoke();
    }

    public void OnTransition(in RunTransition transition) => Transitions.Add(transition);

    public IEnumerable<Entry> In(RunState state) => Cycles.Where(c => c.State == state);
}

/// <summary>Does something when a state is entered.</summary>
internal sealed class AfterTransition(IRunObserver inner, RunState state, Action then) : IRunObserver
{
    public void OnCycle(in CycleRecord cycle) => inner.OnCycle(cycle);

    public void OnKey(in KeyEvent key) => inner.OnKey(key);

    public void OnTransition(in RunTransition transition)
    {
        inner.OnTransition(transition);
        if (transition.To == state)
            then();
    }
}

/// <summary>A loop on a fake robot in fake time.</summary>
internal sealed class FakeRig
{
    public FakeRig(int steps = 40, Func<FakeClock, FakeRobot>? robot = null, MotionLimits? limits = null, ControlLoopOptions? options = null, bool withLifeline = false, Func<int, double>? pedal = null, IClearance? clearance = null)
    {
        Lifeline = new FakeLifeline(Clock);
        Robot = robot is null ? new FakeRobot(Clock) : robot(Clock);
        Policy = pedal is null ? new FakePolicy(steps) : new FakePolicy(steps) { Pedal = pedal };
        Loop = new ControlLoop(Robot, Policy, limits ?? Wide, options ?? new ControlLoopOptions(), Clock, withLifeline ? Lifeline : null, clearance);
        Policy.IsPlaying = () => Loop.Lifecycle.State == RunState.Playing;
    }

    public static MotionLimits Wide { get; } = MotionLimits.Simulation(FakeRobot.Commands, [-2, -2, -2, -2, -2, -2], [4, 4, 4, 4, 4, 4]);

    public FakeClock Clock { get; } = new();

    public FakeRobot Robot { get; }

    public FakePolicy Policy { get; }

    public FakeLifeline Lifeline { get; }

    public ControlLoop Loop { get; }

    public Tape Tape { get; } = new();

    public async Task<LoopReport> Play(IRunObserver? observer = null)
    {
        await Loop.ConnectAsync(TestContext.Current.CancellationToken);
        return await Loop.RunAsync(observer ?? Tape);
    }
}
