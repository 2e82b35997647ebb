using Rclcs;
using Rclcs.Messages.SensorMsgs;
using Rclcs.Messages.StdMsgs;

namespace Legato.Tests.Rclcs.Graph;

public sealed class GraphTests : DdsTest
{
    [Fact]
    public void TopicsAreListedWithTypesAndCounts()
    {
        using Publisher<JointState> a = Node.CreatePublisher<JointState>("/joint_states");
        using Publisher<JointState> b = Node.CreatePublisher<JointState>("/joint_states");
        using Subscription<Bool> c = Node.CreateSubscription<Bool>("~/stop");
        using Context other = NewContext();
        Subscription<JointState> d = other.CreateNode("viewer").CreateSubscription<JointState>("/joint_states");
        TopicInfo[] expected = [new("/joint_states", "sensor_msgs/msg/JointState", 2, 1), new("/test/stop", "std_msgs/msg/Bool", 0, 1)];
        // Endpoints are discovered one by one, and by each side in its own time.
        Eventually(expected, other.Graph.GetTopics);
        Eventually(expected, Context.Graph.GetTopics);
    }

    [Fact]
    public void EndpointsAreListedWithTheirQosAndHandles()
    {
        using Publisher<Bool> publisher = Node.CreatePublisher<Bool>("state", QosProfile.SensorData);
        using Subscription<Bool> subscription = Node.CreateSubscription<Bool>("state", QosProfile.SensorData);
        EndpointInfo listed = Assert.Single(Context.Graph.GetPublishers(), each => each.Gid == publisher.Gid);
        Assert.Equal(
            new EndpointInfo(publisher.Gid, Context.Gid, listed.Handle, "/state", "std_msgs/msg/Bool", Reliability.BestEffort, Durability.Volatile), listed);
        Assert.Equal(listed, Assert.Single(subscription.GetPublishers()));
    }

    [Theory]
    [InlineData(Distro.Humble)]
    [InlineData(Distro.Jazzy)]
    public void NodesAreAnnouncedAlsoToThoseWhoComeLate(Distro distro)
    {
        using Context first = NewContext(distro);
        Node node = first.CreateNode("player", "/left");
        Publisher<Bool> publisher = node.CreatePublisher<Bool>("state");
        Subscription<Bool> subscription = node.CreateSubscription<Bool>("stop");
        using Context late = NewContext(distro);
        NodeInfo? seen = null;
        Eventually(() => (seen = late.Graph.GetNodes().SingleOrDefault(each => each.FullName == "/left/player")) is { Publishers.Count: 1, Subscriptions.Count: 1 }, "the node is listed");
        Assert.Equal((first.Gid, publisher.Gid, subscription.Gid), (seen!.Participant, seen.Publishers[0], seen.Subscriptions[0]));

        publisher.Dispose();
        Eventually(() => late.Graph.GetNodes().Single(each => each.Name == "player").Publishers.Count == 0, "the publisher is gone");
        node.Dispose();
        Eventually(() => late.Graph.GetNodes().All(each => each.Name != "player"), "the node is gone");
    }

    [Fact]
    public void PeersOfTheOtherReleaseAreLeftOutOfTheNodesButNotOfTheTopics()
    {
        using Context mixed = NewContext(Distro.Jazzy);
        Publisher<Bool> publisher = mixed.CreateNode("foreign").CreatePublisher<Bool>("/foreign");
        Eventually(() => Context.Graph.GetTopics().Any(each => each.Name == "/foreign"), "the topic is listed");
        Assert.DoesNotContain(Context.Graph.GetNodes(), each => each.Participant == mixed.Gid);
        Assert.Contains(Context.Graph.GetNodes(), each => each.Name == "test");
        using Subscription<Bool> subscription = Node.CreateSubscription<Bool>("/foreign");
        publisher.Publish(new Bool { Data = true });
        var message = new Bool();
        Take(subscription, message);
        Assert.True(message.Data);
    }

    [Fact]
    public void NodesOfALeavingContextDisappear()
    {
        Context leaving = NewContext();
        leaving.CreateNode("leaving");
        Eventually(() => Context.Graph.GetNodes().Any(each => each.Name == "leaving"), "the node is listed");
        leaving.Dispose();
        Eventually(() => Context.Graph.GetNodes().All(each => each.Name != "leaving"), "the node is gone");
    }
}
