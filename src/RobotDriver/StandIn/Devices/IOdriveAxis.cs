namespace Legato.RobotDriver.StandIn;

/// <summary>One motor of a rail controller, in turns.</summary>
public interface IOdriveAxis
{
    /// <summary>Position in turns and velocity in turns per second, both below 1e30.</summary>
    (double Position, double Velocity) Estimate { get; }

    /// <summary>Whether the motor holds its set-point.</summary>
    bool IsEnabled { get; set; }

    /// <summary>Takes a set-point.</summary>
    /// <param name="turns">Where to go.</param>
    /// <param name="speed">Fastest, turns per second.</param>
    void MoveTo(double turns, double speed);
}
