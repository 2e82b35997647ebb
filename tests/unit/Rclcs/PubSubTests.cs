using Legato.Tests.Rclcs.Cdr;
using Rclcs;
using Rclcs.Messages.RmwDdsCommon;
using Rclcs.Messages.SensorMsgs;
using Rclcs.Messages.StdMsgs;

namespace Legato.Tests.Rclcs;

public sealed class PubSubTests : DdsTest
{
    // Cyclone checks every sample against the type's program, so this judges the CDR and the programs of all types as well.
    [Fact]
    public void EveryMessageTypeArrivesAsItWasSent()
    {
        for (int seed = 0; seed < 20; seed++)
        {
            var random = new RandomMessages(seed);
            Arrives($"bool{seed}", random.Bool());
            Arrives($"float64{seed}", random.Float64());
            Arrives($"string{seed}", random.String());
            Arrives($"array{seed}", random.Float64MultiArray());
            Arrives($"joints{seed}", random.JointState());
            Arrives($"trajectory{seed}", random.JointTrajectory());
            Arrives($"diagnostics{seed}", random.DiagnosticArray());
            Arrives($"log{seed}", random.Log());
            Arrives($"humble{seed}", random.ParticipantEntitiesInfo<HumbleGid>());
            Arrives($"jazzy{seed}", random.ParticipantEntitiesInfo<JazzyGid>());
        }
    }

    [Fact]
    public void MessagesComeInOrderWithTheirTimeAndPublisher()
    {
        var qos = QosProfile.Default with { Depth = 100 };
        using Publisher<Float64> publisher = Node.CreatePublisher<Float64>("ordered", qos);
        using Subscription<Float64> subscription = Node.CreateSubscription<Float64>("ordered", qos);
        for (int i = 0; i < 100; i++)
            publisher.Publish(new Float64 { Data = i });
        var message = new Float64();
        ulong handle = Assert.Single(subscription.GetPublishers()).Handle;
        long last = 0;
        for (int i = 0; i < 100; i++)
        {
            MessageInfo info = Take(subscription, message);
            Assert.Equal(i, message.Data);
            Assert.Equal(handle, info.PublicationHandle);
            Assert.True(info.SourceTimestamp >= last);
            last = info.SourceTimestamp;
        }
        Assert.False(subscription.TryTake(message, out _));
    }

    [Fact]
    public void KeepLastKeepsTheNewest()
    {
        var qos = QosProfile.Default with { Depth = 3 };
        using Publisher<Float64> publisher = Node.CreatePublisher<Float64>("bounded", qos);
        using Subscription<Float64> subscription = Node.CreateSubscription<Float64>("bounded", qos);
        for (int i = 0; i < 10; i++)
            publisher.Publish(new Float64 { Data = i });
        var taken = new List<double>();
        var message = new Float64();
        while (subscription.TryTake(message, out _))
            taken.Add(message.Data);
        Assert.Equal([7, 8, 9], taken);
    }

    [Fact]
    public void TakingTheLatestSkipsAndCountsTheOthers()
    {
        using Publisher<Float64> publisher = Node.CreatePublisher<Float64>("latest");
        using Subscription<Float64> subscription = Node.CreateSubscription<Float64>("latest");
        for (int i = 0; i < 5; i++)
            publisher.Publish(new Float64 { Data = i });
        var message = new Float64();
        Assert.True(subscription.TryTakeLatest(message, out MessageInfo info));
        Assert.Equal((4.0, 4), (message.Data, info.Skipped));
        Assert.False(subscription.TryTakeLatest(message, out _));
    }

    [Fact]
    public void NothingIsAllocatedPerMessage()
    {
        using Publisher<JointState> publisher = Node.CreatePublisher<JointState>("lean");
        using Subscription<JointState> subscription = Node.CreateSubscription<JointState>("lean");
        JointState sent = CdrRoundTripTests.Joints(52);
        var received = new JointState();
        void Cycle(bool latest)
        {
            publisher.Publish(sent);
            if (!subscription.Wait(Patience) || !(latest ? subscription.TryTakeLatest(received, out _) : subscription.TryTake(received, out _)))
                throw new InvalidOperationException("no message came");
        }
        Assert.Equal(0, Allocations.Fewest(() =>
        {
            for (int i = 0; i < 200; i++)
                Cycle(latest: i % 2 == 0);
        }));
        Assert.Equal(sent.Name, received.Name);
    }

