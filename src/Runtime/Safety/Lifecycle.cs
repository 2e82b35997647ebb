using System.Collections.Frozen;

namespace Legato.Runtime.Safety;

/// <summary>Where a run stands.</summary>
public enum RunState
{
    /// <summary>Nothing is connected.</summary>
    Off,

    /// <summary>Every stream of the robot delivers.</summary>
    Connected,

    /// <summary>Names, limits and a fresh measured pose were found in order.</summary>
    Checked,

    /// <summary>Code and memory are warm; the next cycle moves.</summary>
    Armed,

    /// <summary>Moving from the measured pose to the first target.</summary>
    Homing,

    /// <summary>The policy plays.</summary>
    Playing,

    /// <summary>Leaving the keys.</summary>
    Lifting,

    /// <summary>Lifted (or never moved) and at rest, as intended.</summary>
    Stopped,

    /// <summary>Ended by a fault; <see cref="RunTransition.Cause"/> says which.</summary>
    Faulted,
}

/// <summary>Why a run went from one state to another.</summary>
public enum RunCause
{
    /// <summary>The step before it was completed.</summary>
    Completed,

    /// <summary>Someone asked to stop.</summary>
    StopRequested,

    /// <summary>No measured state arrived in time.</summary>
    StaleState,

    /// <summary>Reports arrived, but for too long none that can be true.</summary>
    ImplausibleState,

    /// <summary>The hands could not reach the first target.</summary>
    HomingBlocked,

    /// <summary>The hands did not follow the lift: fingers may still be on the keys.</summary>
    LiftBlocked,

    /// <summary>The policy threw.</summary>
    PolicyFailed,

    /// <summary>The robot's driver threw.</summary>
    RobotFailed,

    /// <summary>The recorder threw.</summary>
    RecorderFailed,

    /// <summary>A check before the first motion failed.</summary>
    CheckFailed,

    /// <summary>The watchdog in another process fell silent: nobody would lift the hands if this one died.</summary>
    WatchdogLost,

    /// <summary>This process was silent for too long; the watchdog has lifted the hands, and nothing more may be sent.</summary>
    Deposed,
}

/// <summary>One transition of a run.</summary>
/// <param name="From">State before.</param>
/// <param name="To">State after.</param>
/// <param name="Cause">Why.</param>
/// <param name="Stamp">When, in the robot's time, nanoseconds.</param>
public readonly record struct RunTransition(RunState From, RunState To, RunCause Cause, long Stamp);

/// <summary>
/// The states of one run and the only ways between them. Playing is reached through checking, arming and homing alone.
/// </summary>
/// <remarks>For one thread at a time; <see cref="State"/> may be read from any. A run needs a new one.</remarks>
public sealed class Lifecycle
{
    /// <summary>Every legal transition.</summary>
    public static readonly FrozenSet<(RunState From, RunState To)> Legal = new[]
    {
        (RunState.Off, RunState.Connected),
        (RunState.Connected, RunState.Checked),
        (RunState.Checked, RunState.Armed),
        (RunState.Armed, RunState.Homing),
        (RunState.Homing, RunState.Playing),
        (RunState.Playing, RunState.Lifting),
        (RunState.Lifting, RunState.Stopped),

        // Ended before the first motion: there is nothing to lift.
        (RunState.Off, RunState.Stopped),
        (RunState.Connected, RunState.Stopped),
        (RunState.Checked, RunState.Stopped),
        (RunState.Armed, RunState.Stopped),
        (RunState.Off, RunState.Faulted),
        (RunState.Connected, RunState.Faulted),
        (RunState.Checked, RunState.Faulted),
        (RunState.Armed, RunState.Faulted),

        // Ended in motion: always through the lift.
        (RunState.Homing, RunState.Lifting),
        (RunState.Lifting, RunState.Faulted),
    }.ToFrozenSet();

    // No run makes more: the longest path through the table.
    private readonly RunTransition[] _history = new RunTransition[8];
    private int _count;
    private volatile RunState _state = RunState.Off;

    /// <summary>Where the run stands.</summary>
    public RunState State => _state;

    /// <summary>Every transition so far, oldest first.</summary>
    public ReadOnlySpan<RunTransition> History => _history.AsSpan(0, _count);

    /// <summary>Goes to another state.</summary>
    /// <param name="to">The new state.</param>
    /// <param name="cause">Why.</param>
    /// <param name="stamp">When, in the robot's time.</param>
    /// <returns>The transition, for whoever records it.</returns>
    /// <exception cref="InvalidOperationException">There is no such transition.</exception>
    public RunTransition Enter(RunState to, RunCause cause, long stamp)
    {
        if (!Legal.Contains((_state, to)))
            throw new InvalidOperationException($"a run cannot go from {_state} to {to}");
        var transition = new RunTransition(_state, to, cause, stamp);
        _history[_count++] = transition;
        _state = to;
        return transition;
    }
}
