using Rclcs;

namespace Legato.Tests.Rclcs;

/// <summary>A context on a domain of its own, on loopback.</summary>
public abstract class DdsTest : IDisposable
{
    private readonly int _domain;

    protected DdsTest(int domain)
    {
        _domain = domain;
        Context = NewContext();
        Node = Context.CreateNode("test");
    }

    protected static TimeSpan Patience { get; } = TimeSpan.FromSeconds(10);

    protected Context Context { get; }

    protected Node Node { get; }

    public void Dispose()
    {
        Context.Dispose();
        GC.SuppressFinalize(this);
    }

    protected Context NewContext() => NewContext(Distro.Humble, _domain);

    protected static Context NewContext(Distro distro, int domain) => new(new ContextOptions { DomainId = domain, Distro = distro });

    /// <summary>Waits until something is so, and fails when it never is.</summary>
    protected static void Eventually(Func<bool> condition, string what) => Assert.True(SpinWait.SpinUntil(condition, Patience), $"never: {what}");

    /// <summary>Takes the next message, and fails when none comes.</summary>
    protected static MessageInfo Take<T>(Subscription<T> subscription, T into) where T : class, IMessage<T>, new()
    {
        Assert.True(subscription.Wait(Patience), "no message came");
        Assert.True(subscription.TryTake(into, out MessageInfo info));
        return info;
    }
}