    [Fact]
    public void ALateSubscriptionGetsTheLastMessageOnlyIfBothSidesWantThat()
    {
        using Publisher<Float64> latched = Node.CreatePublisher<Float64>("latched", QosProfile.Latched);
        latched.Publish(new Float64 { Data = 1 });
        latched.Publish(new Float64 { Data = 2 });
        using Subscription<Float64> late = Node.CreateSubscription<Float64>("latched", QosProfile.Latched);
        using Subscription<Float64> lateVolatile = Node.CreateSubscription<Float64>("latched");
        var message = new Float64();
        Take(late, message);
        Assert.Equal(2, message.Data);
        Assert.False(late.TryTake(message, out _));
        Assert.False(lateVolatile.TryTake(message, out _));
    }

    [Fact]
    public void TheMessageCanBeChangedOnceItIsPublished()
    {
        using Publisher<Float64MultiArray> publisher = Node.CreatePublisher<Float64MultiArray>("reused");
        using Subscription<Float64MultiArray> subscription = Node.CreateSubscription<Float64MultiArray>("reused");
        var message = new Float64MultiArray { Data = [1] };
        publisher.Publish(message);
        message.Data[0] = 2;
        var received = new Float64MultiArray();
        Take(subscription, received);
        Assert.Equal([1.0], received.Data);
    }

    [Fact]
    public void AMessageThatContradictsItsDefinitionIsRefusedAndThePublisherLivesOn()
    {
        using Publisher<Fickle> publisher = Node.CreatePublisher<Fickle>("fickle");
        using Subscription<Fickle> subscription = Node.CreateSubscription<Fickle>("fickle");
        Assert.Throws<CdrException>(() => publisher.Publish(new Fickle { Lies = true }));
        publisher.Publish(new Fickle());
        Take(subscription, new Fickle());
    }

    [Fact]
    public void DisposedObjectsSaySo()
    {
        Publisher<Float64> publisher = Node.CreatePublisher<Float64>("gone");
        Subscription<Float64> subscription = Node.CreateSubscription<Float64>("gone");
        publisher.Dispose();
        subscription.Dispose();
        publisher.Dispose();
        subscription.Dispose();
        Assert.Throws<ObjectDisposedException>(() => publisher.Publish(new Float64()));
        Assert.Throws<ObjectDisposedException>(() => publisher.MatchedSubscriptions);
        Assert.Throws<ObjectDisposedException>(() => subscription.TryTake(new Float64(), out _));
        Assert.Throws<ObjectDisposedException>(() => subscription.Wait(TimeSpan.Zero));
    }

    [Fact]
    public void DisposingWhileOtherThreadsWorkIsSafe()
    {
        for (int round = 0; round < 20; round++)
        {
            using Context context = NewContext();
            Node node = context.CreateNode("busy");
            Publisher<Float64> publisher = node.CreatePublisher<Float64>("busy");
            Subscription<Float64> subscription = node.CreateSubscription<Float64>("busy");
            using var working = new CountdownEvent(2);
            Thread[] threads = [Busy(working, () => publisher.Publish(new Float64())), Busy(working, () => TakeOne(subscription))];
            Assert.True(working.Wait(Patience, TestContext.Current.CancellationToken));
            context.Dispose();
            Assert.All(threads, thread => Assert.True(thread.Join(Patience), "a thread hangs"));
        }
    }

    private static void TakeOne(Subscription<Float64> subscription)
    {
        subscription.Wait(Patience);
        subscription.TryTake(new Float64(), out _);
    }

    // Works until it is told that the object is gone; any other exception ends the process.
    private static Thread Busy(CountdownEvent working, Action work)
    {
        var thread = new Thread(() =>
        {
            try
            {
                work();
                working.Signal();
                while (true)
                    work();
            }
            catch (ObjectDisposedException)
            {
                return;
            }
        });
        thread.Start();
        return thread;
    }

    private void Arrives<T>(string topic, T sent) where T : class, IMessage<T>, new()
    {
        using Publisher<T> publisher = Node.CreatePublisher<T>(topic);
        using Subscription<T> subscription = Node.CreateSubscription<T>(topic);
        publisher.Publish(sent);
        var received = new T();
        Take(subscription, received);
        Assert.Equal(RandomMessages.Show(sent), RandomMessages.Show(received));
    }

    private sealed class Fickle : IMessage<Fickle>
    {
        public static TypeDescriptor Descriptor { get; } = new("test_msgs/msg/Fickle", "string text");

        public static string TypeName => Descriptor.Name;

        public static string Definition => Descriptor.Definition;

        public bool Lies { get; init; }

        public void Serialize(ref CdrWriter writer)
        {
            if (Lies)
                writer.Write(0u);
            else
                writer.Write("text");
        }

        public void Deserialize(ref CdrReader reader) => reader.ReadString("");
    }
}
