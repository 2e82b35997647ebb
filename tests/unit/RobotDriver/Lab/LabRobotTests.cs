using System.Diagnostics;
using FsCheck;
using FsCheck.Fluent;
using Legato.RobotDriver;
using Legato.RobotDriver.Lab;
using Rclcs;
using Rclcs.Messages.StdMsgs;
using Rclcs.Messages.TrajectoryMsgs;
using static Legato.Tests.RobotDriver.Lab.PluggedDevice;

namespace Legato.Tests.RobotDriver.Lab;

[Collection(RealTimeCollection.Name)]
public sealed class LabRobotTests : IAsyncLifetime
{
    private const string Quick = "timeouts: {connect: 60, discovery: 0}";

    private readonly FakeRig _rig = new();
    private LabRobot _robot = null!;
    private RobotState _state = null!;
    private long _stamp = 1_000_000_000_000;

    public async ValueTask InitializeAsync()
    {
        _robot = await _rig.ConnectAsync(_rig.Configuration(Quick), TestContext.Current.CancellationToken);
        _state = new RobotState(_robot.Joints);
    }

    public async ValueTask DisposeAsync()
    {
        await _robot.DisposeAsync();
        _rig.Dispose();
    }

    [Fact]
    public void PutsTheStateTogetherByName()
    {
        _rig.Right.SetTurns(5, 1);
        _rig.Left.SetTurns(5, 1);
        _rig.PublishHands(offset: 0.25, Next());
        ReadUntil(state => Of(state, "rh_WRJ2") == FakeRig.Position("rh_WRJ2", 0.25) && Of(state, "lh_forearm_tx") == -0.1 && Of(state, "rh_forearm_ty") == 0.02 && Of(state, "rh_forearm_tx") > 0.09);

        foreach (string joint in _robot.Joints.Names.Where(name => !name.Contains("forearm", StringComparison.Ordinal)))
        {
            Assert.Equal(FakeRig.Position(joint, 0.25), Of(_state, joint));
            Assert.Equal(-FakeRig.Position(joint, 0.25), _state.Velocities[_robot.Joints.Require(joint)]);
        }
        Assert.Equal(0.1, Of(_state, "rh_forearm_tx"), 9);
        Assert.Equal(-0.005, _state.Velocities[_robot.Joints.Require("lh_forearm_tx")], 9);
    }

    [Fact]
    public void AnyOrderOfNamesInAnyPartsGivesTheSameState() => Prop.ForAll(
        Gen.Shuffle(Enumerable.Range(0, 48)).Zip(Gen.Choose(1, 47)).Zip(Gen.Choose(1, 1000)).ToArbitrary(),
        sample =>
        {
            ((int[] order, int cut), int tenths) = sample;
            double offset = tenths / 8.0;
            foreach (int[] part in (int[][])[order[..cut], order[cut..]])
            {
                _rig.PublishStates("rh_", offset, part.Where(i => i < 24), Next());
                _rig.PublishStates("lh_", offset + 100, part.Where(i => i >= 24).Select(i => i - 24), Next());
            }
            ReadUntil(state => _robot.Joints.Names.Where(name => !name.Contains("forearm", StringComparison.Ordinal))
                .All(joint => Of(state, joint) == FakeRig.Position(joint, offset)));
        }).Holds(40);

    [Fact]
    public void TheStampIsThatOfTheOldestPart()
    {
        long before = Stopwatch.GetTimestamp();
        _rig.PublishStates("rh_", 1, Enumerable.Range(0, 24), Next());
        ReadUntil(state => Of(state, "rh_FFJ1") == FakeRig.Position("rh_FFJ1", 1));
        Assert.True(_state.Stamp < before, "the left hand is older than its stamp says");

        _rig.PublishHands(2, Next());
        ReadUntil(state => Of(state, "lh_WRJ2") == FakeRig.Position("lh_WRJ2", 2) && state.Stamp > before);
        Assert.InRange(_state.Stamp, before, Stopwatch.GetTimestamp());

        // A rail that is gone holds the stamp back, whatever the hands do.
        _rig.Left.Device.Unplug();
        Eventually(() => _robot.Losses.Count > 0 && !RailDelivers(), "the rail is gone");
        long gone = Stopwatch.GetTimestamp();
        _rig.PublishHands(3, Next());
        ReadUntil(state => Of(state, "lh_WRJ2") == FakeRig.Position("lh_WRJ2", 3));
        Assert.True(_state.Stamp < gone);
    }

