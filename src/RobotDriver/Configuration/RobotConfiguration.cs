using Legato.Sim.Scene;
using Rclcs;

namespace Legato.RobotDriver.Configuration;

/// <summary>What stands behind <see cref="IRobot"/>.</summary>
public enum RobotKind
{
    /// <summary>A simulation in this process.</summary>
    Sim,

    /// <summary>The rig of the laboratory, or the stand-in that speaks its protocols.</summary>
    Lab,
}

/// <summary>A robot as a YAML file describes it. Every key, with unit, default and range, is in <c>hardware/config/robots/lab.yaml</c>.</summary>
/// <remarks>Immutable. Paths are absolute: they were resolved against the folder of the file.</remarks>
public sealed record RobotConfiguration
{
    /// <summary>The file it was read from, as errors name it.</summary>
    public required string File { get; init; }

    /// <summary>The robot's name.</summary>
    public required string Name { get; init; }

    /// <summary>What stands behind it.</summary>
    public required RobotKind Kind { get; init; }

    /// <summary>The scene that models it: geometry, action space, fingers.</summary>
    public required SceneOptions SceneOptions { get; init; }

    /// <summary>File of the guard's limits, or null: the actuators' ranges only, which is enough for a simulation.</summary>
    public required string? LimitsPath { get; init; }

    /// <summary>The reality of the stand-in that has to be started first, or null for a rig that is there.</summary>
    public required string? StandInReality { get; init; }

    /// <summary>The reality that a simulation in this process has instead of the plain simulator, or null.</summary>
    public string? SimulatedReality { get; init; }

    /// <summary>The reality behind the robot, whoever simulates it, or null.</summary>
    public string? Reality => SimulatedReality ?? StandInReality;

    /// <summary>Whether something real moves.</summary>
    public bool IsHardware => Kind != RobotKind.Sim && Reality is null;

    /// <summary>Seed of what a simulated rig draws anew in every run: noise, jitter, drop-outs. No file has it; hardware has no use for it.</summary>
    /// <value>Default 0.</value>
    public int RunSeed { get; init; }

    /// <summary>How to reach the hands. Null for a simulation, as are the other parts of the rig.</summary>
    public RosSettings? Ros { get; init; }

    /// <summary>The right hand and its rail.</summary>
    public ArmSettings? Right { get; init; }

    /// <summary>The left hand and its rail.</summary>
    public ArmSettings? Left { get; init; }

    /// <summary>The keyboard.</summary>
    public KeyboardSettings? Keyboard { get; init; }

    /// <summary>The sustain pedal.</summary>
    public PedalSettings? Pedal { get; init; }

    /// <summary>How long to wait for what.</summary>
    public Timeouts Timeouts { get; init; } = new();

    /// <summary>Reads a robot's file.</summary>
    /// <exception cref="InputException">One line <c>file:line: what was expected</c>.</exception>
    public static RobotConfiguration Load(string path) => RobotConfigurationReader.Load(path);
}

/// <summary>How to reach ROS 2.</summary>
/// <param name="Options">Domain, network interface, release.</param>
/// <param name="EStopTopic">A <c>std_msgs/msg/Bool</c> topic whose <c>true</c> stops the robot.</param>
public sealed record RosSettings(ContextOptions Options, string EStopTopic);

/// <summary>One hand with its rail.</summary>
/// <param name="Hand">The hand.</param>
/// <param name="Rail">The rail.</param>
public sealed record ArmSettings(HandSettings Hand, RailSettings Rail);

/// <summary>The message type of a hand's commands.</summary>
public enum HandCommandType
{
    /// <summary><c>trajectory_msgs/msg/JointTrajectory</c> with one point, for a joint_trajectory_controller.</summary>
    Trajectory,

    /// <summary><c>std_msgs/msg/Float64MultiArray</c>, for a forward_command_controller.</summary>
    Array,
}

/// <summary>A hand's topics.</summary>
public sealed record HandSettings
{
    /// <summary>Which hand.</summary>
    public required HandSide Side { get; init; }

    /// <summary>Topic of its <c>sensor_msgs/msg/JointState</c> messages. Both hands may share one.</summary>
    public required string StatesTopic { get; init; }

    /// <summary>How often it sends them, Hz; what is missing from this rate counts as lost. 0 does not count.</summary>
    public required double StatesRate { get; init; }

    /// <summary>Message type of its commands.</summary>
    public required HandCommandType CommandType { get; init; }

    /// <summary>Topic of its commands.</summary>
    public required string CommandTopic { get; init; }

