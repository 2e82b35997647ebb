using Legato.RobotDriver;
using Legato.RobotDriver.Configuration;
using Legato.RobotDriver.Lab;
using Legato.Runtime.Loop;
using Legato.Sim.Scene;
using Legato.Tests.Rclcs;
using Rclcs;
using Rclcs.Messages.BuiltinInterfaces;
using Rclcs.Messages.SensorMsgs;
using Rclcs.Messages.StdMsgs;
using Rclcs.Messages.TrajectoryMsgs;

namespace Legato.Tests.RobotDriver.Lab;

/// <summary>The other side of the wires: hands on ROS 2, rails and a keyboard on pseudo-terminals.</summary>
internal sealed class FakeRig : IDisposable
{
    public static readonly string[] MeasuredJoints =
    [
        "FFJ1", "FFJ2", "FFJ3", "FFJ4", "LFJ1", "LFJ2", "LFJ3", "LFJ4", "LFJ5", "MFJ1", "MFJ2", "MFJ3", "MFJ4",
        "RFJ1", "RFJ2", "RFJ3", "RFJ4", "THJ1", "THJ2", "THJ3", "THJ4", "THJ5", "WRJ1", "WRJ2",
    ];

    private readonly TestDomain? _lease;
    private readonly Publisher<JointState> _states;
    private readonly Publisher<Bool> _stop;

    /// <param name="neighbour">A rig to share the ROS domain of; otherwise it has one of its own.</param>
    public FakeRig(FakeRig? neighbour = null)
    {
        _lease = neighbour is null ? TestDomain.Lease() : null;
        Domain = neighbour?.Domain ?? _lease!.Id;
        Context = NewContext();
        Node = Context.CreateNode("rig");
        _states = Node.CreatePublisher<JointState>("/joint_states", QosProfile.SystemDefault with { Depth = 50 });
        _stop = Node.CreatePublisher<Bool>("/legato/estop");
        Right = new FakeOdrive();
        Left = new FakeOdrive(state: 8);
    }

    public int Domain { get; }

    public Context Context { get; }

    public Node Node { get; }

    public FakeOdrive Right { get; }

    public FakeOdrive Left { get; }

    public PluggedDevice Keyboard { get; } = new();

    public Context NewContext() => new(new ContextOptions { DomainId = Domain });

    public void PublishStop(bool stop) => _stop.Publish(new Bool { Data = stop });

    /// <summary>Publishes joints of a hand: the position of each is its place in the alphabet, plus an offset.</summary>
    public void PublishStates(string prefix, double offset, IEnumerable<int> joints, long stampNs)
    {
        int[] places = [.. joints];
        _states.Publish(new JointState
        {
            Header = new Header { Stamp = Time.FromNanoseconds(stampNs) },
            Name = [.. places.Select(i => prefix + MeasuredJoints[i])],
            Position = [.. places.Select(i => offset + i)],
            Velocity = [.. places.Select(i => -offset - i)],
        });
    }

    public void PublishHands(double offset = 0, long stampNs = 1)
    {
        PublishStates("rh_", offset, Enumerable.Range(0, MeasuredJoints.Length), stampNs);
        PublishStates("lh_", offset + 100, Enumerable.Range(0, MeasuredJoints.Length), stampNs);
    }

    /// <summary>What a measured joint of <see cref="PublishHands"/> is.</summary>
    public static double Position(string joint, double offset = 0) =>
        offset + (joint.StartsWith("lh_", StringComparison.Ordinal) ? 100 : 0) + Array.IndexOf(MeasuredJoints, joint[3..]);

    /// <summary>A robot's file for this rig, with more keys.</summary>
    public RobotConfiguration Configuration(string more = "")
    {
        string path = Path.Combine(Directory.CreateTempSubdirectory("legato-rig-").FullName, "rig.yaml");
        File.WriteAllText(path, $$"""
            name: rig
            kind: lab
            limits: none.yaml
            ros: {domain: {{Domain}}}
            rails:
              right: {port: {{Right.Device.Path}}}
              left:
                port: {{Left.Device.Path}}
                axes:
                  forearm_tx: {sign: -1}
            keyboard: {port: {{Keyboard.Path}}}
            {{more}}
            """);
        try
        {
            return RobotConfiguration.Load(path);
        }
        finally
        {
            Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
        }
    }

    public static LabRobot NewRobot(RobotConfiguration configuration)
    {
        using PianoScene scene = PianoScene.Build(configuration.SceneOptions);
        return (LabRobot)RobotFactory.Create(configuration, scene, new MonotonicClock(), TimeProvider.System);
    }

    /// <summary>Connects a robot while the hands publish.</summary>
    public async Task<LabRobot> ConnectAsync(RobotConfiguration configuration, CancellationToken cancellation)
    {
        LabRobot robot = NewRobot(configuration);
        try
        {
            await ConnectAsync(robot, cancellation);
        }
        catch
        {
            await robot.DisposeAsync();
            throw;
        }
        return robot;
    }

    /// <summary>Connects a robot while the hands publish.</summary>
    public async Task ConnectAsync(LabRobot robot, CancellationToken cancellation)
    {
        Task connecting = robot.ConnectAsync(cancellation);
        using var rate = new PeriodicTimer(TimeSpan.FromMilliseconds(8));
        for (long stamp = 0; !connecting.IsCompleted; stamp += 8_000_000)
        {
            PublishHands(stampNs: stamp);
            await rate.WaitForNextTickAsync(cancellation);
        }
        await connecting;
    }

    public void Dispose()
    {
        Right.Dispose();
        Left.Dispose();
        Keyboard.Dispose();
        Context.Dispose();
        _lease?.Dispose();
    }
}
