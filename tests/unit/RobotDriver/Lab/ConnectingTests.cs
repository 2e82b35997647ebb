using Legato.RobotDriver;
using Legato.RobotDriver.Configuration;
using Legato.RobotDriver.Lab;
using Legato.Runtime.Loop;
using Legato.Sim.Scene;
using Legato.Tests.Rclcs;
using Rclcs;
using Rclcs.Messages.StdMsgs;
using Rclcs.Messages.TrajectoryMsgs;
using static Legato.Tests.RobotDriver.Lab.PluggedDevice;

namespace Legato.Tests.RobotDriver.Lab;

[Collection(RealTimeCollection.Name)]
public sealed class ConnectingTests : IDisposable
{
    // What is to connect has time for it; what is not to keeps a test waiting.
    private const string Patient = "timeouts: {connect: 60, discovery: 0}", Hurried = "timeouts: {connect: 4, discovery: 0}";

    private readonly FakeRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public async Task EveryPartThatDoesNotAnswerIsNamedInOneLine()
    {
        _rig.Right.Distort = static (_, _) => null;
        _rig.Keyboard.Unplug();
        await using LabRobot robot = FakeRig.NewRobot(_rig.Configuration(Hurried));

        string message = (await Assert.ThrowsAsync<InputException>(() => robot.ConnectAsync(TestContext.Current.CancellationToken))).Message;

        Assert.StartsWith("cannot connect to 'rig' within 4 s: no joint state for any joint on /joint_states (topics there: ", message, StringComparison.Ordinal);
        Assert.Contains("/joint_states", message, StringComparison.Ordinal);
        Assert.Contains($"; rail right on {_rig.Right.Device.Path}: no answer to `r vbus_voltage` in 50 ms; is it on, wired and at 115200 baud?", message, StringComparison.Ordinal);
        Assert.DoesNotContain("rail left", message, StringComparison.Ordinal);
        Assert.Contains($"; keyboard on {_rig.Keyboard.Path}: {_rig.Keyboard.Path}: cannot open: No such file or directory", message, StringComparison.Ordinal);
        Assert.Contains("; check the devices in ", message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    [Fact]
    public async Task JointsThatNeverComeAreNamed()
    {
        await using LabRobot robot = FakeRig.NewRobot(_rig.Configuration("timeouts: {connect: 3, discovery: 0}"));
        Task connecting = robot.ConnectAsync(TestContext.Current.CancellationToken);
        Eventually(() =>
        {
            _rig.PublishStates("rh_", 0, Enumerable.Range(0, 24).Where(i => i is not (2 or 23)), 1);
            _rig.PublishStates("lh_", 0, Enumerable.Range(0, 24), 1);
            return connecting.IsCompleted;
        }, "it gives up");

        string message = (await Assert.ThrowsAsync<InputException>(() => connecting)).Message;

        Assert.StartsWith("cannot connect to 'rig' within 3 s: no joint state for rh_WRJ2, rh_FFJ3 on /joint_states", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ASecondCommanderIsRefused()
    {
        using Context other = _rig.NewContext();
        other.CreateNode("rival", "/lab").CreatePublisher<JointTrajectory>("/rh_trajectory_controller/joint_trajectory");

        InputException refusal = await Assert.ThrowsAsync<InputException>(() => _rig.ConnectAsync(_rig.Configuration(), TestContext.Current.CancellationToken));

        Assert.Equal(
            "'rig' has another commander: /lab/rival on /rh_trajectory_controller/joint_trajectory; stop it first, two commanders make the hands jump (one that was killed is forgotten after 10 s)",
            refusal.Message);
    }

    [Fact]
    public async Task ASecondRobotOfOurOwnIsRefused()
    {
        RobotConfiguration configuration = _rig.Configuration();
        await using LabRobot first = await _rig.ConnectAsync(configuration, TestContext.Current.CancellationToken);
        // The rails can be opened once only; the second robot would already fail there.
        using var elsewhere = new FakeRig(neighbour: _rig);
        InputException refusal = await Assert.ThrowsAsync<InputException>(
            () => elsewhere.ConnectAsync(elsewhere.Configuration(), TestContext.Current.CancellationToken));
        Assert.StartsWith("'rig' has another commander: /legato on /lh_trajectory_controller/joint_trajectory; /legato on /rh_", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TwoRobotsCannotShareARail()
    {
        await using LabRobot first = await _rig.ConnectAsync(_rig.Configuration(Patient), TestContext.Current.CancellationToken);
        await using LabRobot second = FakeRig.NewRobot(_rig.Configuration(Hurried));
        InputException refusal = await Assert.ThrowsAsync<InputException>(() => second.ConnectAsync(TestContext.Current.CancellationToken));
        Assert.Contains($"rail left on {_rig.Left.Device.Path}: {_rig.Left.Device.Path}: another program, or another part of this one, has it open", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DevicesThatComeLateAreWaitedFor()
    {
        _rig.Keyboard.Unplug();
        await using LabRobot robot = FakeRig.NewRobot(_rig.Configuration(Patient));
        Task connecting = _rig.ConnectAsync(robot, TestContext.Current.CancellationToken);
        Eventually(() => robot.Losses.Any(loss => loss is { Stream: "joint_states", Received: > 10 }), "the rest is there");
        Assert.False(connecting.IsCompleted);

        _rig.Keyboard.PlugIn();
        await connecting;
    }

    [Fact]
    public async Task ArraysAreSentInTheOrderOfTheFile()
    {
        const string Arrays = """
            timeouts: {discovery: 0}
            hands:
              right:
                command:
                  type: array
                  joints: [rh_FFJ0, rh_THJ1, rh_THJ2, rh_THJ3, rh_THJ4, rh_THJ5, rh_FFJ3, rh_FFJ4, rh_MFJ0, rh_MFJ3,
                           rh_MFJ4, rh_RFJ0, rh_RFJ3, rh_RFJ4, rh_LFJ0, rh_LFJ3, rh_LFJ4, rh_LFJ5, rh_WRJ1, rh_WRJ2]
            """;
        RobotConfiguration configuration = _rig.Configuration(Arrays);
        await using LabRobot robot = await _rig.ConnectAsync(configuration, TestContext.Current.CancellationToken);
        Subscription<Float64MultiArray> commands = _rig.Node.CreateSubscription<Float64MultiArray>("/rh_position_controller/commands");
        double[] targets = [.. Enumerable.Range(0, robot.Actuators.Count).Select(i => 0.01 * i)];
        var message = new Float64MultiArray();
        Eventually(() =>
        {
            robot.Write(targets, 0);
            return commands.TryTakeLatest(message, out _);
        }, "the hand is told");

        Assert.Equal(configuration.Right!.Hand.CommandJoints.Select(joint => targets[robot.Actuators.Require(joint.Insert(3, "A_"))]), message.Data);
    }

    [Fact]
    public async Task AJointThatTheActionSpaceNeedsMustBeListed()
    {
        await using LabRobot robot = FakeRig.NewRobot(_rig.Configuration("hands: {left: {command: {joints: [lh_WRJ2]}}}"));
        InputException refusal = await Assert.ThrowsAsync<InputException>(() => robot.ConnectAsync(TestContext.Current.CancellationToken));
        Assert.EndsWith("/rig.yaml:12: 'hands.left.command.joints' lacks lh_WRJ1, which the robot's action space commands; add it", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task JointsOutsideTheActionSpaceAreSentToZeroAndMustStandThere()
    {
        // The fake's THJ1 stands at 17 rad.
        InputException refusal = await Assert.ThrowsAsync<InputException>(
            () => _rig.ConnectAsync(_rig.Configuration($"action_space: reduced\n{Patient}"), TestContext.Current.CancellationToken));
        Assert.Contains("rad, but the robot's action space or embodiment keeps it at 0 ± 0.1 rad; move it there first", refusal.Message, StringComparison.Ordinal);
        Assert.Matches("^rh_(THJ5|THJ1|LFJ5) stands at (8|17|21) rad", refusal.Message);
    }

    [Fact]
    public async Task AnInterfaceThatIsNotThereIsNamed()
    {
        RobotConfiguration there = _rig.Configuration();
        using var empty = TestDomain.Lease();
        await using LabRobot robot = FakeRig.NewRobot(there with { Ros = there.Ros! with { Options = there.Ros.Options with { DomainId = empty.Id, Interface = "eth99" } } });
        InputException refusal = await Assert.ThrowsAsync<InputException>(() => robot.ConnectAsync(TestContext.Current.CancellationToken));
        Assert.Contains("eth99", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AStandInsDevicesAreNeeded()
    {
        RobotConfiguration configuration = RobotConfiguration.Load(Path.Combine(Music.Reference.Repository, "hardware/config/robots/standin.yaml"));
        using PianoScene scene = PianoScene.Build(configuration.SceneOptions);
        Assert.Contains("needs its stand-in", Assert.Throws<InputException>(
            () => RobotFactory.Create(configuration, scene, new MonotonicClock(), TimeProvider.System)).Message, StringComparison.Ordinal);

        var devices = new RigDevices(_rig.Domain, _rig.Right.Device.Path, _rig.Left.Device.Path, _rig.Keyboard.Path);
        await using var robot = (LabRobot)RobotFactory.Create(configuration, scene, new MonotonicClock(), TimeProvider.System, devices);
        _rig.Keyboard.Terminal.Write([0xFE]);
        Task connecting = _rig.ConnectAsync(robot, TestContext.Current.CancellationToken);
        Eventually(() =>
        {
            if (!connecting.IsCompleted)
                _rig.Keyboard.Terminal.TryWrite([0xFE]);
            return connecting.IsCompleted;
        }, "it connects");
        await connecting;
    }

    [Fact]
    public async Task ASimulationNeedsNoDevices()
    {
        RobotConfiguration configuration = RobotConfiguration.Load(Path.Combine(Music.Reference.Repository, "hardware/config/robots/sim.yaml"));
        using PianoScene scene = PianoScene.Build(configuration.SceneOptions);
        await using IRobot robot = RobotFactory.Create(configuration, scene, new MonotonicClock(), TimeProvider.System);
        Assert.Equal("sim", robot.Name);
        Assert.IsType<SimRobot>(robot);
    }
}
