using Rclcs;

namespace Legato.Tests.Rclcs;

/// <summary>A context on a domain of its own, on loopback.</summary>
public abstract class DdsTest : IDisposable
{
    private readonly TestDomain _domain = TestDomain.Lease();

    protected DdsTest()
    {
        Context = NewContext();
        Node = Context.CreateNode("test");
    }

    // An announcement that is lost on a busy machine is made again only after 8 s.
    protected static TimeSpan Patience { get; } = TimeSpan.FromSeconds(60);

    protected Context Context { get; }

    protected Node Node { get; }

    public void Dispose()
    {
        Context.Dispose();
        _domain.Dispose();
        GC.SuppressFinalize(this);
    }

    protected Context NewContext(Distro distro = Distro.Humble) => new(new ContextOptions { DomainId = _domain.Id, Distro = distro });

    /// <summary>Waits until something is so, and fails when it never is.</summary>
    protected static void Eventually(Func<bool> condition, string what) => Assert.True(SpinWait.SpinUntil(condition, Patience), $"never: {what}");

    /// <summary>Waits until a list is as expected, and fails with what it is when it never is.</summary>
    protected static void Eventually<T>(IReadOnlyList<T> expected, Func<IReadOnlyList<T>> actual)
    {
        SpinWait.SpinUntil(() => actual().SequenceEqual(expected), Patience);
        Assert.Equal(expected, actual());
    }

    /// <summary>Takes the next message, and fails when none comes.</summary>
    protected static MessageInfo Take<T>(Subscription<T> subscription, T into) where T : class, IMessage<T>, new()
    {
        Assert.True(subscription.Wait(Patience), "no message came");
        Assert.True(subscription.TryTake(into, out MessageInfo info));
        return info;
    }
}
