using System.Globalization;
using System.Text;
using Rclcs;
using Rclcs.Messages.BuiltinInterfaces;
using Rclcs.Messages.SensorMsgs;
using Rclcs.Messages.StdMsgs;
using Rclcs.Messages.TrajectoryMsgs;

namespace Legato.Tests.Rclcs;

/// <summary>
/// The other vendor's DDS, in another process, with types generated from IDL: it prints what it received, field by field,
/// and sends it back.
/// </summary>
public sealed class FastDdsTests : IClassFixture<FastDdsPeer>, IDisposable
{
    private const int Samples = 20;

    // Covers the discovery race: a writer may see its match seconds before the reader at the other end does.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly Context _context;
    private readonly Node _node;
    private readonly FastDdsPeer _peer;

    public FastDdsTests(FastDdsPeer peer)
    {
        _peer = peer;
        _context = new Context(new ContextOptions { DomainId = peer.Domain });
        _node = _context.CreateNode("tester", "/left");
    }

    public void Dispose() => _context.Dispose();

    [Fact]
    public void JointStatesGoThereAndBack() => GoThereAndBack("joints", JointState, state => Text(
        state.Header, state.Name, state.Position, state.Velocity, state.Effort));

    [Fact]
    public void ArraysGoThereAndBack() => GoThereAndBack("array", Array, array => Text(
        array.Layout.Dim.ConvertAll(dim => (object)(dim.Label, dim.Size, dim.Stride)), array.Layout.DataOffset, array.Data));

    [Fact]
    public void TrajectoriesGoThereAndBack() => GoThereAndBack("trajectory", Trajectory, trajectory => Text(
        trajectory.Header,
        trajectory.JointNames,
        trajectory.Points.ConvertAll(point => (object)(point.Positions, point.Velocities, point.Accelerations, point.Effort, point.TimeFromStart))));

    [Fact]
    public void ThePeerSeesTheEnclaveAndTheNode()
    {
        using Publisher<Bool> one = _node.CreatePublisher<Bool>("one");
        using Publisher<Bool> two = _node.CreatePublisher<Bool>("two");
        using Subscription<Bool> three = _node.CreateSubscription<Bool>("three");
        _peer.WaitForLine(line => line == "joined enclave=/;", Patience);
        string node = Text("/left", "tester", 1u, 2u);
        _peer.WaitForLine(line => line == $"ros_discovery_info [{node} ]", Patience);
    }

    [Fact]
    public void ALeavingPublisherIsNoticedAtOnce()
    {
        // A peer of its own, which has printed nothing yet.
        using var peer = new FastDdsPeer();
        using var context = new Context(new ContextOptions { DomainId = peer.Domain });
        Publisher<JointState> publisher = context.CreateNode("tester", "/left").CreatePublisher<JointState>("/joints");
        peer.WaitForLine(line => line == "rt/joints has 1 publishers", Patience);
        publisher.Dispose();
        peer.WaitForLine(line => line == "rt/joints has 0 publishers", Patience);
    }

    [Fact]
    public void DisposingTellsThePeerInsteadOfLettingTheLeaseRunOut()
    {
        var leaving = new Context(new ContextOptions { DomainId = _peer.Domain, Enclave = "/leaving" });
        leaving.CreateNode("leaving").CreatePublisher<JointState>("/joints");
        _peer.WaitForLine(line => line == "joined enclave=/leaving;", Patience);
        _peer.WaitForLine(line => line == $"ros_discovery_info [{Text("/", "leaving", 0u, 1u)} ]", Patience);
        leaving.Dispose();
        _peer.WaitForLine(line => line == "left enclave=/leaving;", Patience);
    }

    [Fact]
    public void ThePeersTopicsAreListed()
    {
        TopicInfo[] expected = [new("/joints", "sensor_msgs/msg/JointState", 0, 1), new("/joints_back", "sensor_msgs/msg/JointState", 1, 0)];
        Assert.True(
            SpinWait.SpinUntil(() => expected.All(topic => _context.Graph.GetTopics().Contains(topic)), Patience),
            string.Join('\n', _context.Graph.GetTopics()));
    }

