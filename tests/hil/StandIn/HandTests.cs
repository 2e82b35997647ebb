using Legato.RobotDriver.StandIn;

using Rclcs;
using Rclcs.Messages.BuiltinInterfaces;
using Rclcs.Messages.SensorMsgs;
using Rclcs.Messages.StdMsgs;
using Rclcs.Messages.TrajectoryMsgs;

using SerialPorts;

namespace Legato.Tests.StandIn;

// One rig at a time: each wants most of a core.
[Collection(RigCollection.Name)]
public sealed class HandTests
{
    private static readonly string[] Motors =
    [
        "WRJ2", "WRJ1", "THJ5", "THJ4", "THJ3", "THJ2", "THJ1", "FFJ4", "FFJ3", "FFJ0", "MFJ4", "MFJ3", "MFJ0", "RFJ4", "RFJ3", "RFJ0", "LFJ5", "LFJ4", "LFJ3", "LFJ0",
    ];

    private static readonly string[] States =
    [
        "FFJ1", "FFJ2", "FFJ3", "FFJ4", "LFJ1", "LFJ2", "LFJ3", "LFJ4", "LFJ5", "MFJ1", "MFJ2", "MFJ3", "MFJ4", "RFJ1", "RFJ2", "RFJ3", "RFJ4", "THJ1", "THJ2", "THJ3", "THJ4", "THJ5", "WRJ1", "WRJ2",
    ];

    [Fact]
    public async Task StatesOfBothHandsCome125TimesASecondAndInterleave()
    {
        await using RunningStandIn rig = await RunningStandIn.StartAsync();
        using Subscription<JointState> states = rig.Node.CreateSubscription<JointState>("/joint_states", QosProfile.Default with { Depth = 500 });
        var stamps = new List<long>();
        var hands = new List<char>();
        RunningStandIn.Await(states, state =>
        {
            char hand = state.Name[0][0];
            Assert.Equal(States.Select(name => $"{hand}h_{name}"), state.Name);
            Assert.Equal(States.Length, state.Position.Count);
            Assert.Equal(States.Length, state.Velocity.Count);
            hands.Add(hand);
            if (hand == 'r')
                stamps.Add(state.Header.Stamp.TotalNanoseconds);
            return stamps.Count >= 200;
        });

        long[] gaps = [.. stamps.Zip(stamps.Skip(1), (a, b) => b - a).Order()];
        // The median: a loaded machine delays some and then catches up.
        Assert.InRange(gaps[gaps.Length / 2], 7_000_000, 9_500_000);
        Assert.InRange(hands.Count(h => h == 'l'), 150, 250);
    }

    [Fact]
    public async Task ATrajectoryMovesTheJointsItNamesAndNoOther()
    {
        await using RunningStandIn rig = await RunningStandIn.StartAsync();
        using Subscription<JointState> states = rig.Node.CreateSubscription<JointState>("/joint_states");
        using Publisher<JointTrajectory> commands = rig.Node.CreatePublisher<JointTrajectory>("/rh_trajectory_controller/joint_trajectory");

        commands.Publish(Trajectory(("rh_FFJ3", 0.6), ("rh_WRJ2", -0.2)));
        JointState state = RunningStandIn.Await(states, s =>
        {
            if (s.Name[0] != "rh_FFJ1")
                return false;
            // Until both sides of the match know of it, commands are lost.
            commands.Publish(Trajectory(("rh_FFJ3", 0.6), ("rh_WRJ2", -0.2)));
            return Math.Abs(At(s, "rh_FFJ3") - 0.6) < 0.05 && Math.Abs(At(s, "rh_WRJ2") + 0.2) < 0.05;
        });

        Assert.InRange(At(state, "rh_MFJ3"), -0.05, 0.05);
        Assert.InRange(At(state, "rh_THJ4"), -0.05, 0.05);
    }

