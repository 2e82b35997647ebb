using Rclcs;
using Rclcs.Messages.StdMsgs;

namespace Legato.Tests.Rclcs;

public sealed class MatchingTests : DdsTest
{
    public static MatrixTheoryData<Reliability, Durability, Reliability, Durability> Pairs { get; } = new(
        Enum.GetValues<Reliability>(), Enum.GetValues<Durability>(), Enum.GetValues<Reliability>(), Enum.GetValues<Durability>());

    [Theory]
    [MemberData(nameof(Pairs))]
    public void APairMatchesExactlyWhenTheProfilesSaySo(
        Reliability offeredReliability, Durability offeredDurability, Reliability requestedReliability, Durability requestedDurability)
    {
        var offered = QosProfile.Default with { Reliability = offeredReliability, Durability = offeredDurability };
        var requested = QosProfile.Default with { Reliability = requestedReliability, Durability = requestedDurability };
        using Publisher<Bool> publisher = Node.CreatePublisher<Bool>("pair", offered);
        using Subscription<Bool> subscription = Node.CreateSubscription<Bool>("pair", requested);
        bool matches = offered.Satisfies(requested);
        Assert.Equal(matches ? 1 : 0, publisher.MatchedSubscriptions);
        Assert.Equal(matches ? 1 : 0, subscription.MatchedPublishers);
        Assert.Equal(matches ? 0 : 1, publisher.IncompatibleQos.Count);
        Assert.Equal(matches ? 0 : 1, subscription.IncompatibleQos.Count);
    }

    [Fact]
    public void AMismatchNamesThePolicyOnBothSides()
    {
        using Publisher<Bool> publisher = Node.CreatePublisher<Bool>("mismatch", QosProfile.SensorData);
        using Subscription<Bool> subscription = Node.CreateSubscription<Bool>("mismatch");
        Assert.Equal(new IncompatibleQos(1, QosPolicy.Reliability), publisher.IncompatibleQos);
        Assert.Equal(new IncompatibleQos(1, QosPolicy.Reliability), subscription.IncompatibleQos);
        using Subscription<Bool> second = Node.CreateSubscription<Bool>("mismatch", QosProfile.SensorData with { Durability = Durability.TransientLocal });
        Assert.Equal(new IncompatibleQos(2, QosPolicy.Durability), publisher.IncompatibleQos);
    }

    [Fact]
    public void NoMismatchHasNoPolicy()
    {
        using Publisher<Bool> publisher = Node.CreatePublisher<Bool>("lonely");
        Assert.Equal(new IncompatibleQos(0, null), publisher.IncompatibleQos);
    }

    [Fact]
    public void CountsFollowWhoComesAndGoes()
    {
        using Publisher<Bool> publisher = Node.CreatePublisher<Bool>("coming");
        Assert.Equal(0, publisher.MatchedSubscriptions);
        Subscription<Bool> first = Node.CreateSubscription<Bool>("coming");
        using Subscription<Bool> second = Node.CreateSubscription<Bool>("coming");
        Assert.Equal(2, publisher.MatchedSubscriptions);
        Assert.Equal([first.Gid, second.Gid], publisher.GetSubscriptions().Select(each => each.Gid).OrderBy(gid => gid != first.Gid));
        first.Dispose();
        Assert.Equal(1, publisher.MatchedSubscriptions);
        Assert.Equal(1, second.MatchedPublishers);
    }

    [Fact]
    public void OtherTopicsAndTypesDoNotMatch()
    {
        using Publisher<Bool> publisher = Node.CreatePublisher<Bool>("one");
        using Subscription<Bool> otherTopic = Node.CreateSubscription<Bool>("another");
        using Context other = NewContext();
        Subscription<Float64> otherType = other.CreateNode("other").CreateSubscription<Float64>("one");
        Assert.Equal(0, publisher.MatchedSubscriptions);
        Assert.Equal(0, otherTopic.MatchedPublishers);
        Assert.Equal(0, otherType.MatchedPublishers);
    }

    [Fact]
    public void ASecondCommanderIsSeenAndToldApart()
    {
        using Subscription<Float64> subscription = Node.CreateSubscription<Float64>("commands");
        using Publisher<Float64> first = Node.CreatePublisher<Float64>("commands");
        Assert.Equal(1, subscription.MatchedPublishers);
        using Context other = NewContext();
        Publisher<Float64> second = other.CreateNode("intruder").CreatePublisher<Float64>("commands");
        Eventually(() => subscription.MatchedPublishers == 2, "two publishers match");
        Dictionary<Gid, EndpointInfo> publishers = subscription.GetPublishers().ToDictionary(each => each.Gid);
        Assert.Equal(Context.Gid, publishers[first.Gid].Participant);
        Assert.Equal(other.Gid, publishers[second.Gid].Participant);
        second.Publish(new Float64 { Data = 7 });
        Assert.Equal(publishers[second.Gid].Handle, Take(subscription, new Float64()).PublicationHandle);
    }

    [Fact]
    public void NothingIsLostOrRejectedInTheProcess()
    {
        using Publisher<Bool> publisher = Node.CreatePublisher<Bool>("kept");
        using Subscription<Bool> subscription = Node.CreateSubscription<Bool>("kept");
        publisher.Publish(new Bool());
        Assert.Equal((0, 0), (subscription.LostSamples, subscription.RejectedSamples));
    }
}