    /// <summary>When a trajectory's point is due.</summary>
    public required TimeSpan TimeFromStart { get; init; }

    /// <summary>Names and order of the commanded joints, for example <c>rh_FFJ0</c>.</summary>
    public required IReadOnlyList<string> CommandJoints { get; init; }

    /// <summary>Where the joints stand, for errors: <c>file:line: 'key'</c>.</summary>
    public required string CommandJointsSource { get; init; }
}

/// <summary>A rail: one motor controller with two axes on a serial port.</summary>
public sealed record RailSettings
{
    /// <summary>Which hand it carries.</summary>
    public required HandSide Side { get; init; }

    /// <summary>The serial port.</summary>
    public required string Port { get; init; }

    /// <summary>Bits per second.</summary>
    public required int Baud { get; init; }

    /// <summary>Whether lines carry a checksum.</summary>
    public required bool Checksum { get; init; }

    /// <summary>Whether to switch the axes to closed-loop control when they are not in it.</summary>
    public required bool CloseLoop { get; init; }

    /// <summary>The axis along the keyboard, <c>forearm_tx</c>.</summary>
    public required RailAxis Lateral { get; init; }

    /// <summary>The axis towards the keys, <c>forearm_ty</c>.</summary>
    public required RailAxis Depth { get; init; }
}

/// <summary>One axis of a rail: position = offset + sign · turns · metres per turn.</summary>
/// <param name="Index">Number of the axis on its controller.</param>
/// <param name="MetresPerTurn">Travel per turn of the motor, m, &gt; 0.</param>
/// <param name="Sign">+1 or −1.</param>
/// <param name="Offset">Position at turn 0, m.</param>
public sealed record RailAxis(int Index, double MetresPerTurn, int Sign, double Offset)
{
    /// <summary>Position of a number of turns, m.</summary>
    public double ToMetres(double turns) => Offset + (Sign * MetresPerTurn * turns);

    /// <summary>Velocity of a number of turns per second, m/s.</summary>
    public double ToMetresPerSecond(double turnsPerSecond) => Sign * MetresPerTurn * turnsPerSecond;

    /// <summary>Turns of a position.</summary>
    public double ToTurns(double metres) => Sign * (metres - Offset) / MetresPerTurn;
}

/// <summary>The MIDI keyboard.</summary>
public sealed record KeyboardSettings
{
    /// <summary>The serial port (<see cref="Baud"/> applies) or raw MIDI device node.</summary>
    public required string Path { get; init; }

    /// <summary>True for a raw MIDI device node, false for a serial port.</summary>
    public required bool IsRawMidi { get; init; }

    /// <summary>Bits per second of a serial port; MIDI's own is 31250.</summary>
    public required int Baud { get; init; }

    /// <summary>MIDI note of key 0.</summary>
    public required int FirstNote { get; init; }

    /// <summary>How long the instrument takes from the key to the wire; subtracted from the events' time.</summary>
    public required TimeSpan Latency { get; init; }

    /// <summary>Whether it sends active sensing, so that silence from the start means that it is not there.</summary>
    public required bool ActiveSensing { get; init; }

    /// <summary>A key that is down for longer counts as stuck and is released; zero never does.</summary>
    public required TimeSpan StuckAfter { get; init; }
}

/// <summary>The sustain pedal: controller 64 on the keyboard's cable.</summary>
/// <param name="Enabled">False sends nothing.</param>
/// <param name="Channel">MIDI channel, 0..15 as on the wire (the file counts from 1).</param>
public sealed record PedalSettings(bool Enabled, int Channel);

/// <summary>How long to wait for what.</summary>
public sealed record Timeouts
{
    /// <summary>For everything to answer, in total.</summary>
    /// <value>Default 10 s.</value>
    public TimeSpan Connect { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>For the discovery of other commanders, counted from joining the domain.</summary>
    /// <value>Default 1 s.</value>
    public TimeSpan Discovery { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>For one answer of a rail.</summary>
    /// <value>Default 50 ms.</value>
    public TimeSpan RailAnswer { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Silence after which a keyboard that sends active sensing counts as gone: twice the standard's 300 ms.</summary>
    /// <value>Default 600 ms.</value>
    public TimeSpan KeyboardSilence { get; init; } = TimeSpan.FromMilliseconds(600);

    /// <summary>For the stand-in to say that it runs.</summary>
    /// <value>Default 30 s.</value>
    public TimeSpan StandIn { get; init; } = TimeSpan.FromSeconds(30);
}
