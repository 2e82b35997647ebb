using Legato.RobotDriver;
using Legato.Runtime.Safety;
using Legato.Sim;
using Legato.Sim.Limits;

namespace Legato.Runtime.Loop;

/// <summary>Runs the loop's own code against nothing before the robot moves, so that its first real cycles are compiled ones.</summary>
internal static class DryRun
{
    // Enough calls for the runtime to consider a method hot.
    private const int Steps = 64;

    /// <summary>Homes, plays the policy's first steps and lifts on a robot that is not there.</summary>
    public static void Execute(IRobot robot, IPolicy policy, MotionLimits limits, RobotState measured, ControlLoopOptions options, TimeProvider time)
    {
        var life = new Lifecycle();
        foreach (RunState state in (ReadOnlySpan<RunState>)[RunState.Connected, RunState.Checked, RunState.Armed])
            life.Enter(state, RunCause.Completed, 0);
        // Ranges only: this robot does not follow, and must not be found blocked.
        var guard = new Guard(MotionLimits.Simulation(limits.Layout, limits.Lower, limits.Upper));
        var sequence = new RunSequence(
            new NoRobot(robot.Actuators, measured), new FirstSteps(policy), guard, life,
            new StopRequest(), new NoObserver(), options, new LoopTiming(time), new LoopEventRing(16));
        sequence.Run();
        if (sequence.Failure is { } failure)
            throw new InvalidOperationException($"the dry run failed: {failure.Message}", failure);
    }

    private sealed class FirstSteps(IPolicy policy) : IPolicy
    {
        public JointLayout Actuators => policy.Actuators;

        public int Steps { get; } = Math.Min(policy.Steps, DryRun.Steps);

        public void Act(int step, RobotState measured, long now, Span<double> targets, out double pedal) => policy.Act(step, measured, now, targets, out pedal);
    }

    private sealed class NoRobot(JointLayout actuators, RobotState pose) : IRobot, IRobotClock
    {
        public string Name => "dry run";

        public JointLayout Actuators => actuators;

        public JointLayout Joints => pose.Layout;

        public IRobotClock Clock => this;

        public IReadOnlyList<StreamLoss> Losses => [];

        public long Now { get; private set; }

        public bool IsRealTime => false;

        public void SleepUntil(long deadline) => Now = Math.Max(Now, deadline);

        public Task ConnectAsync(CancellationToken cancellation) => Task.CompletedTask;

        public bool TryRead(RobotState state)
        {
            pose.Positions.CopyTo(state.Positions, 0);
            pose.Velocities.CopyTo(state.Velocities, 0);
            (state.Stamp, state.Sequence) = (Now, state.Sequence + 1);
            return true;
        }

        public bool TryReadKey(out KeyEvent key)
        {
            key = default;
            return false;
        }

        public void Write(ReadOnlySpan<double> targets, double pedal)
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    private sealed class NoObserver : IRunObserver
    {
        public void OnCycle(in CycleRecord cycle)
        {
        }

        public void OnKey(in KeyEvent key)
        {
        }

        public void OnTransition(in RunTransition transition)
        {
        }
    }
}
