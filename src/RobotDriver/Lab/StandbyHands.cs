using Legato.RobotDriver.Configuration;
using Legato.Sim;
using Legato.Sim.Scene;
using Rclcs;

namespace Legato.RobotDriver.Lab;

/// <summary>Both hands on ROS 2, on standby.</summary>
/// <remarks>Everything but <see cref="TryRead"/> and <see cref="Write"/> is thread-safe.</remarks>
public sealed class StandbyHands : IStandbyHands, IDisposable
{
    private const string NodeName = "legato_watchdog", WarmUpTopic = "/legato_watchdog/warm_up";

    private readonly RobotConfiguration _robot;
    private readonly JointLayout _actuators, _joints;
    private readonly HandsLink _hands;

    private StandbyHands(RobotConfiguration robot, JointLayout actuators, JointLayout joints, HandsLink hands) =>
        (_robot, _actuators, _joints, _hands) = (robot, actuators, joints, hands);

    /// <summary>Identity on the network, by which the commanding process knows its companion.</summary>
    public Gid Participant => _hands.Participant;

    /// <inheritdoc/>
    public string? Missing => !_hands.States.Ready.IsCompletedSuccessfully ? _hands.States.Failure?.Message ?? _hands.States.Missing
        : string.Join(", ", _hands.Unheard) is { Length: > 0 } topics ? $"nobody listens on {topics}" : null;

    /// <summary>Joins the domain and begins to listen.</summary>
    /// <param name="robot">Of kind lab.</param>
    /// <param name="actuators">Order of commands, as the scene that models the robot has it.</param>
    /// <param name="joints">Order of states, as the scene has it.</param>
    /// <param name="clock">The machine's monotonic clock.</param>
    /// <exception cref="ArgumentException">The robot is a simulation.</exception>
    /// <exception cref="InputException">The domain cannot be joined, a topic's name is illegal, or joints are missing.</exception>
    public static StandbyHands Join(RobotConfiguration robot, JointLayout actuators, JointLayout joints, IRobotClock clock)
    {
        if (robot.Kind != RobotKind.Lab)
            throw new ArgumentException($"The robot '{robot.Name}' is simulated.", nameof(robot));
        HandsLink hands = HandsLink.Open(NodeName, robot, actuators, joints, clock);
        hands.States.Start();
        RealTimeThread.RaiseProcess();
        return new StandbyHands(robot, actuators, joints, hands);
    }

    /// <summary>Sends commands where nobody listens, so that the first one that counts runs compiled code.</summary>
    /// <exception cref="RclcsException">DDS fails.</exception>
    public void WarmUp()
    {
        using Context context = RealTimeThread.Call(() => new Context(_robot.Ros!.Options));
        Node node = context.CreateNode(NodeName + "_warm_up");
        var nowhere = new double[_actuators.Count];
        foreach (ArmSettings arm in (ArmSettings[])[_robot.Right!, _robot.Left!])
        {
            var hand = new ShadowHand(node, arm.Hand with { CommandTopic = WarmUpTopic + "/" + arm.Hand.Side.Prefix().TrimEnd('_') }, _actuators);
            hand.Write(nowhere);
        }
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The thread that receives has failed.</exception>
    public bool TryRead(RobotState state)
    {
        if (_hands.States.Failure is { } failure)
            throw new InvalidOperationException($"{_hands.States.Missing}: its thread has failed: {failure.Message}", failure);
        if (!_hands.States.Samples.TryTake())
            return false;
        HandsSample sample = _hands.States.Samples.Current;
        sample.Positions.AsSpan(0, _joints.Count).CopyTo(state.Positions);
        sample.Velocities.AsSpan(0, _joints.Count).CopyTo(state.Velocities);
        state.Stamp = sample.Stamp;
        state.Sequence++;
        return true;
    }

    /// <inheritdoc/>
    /// <exception cref="RclcsException">DDS fails in a way that no next cycle repairs.</exception>
    public void Write(ReadOnlySpan<double> targets) => _hands.Write(targets);

    /// <inheritdoc/>
    public void Dispose() => _hands.Dispose();
}
