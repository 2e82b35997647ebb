using System.Runtime.InteropServices;
using Legato.RobotDriver.Configuration;
using Legato.Sim;
using Legato.Sim.Scene;
using Rclcs;
using Rclcs.Messages.BuiltinInterfaces;
using Rclcs.Messages.StdMsgs;
using Rclcs.Messages.TrajectoryMsgs;

namespace Legato.RobotDriver.Lab;

/// <summary>Sends position targets to one hand.</summary>
/// <remarks>For the control thread. Publishing reuses one message and allocates nothing.</remarks>
internal sealed class ShadowHand
{
    // A control cycle is 50 ms; DDS must not hold it up for long.
    private static readonly QosProfile Qos = QosProfile.SystemDefault with { MaxBlocking = TimeSpan.FromMilliseconds(5) };

    private readonly int[] _actuators;
    private readonly List<double> _positions;
    private readonly Publisher _publisher;
    private readonly Action _publish;
    private long _sent;
    private long _failed;

    /// <param name="node">Publishes.</param>
    /// <param name="settings">Topic, message type, names and order.</param>
    /// <param name="layout">Order of the targets, both hands and rails.</param>
    /// <exception cref="InputException">The list of joints lacks one that the robot's action space commands.</exception>
    public ShadowHand(Node node, HandSettings settings, JointLayout layout)
    {
        string prefix = settings.Side.Prefix() + "A_";
        foreach (string actuator in layout.Names.Where(name => name.StartsWith(prefix, StringComparison.Ordinal)))
        {
            if (!settings.CommandJoints.Contains(ShadowHandNames.CommandJoint(actuator)))
                throw new InputException($"{settings.CommandJointsSource} lacks {ShadowHandNames.CommandJoint(actuator)}, which the robot's action space commands; add it");
        }
        _actuators = [.. settings.CommandJoints.Select(joint => layout.IndexOf(prefix + joint[(prefix.Length - 2)..]))];
        Frozen = [.. settings.CommandJoints.Where((_, i) => _actuators[i] < 0).SelectMany(ShadowHandNames.MeasuredJoints)];
        _positions = [.. new double[_actuators.Length]];
        Topic = settings.CommandTopic;
        (_publisher, _publish) = settings.CommandType == HandCommandType.Trajectory ? TrajectoryPublisher(node, settings) : ArrayPublisher(node, settings);
    }

    /// <summary>Topic of the commands.</summary>
    public string Topic { get; }

    /// <summary>True once somebody listens.</summary>
    public bool IsHeard => _publisher.MatchedSubscriptions > 0;

    /// <summary>Measured joints that the hand has and the action space leaves out: they are commanded to zero.</summary>
    public IReadOnlyList<string> Frozen { get; }

    /// <summary>Commands handed to DDS, and refused by it.</summary>
    public (long Sent, long Failed) Counts => (Volatile.Read(ref _sent), Volatile.Read(ref _failed));

    /// <summary>Sends targets in the layout's order.</summary>
    /// <exception cref="RclcsException">DDS fails in a way that no next cycle repairs.</exception>
    public void Write(ReadOnlySpan<double> targets)
    {
        Span<double> positions = CollectionsMarshal.AsSpan(_positions);
        for (int i = 0; i < positions.Length; i++)
            positions[i] = _actuators[i] < 0 ? 0 : targets[_actuators[i]];
        try
        {
            _publish();
            Volatile.Write(ref _sent, _sent + 1);
        }
        catch (RclcsException e) when (e.Code == DdsReturnCode.Timeout)
        {
            Volatile.Write(ref _failed, _failed + 1);
        }
    }

    private (Publisher Publisher, Action Publish) TrajectoryPublisher(Node node, HandSettings settings)
    {
        Publisher<JointTrajectory> publisher = node.CreatePublisher<JointTrajectory>(settings.CommandTopic, Qos);
        var message = new JointTrajectory
        {
            JointNames = [.. settings.CommandJoints],
            Points = [new JointTrajectoryPoint { Positions = _positions, TimeFromStart = Duration.FromNanoseconds((long)settings.TimeFromStart.TotalNanoseconds) }],
        };
        return (publisher, () => publisher.Publish(message));
    }

    private (Publisher Publisher, Action Publish) ArrayPublisher(Node node, HandSettings settings)
    {
        Publisher<Float64MultiArray> publisher = node.CreatePublisher<Float64MultiArray>(settings.CommandTopic, Qos);
        var message = new Float64MultiArray { Data = _positions };
        return (publisher, () => publisher.Publish(message));
    }
}
