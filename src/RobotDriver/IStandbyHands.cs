namespace Legato.RobotDriver;

/// <summary>The hands of a rig as a second process sees them that may have to take over: states in, publishers ready, nothing sent.</summary>
/// <remarks>Rails and keyboard are not its business: a serial port serves one process. <see cref="TryRead"/> and <see cref="Write"/> belong to one thread and allocate nothing.</remarks>
public interface IStandbyHands
{
    /// <summary>What keeps it from being ready to take over, in one line; null when it is.</summary>
    string? Missing { get; }

    /// <summary>Copies the newest state; rails stand at 0, as nobody here measures them. False when it has been read before.</summary>
    bool TryRead(RobotState state);

    /// <summary>Sends targets to both hands, in the actuators' order; those of the rails are not used.</summary>
    void Write(ReadOnlySpan<double> targets);
}