    [Fact]
    public void APeerThatAsksForMoreIsReported()
    {
        using Publisher<JointState> publisher = _node.CreatePublisher<JointState>("/joints", QosProfile.SensorData);
        Assert.True(SpinWait.SpinUntil(() => publisher.IncompatibleQos.Count > 0, Patience));
        Assert.Equal(QosPolicy.Reliability, publisher.IncompatibleQos.LastPolicy);
        Assert.Equal(0, publisher.MatchedSubscriptions);
    }

    private void GoThereAndBack<T>(string topic, Func<int, T> make, Func<T, string> show) where T : class, IMessage<T>, new()
    {
        using Publisher<T> there = _node.CreatePublisher<T>($"/{topic}");
        using Subscription<T> back = _node.CreateSubscription<T>($"/{topic}_back", QosProfile.SensorData with { Depth = 10 });
        var received = new T();
        for (int i = 0; i < Samples; i++)
        {
            T sent = make(i);
            string expected = show(sent);
            bool arrived = SpinWait.SpinUntil(() => SendAndReceive(there, sent, back, received, expected, show), Patience);
            Assert.True(arrived, $"sample {i} never came back; the peer matched {there.MatchedSubscriptions}, we {back.MatchedPublishers}");
            _peer.WaitForLine(line => line == $"rt/{topic}{expected}", Patience);
        }
    }

    // Sends until the answer is there: early samples may be lost, and then answers come twice.
    private static bool SendAndReceive<T>(Publisher<T> there, T sent, Subscription<T> back, T received, string expected, Func<T, string> show)
        where T : class, IMessage<T>, new()
    {
        there.Publish(sent);
        return back.Wait(TimeSpan.FromMilliseconds(200)) && back.TryTake(received, out _) && show(received) == expected;
    }

    private static JointState JointState(int i) => new()
    {
        Header = Header(i),
        Name = [.. Enumerable.Range(0, 52).Select(joint => $"rh_é{joint}")],
        Position = Numbers(52, i),
        Velocity = Numbers(i % 2 * 52, i),
        Effort = Numbers(i % 3, i),
    };

    private static Float64MultiArray Array(int i) => new()
    {
        Layout = new MultiArrayLayout
        {
            Dim = [new MultiArrayDimension { Label = "hands", Size = 2, Stride = 44 }, new MultiArrayDimension { Label = new string('x', i), Size = 22, Stride = 22 }],
            DataOffset = (uint)i,
        },
        Data = Numbers(44, i),
    };

    private static JointTrajectory Trajectory(int i) => new()
    {
        Header = Header(i),
        JointNames = ["rh_FFJ0", "rh_THJ5"],
        Points =
        [
            new JointTrajectoryPoint { Positions = Numbers(2, i), TimeFromStart = new Duration(0, 50_000_000) },
            new JointTrajectoryPoint
            {
                Positions = Numbers(2, i + 1),
                Velocities = Numbers(2, i + 2),
                Accelerations = Numbers(2, i + 3),
                Effort = Numbers(1, i),
                TimeFromStart = new Duration(-1, (uint)i),
            },
        ],
    };

    private static Header Header(int i) => new() { Stamp = new Time(1_700_000_000 + i, (uint)i), FrameId = new string('f', i) };

    private static List<double> Numbers(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.NextDouble() - 0.5)];
    }

    // The same form as in peer.cpp, from our fields.
    private static string Text(params object[] values) => string.Concat(values.Select(Text));

    private static string Text(object value) => value switch
    {
        uint or int => string.Create(CultureInfo.InvariantCulture, $" {value}"),
        double number => string.Create(CultureInfo.InvariantCulture, $" {BitConverter.DoubleToInt64Bits(number):x16}"),
        string text => $" '{Convert.ToHexStringLower(Encoding.UTF8.GetBytes(text))}'",
        Time time => Text(time.Sec, time.Nanosec),
        Duration duration => Text(duration.Sec, duration.Nanosec),
        Header header => Text(header.Stamp, header.FrameId),
        System.Collections.IEnumerable list => $" [{string.Concat(list.Cast<object>().Select(Text))} ]",
        System.Runtime.CompilerServices.ITuple tuple => string.Concat(Enumerable.Range(0, tuple.Length).Select(i => Text(tuple[i]!))),
        _ => throw new ArgumentException($"no text form for {value.GetType()}", nameof(value)),
    };
}