    [Fact]
    public async Task AnArrayOfTwentyMovesAHandAndWrongCommandsAreDroppedWithOneWarningEach()
    {
        await using RunningStandIn rig = await RunningStandIn.StartAsync();
        using Subscription<JointState> states = rig.Node.CreateSubscription<JointState>("/joint_states");
        using Publisher<Float64MultiArray> arrays = rig.Node.CreatePublisher<Float64MultiArray>("/lh_position_controller/commands");
        using Publisher<JointTrajectory> trajectories = rig.Node.CreatePublisher<JointTrajectory>("/lh_trajectory_controller/joint_trajectory");
        var good = new Float64MultiArray { Data = [.. Motors.Select(name => name == "MFJ3" ? 0.5 : 0)] };
        var wrong = new Float64MultiArray { Data = [.. Enumerable.Repeat(1.0, 19)] };

        RunningStandIn.Await(states, s =>
        {
            arrays.Publish(wrong);
            arrays.Publish(good);
            trajectories.Publish(Trajectory(("lh_FFJ1", 1)));
            trajectories.Publish(Trajectory(("lh_FFJ3", double.NaN)));
            return s.Name[0] == "lh_FFJ1" && Math.Abs(At(s, "lh_MFJ3") - 0.5) < 0.05;
        });

        Assert.Single(rig.Log, line => line.Contains("19 values for 20 joints", StringComparison.Ordinal));
        Assert.Single(rig.Log, line => line.Contains("no joint 'lh_FFJ1'", StringComparison.Ordinal));
        Assert.Single(rig.Log, line => line.Contains("not a finite number", StringComparison.Ordinal));
    }

    [Fact]
    public async Task AFingerThatPressesAKeyIsHeardAndIsHeardToLetGo()
    {
        await using RunningStandIn rig = await RunningStandIn.StartAsync(Reality.Nominal with { Wiring = new RigWiring { RunningStatus = true } });
        SerialPort keyboard = rig.Open("keyboard", 31250);
        using Publisher<JointTrajectory> commands = rig.Node.CreatePublisher<JointTrajectory>("/rh_trajectory_controller/joint_trajectory");
        using Subscription<JointState> states = rig.Node.CreateSubscription<JointState>("/joint_states");
        var heard = new Keys();

        // The first finger straight above a white key, bent from there.
        (string, double)[] above = [("rh_WRJ1", 0.3), ("rh_FFJ3", 0.4), ("rh_FFJ0", 0.8), ("rh_MFJ3", -0.26), ("rh_RFJ3", -0.26), ("rh_LFJ3", -0.26)];
        RunningStandIn.Await(states, s =>
        {
            commands.Publish(Trajectory(above));
            return s.Name[0] == "rh_FFJ1" && At(s, "rh_WRJ1") > 0.2 && At(s, "rh_FFJ3") > 0.2;
        });
        commands.Publish(Trajectory(("rh_FFJ3", 0.8)));
        byte note = heard.Next(keyboard, 0x90);
        commands.Publish(Trajectory(("rh_FFJ3", 0)));
        Assert.Equal(note, heard.Next(keyboard, 0x80));
        heard.AwaitActiveSensing(keyboard);
    }

    private static double At(JointState state, string joint) => state.Position[state.Name.IndexOf(joint)];

    private static JointTrajectory Trajectory(params (string Joint, double Target)[] targets) => new()
    {
        JointNames = [.. targets.Select(t => t.Joint)],
        Points = [new JointTrajectoryPoint { Positions = [.. targets.Select(t => t.Target)], TimeFromStart = Duration.FromNanoseconds(5_000_000) }],
    };

    /// <summary>Reads notes from the keyboard's bytes with the few rules of MIDI that it uses.</summary>
    private sealed class Keys
    {
        private readonly byte[] _byte = new byte[1];
        private readonly List<byte> _data = [];
        private byte _status;

        public void AwaitActiveSensing(SerialPort port)
        {
            do
                port.Read(_byte);
            while (_byte[0] != 0xFE);
        }

        public byte Next(SerialPort port, byte status)
        {
            while (true)
            {
                port.Read(_byte);
                if (_byte[0] == 0xFE)
                    continue;
                if (_byte[0] >= 0x80)
                    _status = _byte[0];
                else
                    _data.Add(_byte[0]);
                if (_data.Count < 2)
                    continue;
                byte note = _data[0];
                _data.Clear();
                if (_status == status)
                    return note;
            }
        }
    }
}
