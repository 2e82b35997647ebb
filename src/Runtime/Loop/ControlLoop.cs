using Legato.RobotDriver;
using Legato.Runtime.Safety;
using Legato.Sim;
using Legato.Sim.Limits;

namespace Legato.Runtime.Loop;

/// <summary>Plays a policy on a robot: checks, warms up, homes, plays, lifts, on a thread of its own with absolute deadlines.</summary>
/// <remarks>
/// Cycle n is due n periods after the first. In each one the newest state and the keys are read, the targets computed, guarded
/// and sent, and the cycle handed to the observer. One loop serves one run. <see cref="Stop"/> may be raised from any thread;
/// a stop, a state older than its limit, or an exception ends in a lift that begins within one cycle.
/// </remarks>
public sealed class ControlLoop
{
    private readonly IRobot _robot;
    private readonly IPolicy _policy;
    private readonly MotionLimits _limits;
    private readonly ControlLoopOptions _options;
    private readonly TimeProvider _time;
    private readonly ILifeline? _lifeline;
    private readonly IClearance? _clearance;

    /// <summary>Creates a loop.</summary>
    /// <param name="robot">The robot, not yet connected.</param>
    /// <param name="policy">What to play.</param>
    /// <param name="limits">What the guard allows.</param>
    /// <param name="options">Rates and times.</param>
    /// <param name="time">Measures the sections of a cycle; the deadlines are the robot's own.</param>
    /// <param name="lifeline">Ties the control thread to a watchdog in another process; null where there is none.</param>
    /// <param name="clearance">How much room a command leaves; null where nobody knows.</param>
    /// <exception cref="InputException">Names or order of the actuators differ, or an option is out of range.</exception>
    public ControlLoop(IRobot robot, IPolicy policy, MotionLimits limits, ControlLoopOptions options, TimeProvider time, ILifeline? lifeline = null, IClearance? clearance = null)
    {
        (_robot, _policy, _limits, _options, _time, _lifeline, _clearance) = (robot, policy, limits, options, time, lifeline, clearance);
        options.Validate();
        RequireSame(robot, policy.Actuators, "the policy");
        RequireSame(robot, limits.Layout, "the limits");
        if (policy.Steps < 1)
            throw new InputException("the policy has no steps to play");
    }

    /// <summary>Where the run stands.</summary>
    public Lifecycle Lifecycle { get; } = new();

    /// <summary>Ends the run early, from any thread.</summary>
    public StopRequest Stop { get; } = new();

    /// <summary>What the control thread has to say; drain it from one other thread.</summary>
    public LoopEventRing Events { get; } = new();

    /// <summary>Connects the robot.</summary>
    /// <exception cref="InputException">Something never answered.</exception>
    public async Task ConnectAsync(CancellationToken cancellation)
    {
        try
        {
            await _robot.ConnectAsync(cancellation);
        }
        catch (Exception e)
        {
            Enter(RunState.Faulted, e is InputException ? RunCause.CheckFailed : RunCause.RobotFailed);
            throw;
        }
        Enter(RunState.Connected, RunCause.Completed);
    }

    /// <summary>Plays; the task ends when the hands are raised.</summary>
    /// <param name="observer">Sees every cycle, on the control thread.</param>
    /// <returns>How it went; faults after the first motion are reported, not thrown.</returns>
    /// <exception cref="InputException">The run could not start; nothing has moved.</exception>
    /// <exception cref="InvalidOperationException">The robot is not connected, or this loop has run before.</exception>
    public Task<LoopReport> RunAsync(IRunObserver observer)
    {
        if (Lifecycle.State != RunState.Connected)
            throw new InvalidOperationException($"a run starts from {RunState.Connected}, not from {Lifecycle.State}");
        var done = new TaskCompletionSource<LoopReport>(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            try
            {
                done.SetResult(Run(observer));
            }
            catch (Exception e)
            {
                done.SetException(e);
            }
        })
        { Name = "control", IsBackground = false };
        thread.Start();
        return done.Task;
    }

    private LoopReport Run(IRunObserver observer)
    {
        var timing = new LoopTiming(_time);
        var guard = new Guard(_limits, _clearance);
        var sequence = new RunSequence(_robot, _policy, guard, Lifecycle, Stop, observer, _options, timing, Events, _lifeline);
        RealTimeGrant? grant = null;
        try
        {
            if (Prepare(sequence))
            {
                grant = _robot.Clock.IsRealTime ? RealTimeThread.TryPromote(_options.LockMemory) : null;
                sequence.Run();
            }
            return new LoopReport(
                Lifecycle.State, sequence.Cause, Stop.Source, sequence.StepsPlayed, timing.Report(), guard.Counts, guard.ChangedShare,
                grant?.Summary ?? "not asked for: the robot's time is simulated", sequence.Failure);
        }
        catch (Exception e) when (Lifecycle.State is RunState.Connected or RunState.Checked or RunState.Armed)
        {
            sequence.Enter(RunState.Faulted, e is InputException ? RunCause.CheckFailed : RunCause.RobotFailed);
            throw;
        }
        finally
        {
            if (grant is { MemoryLocked: true })
                RealTimeThread.UnlockMemory();
        }
    }

    private void Enter(RunState to, RunCause cause)
    {
        Lifecycle.Enter(to, cause, _robot.Clock.Now);
        Events.Write(new LoopEvent(LoopEventKind.Transition, 0, (int)to));
    }

    /// <summary>Checks and warms up; false if someone asked to stop meanwhile.</summary>
    private bool Prepare(RunSequence sequence)
    {
        sequence.Check();
        sequence.Enter(RunState.Checked, RunCause.Completed);
        DryRun.Execute(_robot, _policy, _limits, sequence.Measured, _options, _time);
        // What is garbage now would otherwise be collected in the middle of a phrase.
        GC.Collect();
        sequence.Enter(RunState.Armed, RunCause.Completed);
        if (!Stop.IsRequested)
            return true;
        sequence.Enter(RunState.Stopped, RunCause.StopRequested);
        return false;
    }

    private static void RequireSame(IRobot robot, JointLayout other, string whose)
    {
        JointLayout own = robot.Actuators;
        if (own.Equals(other))
            return;
        for (int i = 0; i < Math.Min(own.Count, other.Count); i++)
        {
            if (own.Names[i] != other.Names[i] || own.Units[i] != other.Units[i])
                throw new InputException($"actuator {i} of {robot.Name} is {own.Names[i]} ({own.Units[i]}), but {other.Names[i]} ({other.Units[i]}) in {whose}");
        }
        throw new InputException($"{robot.Name} has {own.Count} actuators, {whose} {other.Count}");
    }
}
