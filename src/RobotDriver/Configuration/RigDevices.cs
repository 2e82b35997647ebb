namespace Legato.RobotDriver.Configuration;

/// <summary>Where a rig is, when it is not where its file says: what a stand-in reports once it runs.</summary>
/// <param name="Domain">ROS domain.</param>
/// <param name="RailRight">Serial port of the right rail.</param>
/// <param name="RailLeft">Serial port of the left rail.</param>
/// <param name="Keyboard">Serial port of the keyboard.</param>
public sealed record RigDevices(int Domain, string RailRight, string RailLeft, string Keyboard)
{
    /// <summary>The same robot with its parts there.</summary>
    /// <exception cref="ArgumentException">The robot is a simulation, which has no devices.</exception>
    public RobotConfiguration ApplyTo(RobotConfiguration robot)
    {
        if (robot is not { Ros: { } ros, Right: { } right, Left: { } left, Keyboard: { } keyboard })
            throw new ArgumentException($"The robot '{robot.Name}' is simulated and has no devices.", nameof(robot));
        return robot with
        {
            Ros = ros with { Options = ros.Options with { DomainId = Domain } },
            Right = right with { Rail = right.Rail with { Port = RailRight } },
            Left = left with { Rail = left.Rail with { Port = RailLeft } },
            Keyboard = keyboard with { Path = Keyboard, IsRawMidi = false },
        };
    }
}
