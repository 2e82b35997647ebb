using Legato.RobotDriver;
using Legato.Runtime.Safety;

namespace Legato.Runtime.Loop;

/// <summary>Sees everything that happens in a run: the recorder's hook.</summary>
/// <remarks>
/// Called on the control thread and part of its budget: copy and return, allocate nothing. The arguments are valid during the
/// call only. An exception ends the run in a lift.
/// </remarks>
public interface IRunObserver
{
    /// <summary>A cycle is complete.</summary>
    void OnCycle(in CycleRecord cycle);

    /// <summary>A key went down or came up.</summary>
    void OnKey(in KeyEvent key);

    /// <summary>The run went from one state to another.</summary>
    void OnTransition(in RunTransition transition);
}

/// <summary>One cycle of the loop, as it happened.</summary>
public readonly ref struct CycleRecord
{
    /// <summary>Number of the cycle since homing began; its deadline is that many periods after the first one's.</summary>
    public required long Cycle { get; init; }

    /// <summary>The policy's step, or −1 while homing and lifting.</summary>
    public required int Step { get; init; }

    /// <summary>Homing, playing or lifting.</summary>
    public required RunState State { get; init; }

    /// <summary>When the cycle was due, in the robot's time, nanoseconds.</summary>
    public required long Deadline { get; init; }

    /// <summary>When it began.</summary>
    public required long Woke { get; init; }

    /// <summary>True if a new measured state arrived in this cycle.</summary>
    public required bool Fresh { get; init; }

    /// <summary>The newest measured state.</summary>
    public required RobotState Measured { get; init; }

    /// <summary>What the policy (or the move) wanted, one entry per actuator.</summary>
    public required ReadOnlySpan<double> Target { get; init; }

    /// <summary>What was sent.</summary>
    public required ReadOnlySpan<double> Sent { get; init; }

    /// <summary>Why each entry of <see cref="Sent"/> differs from <see cref="Target"/>.</summary>
    public required ReadOnlySpan<GuardReasons> Reasons { get; init; }

    /// <summary>The pedal as sent, 0..1.</summary>
    public required double Pedal { get; init; }
}
