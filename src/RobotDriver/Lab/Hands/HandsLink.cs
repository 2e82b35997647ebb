using Legato.RobotDriver.Configuration;
using Legato.Sim;
using Rclcs;

namespace Legato.RobotDriver.Lab;

/// <summary>Both hands on ROS 2: one participant with their commands, their states and the e-stop.</summary>
/// <remarks><see cref="Write"/> and what <see cref="States"/> delivers belong to the control thread, the rest is thread-safe.</remarks>
internal sealed class HandsLink : IDisposable
{
    private readonly Context _context;
    private readonly ShadowHand _right, _left;
    private readonly string[] _frozen;
    private readonly HashSet<string> _commandTopics;
    private readonly int _joints;

    private HandsLink(Context context, string nodeName, RobotConfiguration robot, JointLayout actuators, JointLayout joints, IRobotClock clock)
    {
        HandSettings[] hands = [robot.Right!.Hand, robot.Left!.Hand];
        _context = context;
        Node node = context.CreateNode(nodeName);
        _right = new ShadowHand(node, hands[0], actuators);
        _left = new ShadowHand(node, hands[1], actuators);
        _commandTopics = [.. hands.SelectMany(CommandTopics)];
        _frozen = [.. _right.Frozen, .. _left.Frozen];
        _joints = joints.Count;
        IEnumerable<bool> expected = [.. joints.Units.Select(unit => unit == JointUnit.Radian), .. _frozen.Select(_ => true)];
        States = new JointStateReader(node, hands, [.. joints.Names, .. _frozen], expected, clock);
        Stop = new EmergencyStop(node, robot.Ros!.EStopTopic);
    }

    /// <summary>What the hands measure.</summary>
    public JointStateReader States { get; }

    /// <summary>The e-stop.</summary>
    public EmergencyStop Stop { get; }

    /// <summary>Commands sent, and refused by DDS.</summary>
    public StreamLoss Commands => new("commands", _right.Counts.Sent + _left.Counts.Sent, _right.Counts.Failed + _left.Counts.Failed);

    /// <summary>Identity of the participant on the network.</summary>
    public Gid Participant => _context.Gid;

    /// <summary>The command topics that nobody listens on, as far as this participant has discovered.</summary>
    public IEnumerable<string> Unheard => new[] { _right, _left }.Where(hand => !hand.IsHeard).Select(hand => hand.Topic);

    /// <summary>Joins the domain.</summary>
    /// <param name="nodeName">Name in the ROS graph.</param>
    /// <param name="robot">Topics, message types, names.</param>
    /// <param name="actuators">Order of commands.</param>
    /// <param name="joints">Order of states.</param>
    /// <param name="clock">The robot's time.</param>
    /// <exception cref="InputException">The domain cannot be joined, a topic's name is illegal, or joints are missing.</exception>
    public static HandsLink Open(string nodeName, RobotConfiguration robot, JointLayout actuators, JointLayout joints, IRobotClock clock)
    {
        Context? context = null;
        try
        {
            context = RealTimeThread.Call(() => new Context(robot.Ros!.Options));
            return new HandsLink(context, nodeName, robot, actuators, joints, clock);
        }
        catch (RclcsException e)
        {
            context?.Dispose();
            throw new InputException($"{robot.File}: 'ros': {e.Message}", e);
        }
        catch
        {
            context?.Dispose();
            throw;
        }
    }

    /// <summary>Sends targets in the actuators' order.</summary>
    public void Write(ReadOnlySpan<double> targets)
    {
        _right.Write(targets);
        _left.Write(targets);
    }

    /// <summary>Everyone else who commands these hands, one line each; a companion may.</summary>
    public IReadOnlyList<string> FindOtherCommanders(Gid? companion) => Commanders.FindOthers(_context, _commandTopics, companion);

    /// <summary>The topics that others publish, for messages; what a companion publishes says nothing of the rig.</summary>
    public string DescribeTopics(Gid? companion)
    {
        string[] topics = [.. _context.Graph.GetPublishers().Where(each => each.Participant != _context.Gid && each.Participant != companion).Select(each => each.Topic).Distinct().Order(StringComparer.Ordinal)];
        return topics.Length == 0
            ? $"nobody publishes in ROS domain {_context.Options.DomainId} on {_context.Options.Interface ?? "any interface"}"
            : $"topics there: {string.Join(", ", topics)}";
    }

    /// <summary>Checks that joints which are not commanded stand where the model has them. For the control thread, once states have come.</summary>
    /// <exception cref="InputException">One stands elsewhere and would jump with the first command.</exception>
    public void RequireFrozenAtZero(double tolerance)
    {
        States.Samples.TryTake();
        ReadOnlySpan<double> positions = States.Samples.Current.Positions.AsSpan(_joints);
        for (int i = 0; i < _frozen.Length; i++)
        {
            if (Math.Abs(positions[i]) > tolerance)
                throw new InputException(string.Create(System.Globalization.CultureInfo.InvariantCulture,
                    $"{_frozen[i]} stands at {positions[i]:0.###} rad, but the robot's action space or embodiment keeps it at 0 ± {tolerance} rad; move it there first"));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        States.Dispose();
        Stop.Dispose();
        _context.Dispose();
    }

    // A commander of the other kind of controller is one all the same.
    private static IEnumerable<string> CommandTopics(HandSettings hand) =>
        [hand.CommandTopic, .. Enum.GetValues<HandCommandType>().Select(type => ShadowHandNames.CommandTopic(hand.Side, type))];
}
