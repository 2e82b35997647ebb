using Legato.Sim.Scene;

namespace Legato.RobotDriver.StandIn;

/// <summary>How to run a stand-in.</summary>
public sealed record StandInOptions
{
    /// <summary>The reality to be.</summary>
    public required Reality Reality { get; init; }

    /// <summary>The ROS domain.</summary>
    /// <value>Default 0; 0..101.</value>
    public int Domain { get; init; }

    /// <summary>Name of the only network interface to use; null lets DDS choose.</summary>
    /// <value>Default <c>lo</c>: nothing leaves the machine.</value>
    public string? Interface { get; init; } = "lo";

    /// <summary>Folder for the names of the devices; null for a fresh one under the system's folder for temporary files.</summary>
    public string? Devices { get; init; }

    /// <summary>Which rig the physics model.</summary>
    public ScenePreset Preset { get; init; } = ScenePreset.RoboPianist;

    /// <summary>Receives the line that says everything runs.</summary>
    /// <value>Default: standard output.</value>
    public TextWriter Output { get; init; } = Console.Out;

    /// <summary>Receives warnings, one line each, from any thread.</summary>
    /// <value>Default: standard error.</value>
    public Action<string> Log { get; init; } = Console.Error.WriteLine;

    /// <summary>A stream whose lines are <see cref="StandInControl"/>'s, and whose end, the other side's death included, ends the stand-in; null for none.</summary>
    public Stream? ParentPipe { get; init; }

    /// <summary>The clock behind stamps.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
