using Legato.RobotDriver;
using Legato.Sim;

namespace Legato.Runtime.Loop;

/// <summary>Decides where the joints go, step by step.</summary>
/// <remarks>
/// Called by one thread. A call with step 0 begins a new run, whatever was asked before: the loop asks for a few steps while it
/// warms up. Steps rise, but may skip where a cycle came too late. <see cref="Act"/> allocates nothing after its first calls.
/// </remarks>
public interface IPolicy
{
    /// <summary>Order and units of the targets.</summary>
    JointLayout Actuators { get; }

    /// <summary>Number of steps, one per cycle of the loop.</summary>
    int Steps { get; }

    /// <summary>Computes the targets of one step.</summary>
    /// <param name="step">0 .. <see cref="Steps"/> − 1.</param>
    /// <param name="measured">The newest measured state.</param>
    /// <param name="now">The robot's time, ns: the state is older than it by what its stamp says.</param>
    /// <param name="targets">Receives a position per actuator, rad or m.</param>
    /// <param name="pedal">Receives the sustain pedal, 0..1.</param>
    void Act(int step, RobotState measured, long now, Span<double> targets, out double pedal);

    /// <summary>Told of every key event, in order, before the <see cref="Act"/> of its cycle; also while nothing is played. Allocates nothing.</summary>
    void Hear(in KeyEvent key)
    {
    }
}
