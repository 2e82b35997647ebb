using Rclcs;

namespace Legato.Tests.Rclcs;

public class QosProfileTests
{
    [Fact]
    public void NamedProfilesAreThoseOfRos()
    {
        Assert.Equal((Reliability.Reliable, Durability.Volatile, History.KeepLast, 10), Of(QosProfile.Default));
        Assert.Equal((Reliability.BestEffort, Durability.Volatile, History.KeepLast, 5), Of(QosProfile.SensorData));
        Assert.Equal((Reliability.Reliable, Durability.Volatile, History.KeepLast, 1), Of(QosProfile.SystemDefault));
        Assert.Equal((Reliability.Reliable, Durability.Volatile, History.KeepLast, 1000), Of(QosProfile.Parameters));
        Assert.Equal((Reliability.Reliable, Durability.TransientLocal, History.KeepLast, 1000), Of(QosProfile.Rosout));
    }

    [Fact]
    public void ValuesOutOfRangeAreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => QosProfile.Default with { Depth = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => QosProfile.Default with { MaxBlocking = TimeSpan.FromSeconds(-1) });
        Assert.Throws<ArgumentOutOfRangeException>(() => QosProfile.Default with { Lifespan = TimeSpan.Zero });
        Assert.Throws<ArgumentOutOfRangeException>(() => QosProfile.Default with { Reliability = (Reliability)7 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new ContextOptions { DomainId = 102 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new ContextOptions { DomainId = -1 });
    }

    private static (Reliability, Durability, History, int) Of(QosProfile profile) =>
        (profile.Reliability, profile.Durability, profile.History, profile.Depth);
}
