namespace Legato.RobotDriver.Chaos;

/// <summary>Sees what a robot really reports and receives, on its side of the injected faults.</summary>
/// <remarks>Called on the control thread and part of its budget: copy and return, allocate nothing. Arguments are valid during the call only.</remarks>
public interface IRobotWitness
{
    /// <summary>A new measured state.</summary>
    void OnState(RobotState state, long now);

    /// <summary>A command on its way to the robot.</summary>
    void OnCommand(ReadOnlySpan<double> targets, long now);

    /// <summary>A key event.</summary>
    void OnKey(in KeyEvent key);
}
