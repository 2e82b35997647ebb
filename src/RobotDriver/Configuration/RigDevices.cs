using System.Text.Json;

namespace Legato.RobotDriver.Configuration;

/// <summary>Where a rig is, when it is not where its file says: what a stand-in reports once it runs.</summary>
/// <param name="Domain">ROS domain.</param>
/// <param name="RailRight">Serial port of the right rail.</param>
/// <param name="RailLeft">Serial port of the left rail.</param>
/// <param name="Keyboard">Serial port of the keyboard.</param>
public sealed record RigDevices(int Domain, string RailRight, string RailLeft, string Keyboard)
{
    /// <summary>Reads the line that a stand-in prints when it is ready.</summary>
    /// <exception cref="InputException">It is something else.</exception>
    public static RigDevices Parse(string readyLine)
    {
        try
        {
            using var document = JsonDocument.Parse(readyLine);
            JsonElement devices = document.RootElement.GetProperty("devices");
            return new RigDevices(
                document.RootElement.GetProperty("domain").GetInt32(),
                devices.GetProperty("rail_right").GetString()!,
                devices.GetProperty("rail_left").GetString()!,
                devices.GetProperty("keyboard").GetString()!);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new InputException($"the stand-in said '{readyLine}' instead of where its devices are", e);
        }
    }

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