    [Fact]
    public void MissingStatesAreCountedAndSkippedInTheSequence()
    {
        Stream(1, 20);
        long lost = Loss("joint_states").Lost, sequence = _state.Sequence;
        _stamp += 5 * 8_000_000;
        int reads = Stream(2, LossCounter.Patience);

        Assert.Equal(10, Loss("joint_states").Lost - lost);
        Assert.Equal(reads + 10, _state.Sequence - sequence);

        int Stream(double offset, int count)
        {
            int sum = 0;
            for (int i = 0; i < count; i++)
            {
                double position = offset + (i / 64.0);
                _rig.PublishHands(position, Next());
                sum += ReadUntil(state => Of(state, "lh_WRJ2") == FakeRig.Position("lh_WRJ2", position));
            }
            return sum;
        }
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void APositionThatIsNoNumberNeverBecomesAState(double bad)
    {
        _rig.PublishStates("rh_", bad, Enumerable.Range(0, 24), Next());
        Eventually(() => Loss("joint_states").Lost > 0, "the message is counted");
        _rig.PublishHands(1, Next());
        ReadUntil(state => Of(state, "lh_WRJ2") == FakeRig.Position("lh_WRJ2", 1));
        Assert.All(_state.Positions, position => Assert.True(double.IsFinite(position)));
    }

    [Fact]
    public void CommandsReachHandsAndRailsByName()
    {
        Subscription<JointTrajectory> right = _rig.Node.CreateSubscription<JointTrajectory>("/rh_trajectory_controller/joint_trajectory");
        Subscription<JointTrajectory> left = _rig.Node.CreateSubscription<JointTrajectory>("/lh_trajectory_controller/joint_trajectory");
        double[] targets = [.. Enumerable.Range(0, _robot.Actuators.Count).Select(i => 0.01 * i)];
        var message = new JointTrajectory();
        Eventually(() =>
        {
            _robot.Write(targets, 0);
            return right.TryTakeLatest(message, out _);
        }, "the right hand is told");
        Expect(message, "rh_");
        Eventually(() =>
        {
            _robot.Write(targets, 0);
            return left.TryTakeLatest(message, out _);
        }, "the left hand is told");
        Expect(message, "lh_");
        ReadUntil(state => Math.Abs(Of(state, "rh_forearm_tx") - Target("rh_forearm_tx")) < 1e-5 && Math.Abs(Of(state, "lh_forearm_tx") - Target("lh_forearm_tx")) < 1e-5);

        double Target(string actuator) => targets[_robot.Actuators.Require(actuator)];

        void Expect(JointTrajectory sent, string prefix)
        {
            Assert.Equal(20, sent.JointNames.Count);
            Assert.Equal([$"{prefix}WRJ2", $"{prefix}WRJ1", $"{prefix}THJ5"], sent.JointNames[..3]);
            JointTrajectoryPoint point = Assert.Single(sent.Points);
            Assert.Equal(5_000_000, point.TimeFromStart.TotalNanoseconds);
            Assert.Equal(sent.JointNames.Select(name => Target(name.Insert(3, "A_"))), point.Positions);
            Assert.Equal(0, sent.Header.Stamp.TotalNanoseconds);
        }
    }

    [Fact]
    public void KeysComeInOrderAndThePedalGoesOut()
    {
        _rig.Keyboard.Terminal.Write([0x90, 60, 100, 0x80, 60, 0]);
        var keys = new List<(int, bool)>();
        Eventually(() =>
        {
            while (_robot.TryReadKey(out KeyEvent key))
                keys.Add((key.Key, key.Down));
            return keys.Count == 2;
        }, "both events came");
        Assert.Equal([(39, true), (39, false)], keys);

        _robot.Write(new double[_robot.Actuators.Count], 1);
        byte[] buffer = new byte[3];
        Assert.Equal(3, _rig.Keyboard.Terminal.Read(buffer, Patience));
        Assert.Equal([0xB0, 64, 127], buffer);
    }

    [Fact]
    public void TheEStopTopicStops()
    {
        Eventually(() =>
        {
            _rig.PublishStop(false);
            return _rig.Context.Graph.GetSubscriptions().Any(each => each.Topic == "/legato/estop");
        }, "the robot listens");
        Assert.Null(_robot.StopReason);
        Eventually(() =>
        {
            _rig.PublishStop(true);
            return _robot.StopReason is not null;
        }, "it stops");
    }

    [Fact]
    public void ACommanderThatComesLaterIsFound()
    {
        Assert.Empty(_robot.FindOtherCommanders());
        using Context other = _rig.NewContext();
        other.CreateNode("rival").CreatePublisher<Float64MultiArray>("/lh_position_controller/commands");
        Eventually(() => _robot.FindOtherCommanders().Contains("/rival on /lh_position_controller/commands"), "the rival is found");
    }

    [Fact]
    public void TheControlThreadAllocatesNothing()
    {
        double[] targets = new double[_robot.Actuators.Count];
        for (int i = 1; i <= 11; i++)
            Cycle(i);
        // The runtime's own tables may grow in one cycle or another; a cycle that allocates does so each time.
        Assert.Equal(0, Enumerable.Range(6, 10).Min(pair => Cycle(2 * pair) + Cycle((2 * pair) + 1)));

        long Cycle(int i)
        {
            _rig.PublishHands(i, Next());
            _rig.Keyboard.Terminal.Write([0x90, 60, (byte)i]);
            targets[0] = 0.01 * i;
            Eventually(() => Loss("keyboard").Received >= i, "the key came");
            long before = GC.GetAllocatedBytesForCurrentThread();
            _robot.TryRead(_state);
            _robot.TryReadKey(out _);
            _robot.Write(targets, i % 2);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    [Fact]
    public async Task ConnectingTwiceIsADefect() =>
        await Assert.ThrowsAsync<InvalidOperationException>(() => _robot.ConnectAsync(TestContext.Current.CancellationToken));

    [Fact]
    public void TargetsOfAnotherLayoutAreRefused() => Assert.Throws<ArgumentException>(() => _robot.Write(new double[3], 0));

    private long Next() => _stamp += 8_000_000;

    private StreamLoss Loss(string stream) => _robot.Losses.Single(loss => loss.Stream == stream);

    private bool RailDelivers()
    {
        long before = Loss("rail_left").Received;
        return SpinWait.SpinUntil(() => Loss("rail_left").Received > before, TimeSpan.FromMilliseconds(50));
    }

    private double Of(RobotState state, string joint) => state.Positions[_robot.Joints.Require(joint)];

    /// <summary>Reads states until one is as expected; returns how many were read.</summary>
    private int ReadUntil(Func<RobotState, bool> expected)
    {
        int reads = 0;
        Eventually(() =>
        {
            bool read = _robot.TryRead(_state);
            reads += read ? 1 : 0;
            return read && expected(_state);
        }, "such a state");
        return reads;
    }
}
