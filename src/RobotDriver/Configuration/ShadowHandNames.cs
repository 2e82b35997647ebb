using Legato.Sim.Scene;

namespace Legato.RobotDriver.Configuration;

/// <summary>Joint names of a Shadow Dexterous Hand E3M5 and the topics of its controllers.</summary>
internal static class ShadowHandNames
{
    private static readonly string[] Commands =
    [
        "WRJ2", "WRJ1", "THJ5", "THJ4", "THJ3", "THJ2", "THJ1", "FFJ4", "FFJ3", "FFJ0",
        "MFJ4", "MFJ3", "MFJ0", "RFJ4", "RFJ3", "RFJ0", "LFJ5", "LFJ4", "LFJ3", "LFJ0",
    ];

    /// <summary>The 20 joints that can be commanded; J0 is the coupled pair J1 + J2.</summary>
    public static IReadOnlyList<string> CommandJoints(HandSide side) => [.. Commands.Select(joint => side.Prefix() + joint)];

    /// <summary>The joint that an actuator of the scene commands: <c>rh_A_FFJ0</c> → <c>rh_FFJ0</c>.</summary>
    public static string CommandJoint(string actuator) => actuator.Replace("_A_", "_", StringComparison.Ordinal);

    /// <summary>The joints that are measured under a commanded one: itself, or J1 and J2.</summary>
    public static IReadOnlyList<string> MeasuredJoints(string commandJoint) => commandJoint.EndsWith("J0", StringComparison.Ordinal)
        ? [commandJoint[..^1] + "1", commandJoint[..^1] + "2"]
        : [commandJoint];

    /// <summary>The topic that each kind of controller listens on.</summary>
    public static string CommandTopic(HandSide side, HandCommandType type) => type == HandCommandType.Trajectory
        ? $"/{side.Prefix()}trajectory_controller/joint_trajectory"
        : $"/{side.Prefix()}position_controller/commands";
}
