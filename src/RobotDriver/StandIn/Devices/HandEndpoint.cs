using System.Collections.Frozen;

using Legato.Sim;
using Legato.Sim.Scene;

using Rclcs;
using Rclcs.Messages.BuiltinInterfaces;
using Rclcs.Messages.SensorMsgs;
using Rclcs.Messages.StdMsgs;
using Rclcs.Messages.TrajectoryMsgs;

namespace Legato.RobotDriver.StandIn;

/// <summary>The ROS side of one hand: joint states out, commands in, with a thread of its own.</summary>
/// <remarks>Commands are checked as ros2_control's controllers check them: a wrong one is dropped as a whole, with a warning.</remarks>
internal sealed class HandEndpoint : IDisposable
{
    private readonly HandSide _side;
    private readonly RigExchange _exchange;
    private readonly WarnOnce _log;
    private readonly Node _node;
    private readonly Publisher<JointState> _states;
    private readonly Subscription<JointTrajectory> _trajectories;
    private readonly Subscription<Float64MultiArray> _arrays;
    private readonly WaitSet _waitSet;
    private readonly Thread _thread;
    private readonly FrozenDictionary<string, int> _motors;
    private readonly int[] _joints;
    private readonly double[] _positions, _velocities, _targets;
    private readonly JointState _state = new();
    private readonly Publisher<BrokenJointState> _broken;
    private readonly BrokenJointState _brokenState = new();
    private readonly RigPlant _plant;
    private readonly ReportQueue _reports;
    private volatile bool _stopping, _isCorrupt;

    public HandEndpoint(HandSide side, Context context, RigPlant plant, RigExchange exchange, WarnOnce log)
    {
        (_side, _plant, _exchange, _log) = (side, plant, exchange, log);
        string prefix = side == HandSide.Right ? "rh" : "lh";
        JointLayout layout = plant.Scene.Joints;
        _joints =
        [
            .. Enumerable.Range(0, layout.Count)
                .Where(j => layout.Units[j] == JointUnit.Radian && layout.Names[j].StartsWith(prefix, StringComparison.Ordinal))
                .OrderBy(j => layout.Names[j], StringComparer.Ordinal),
        ];
        foreach (int j in _joints)
        {
            _state.Name.Add(layout.Names[j]);
            _state.Position.Add(0);
            _state.Velocity.Add(0);
        }
        (_positions, _velocities) = (new double[layout.Count], new double[layout.Count]);
        _reports = new ReportQueue(layout.Count);
        _motors = plant.Motors(side).Select((name, i) => (name, i)).ToFrozenDictionary(p => p.name, p => p.i, StringComparer.Ordinal);
        _targets = new double[_motors.Count];

        _node = context.CreateNode($"{prefix}_shadow_hand");
        _states = _node.CreatePublisher<JointState>("/joint_states");
        _broken = _node.CreatePublisher<BrokenJointState>("/joint_states");
        _trajectories = _node.CreateSubscription<JointTrajectory>($"/{prefix}_trajectory_controller/joint_trajectory");
        _arrays = _node.CreateSubscription<Float64MultiArray>($"/{prefix}_position_controller/commands");
        _waitSet = new WaitSet(_trajectories, _arrays);
        _thread = new Thread(Serve) { IsBackground = true, Name = $"hand {side}" };
        _thread.Start();
    }

    /// <summary>Whether a message that is none follows every joint state.</summary>
    public bool IsCorrupt
    {
        set => _isCorrupt = value;
    }

    /// <summary>Publishes where the joints are. For the physics thread.</summary>
    /// <param name="stamp">When that is, by the wall clock.</param>
    public void PublishState(Time stamp)
    {
        _reports.Add(_plant, stamp);
        _waitSet.Wake();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stopping = true;
        _waitSet.Wake();
        _thread.Join();
        _waitSet.Dispose();
        _node.Dispose();
    }

    private void Serve()
    {
        RealTimeThread.CarryMessages();
        var trajectory = new JointTrajectory();
        var array = new Float64MultiArray();
        while (!_stopping)
        {
            _waitSet.Wait(Timeout.InfiniteTimeSpan);
            while (_reports.TryTake(_positions, _velocities, out Time stamp))
                Publish(stamp);
            while (Take(_trajectories, trajectory))
                Command(trajectory);
            while (Take(_arrays, array))
                Command(array);
        }
    }

    private bool Take<T>(Subscription<T> subscription, T into) where T : class, IMessage<T>, new()
    {
        try
        {
            return subscription.TryTake(into, out _);
        }
        catch (CdrException e)
        {
            _log.Warn(subscription.Topic, e.Message);
            return false;
        }
    }

    private void Publish(Time stamp)
    {
        for (int i = 0; i < _joints.Length; i++)
        {
            _state.Position[i] = _positions[_joints[i]];
            _state.Velocity[i] = _velocities[_joints[i]];
        }
        _state.Header.Stamp = stamp;
        try
        {
            _states.Publish(_state);
            if (_isCorrupt)
                _broken.Publish(_brokenState);
        }
        catch (RclcsException e)
        {
            _log.Warn("publish", e.Message);
        }
    }

    private void Command(JointTrajectory trajectory)
    {
        if (trajectory.Points.Count != 1 || trajectory.Points[0].Positions.Count != trajectory.JointNames.Count)
        {
            _log.Warn("points", $"{_trajectories.Topic}: trajectories here have one point with a position for every joint; dropped");
            return;
        }
        List<double> positions = trajectory.Points[0].Positions;
        Array.Fill(_targets, double.NaN);
        for (int i = 0; i < positions.Count; i++)
        {
            if (!_motors.TryGetValue(trajectory.JointNames[i], out int motor))
            {
                _log.Warn("joint", $"{_trajectories.Topic}: no joint '{trajectory.JointNames[i]}' (J1 and J2 of a finger are commanded as J0); dropped");
                return;
            }
            _targets[motor] = positions[i];
        }
        Hand(positions, _trajectories.Topic, trajectory.Points[0].TimeFromStart.TotalNanoseconds * 1e-9);
    }

    private void Command(Float64MultiArray array)
    {
        if (array.Data.Count != _targets.Length)
        {
            _log.Warn("size", $"{_arrays.Topic}: {array.Data.Count} values for {_targets.Length} joints; dropped");
            return;
        }
        array.Data.CopyTo(_targets);
        Hand(array.Data, _arrays.Topic, 0);
    }

    private void Hand(List<double> sent, string topic, double duration)
    {
        foreach (double position in sent)
        {
            if (!double.IsFinite(position))
            {
                _log.Warn("finite", $"{topic}: a position is not a finite number; dropped");
                return;
            }
        }
        _exchange.CommandHand(_side, _targets, Math.Max(duration, 0));
    }
}
