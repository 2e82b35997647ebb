using Rclcs;
using Rclcs.Messages.StdMsgs;

namespace Legato.Tests.Rclcs;

public sealed class WaitSetTests : DdsTest
{
    private readonly Publisher<Bool> _publisher;
    private readonly Subscription<Bool> _first;
    private readonly Subscription<Bool> _second;

    public WaitSetTests()
    {
        _first = Node.CreateSubscription<Bool>("first");
        _second = Node.CreateSubscription<Bool>("second");
        _publisher = Node.CreatePublisher<Bool>("second");
    }

    [Fact]
    public void AnySubscriptionWithASampleEndsTheWaitUntilItIsTaken()
    {
        using var waitSet = new WaitSet(_first, _second);
        Assert.Equal(WaitResult.TimedOut, waitSet.Wait(TimeSpan.Zero));
        _publisher.Publish(new Bool());
        _publisher.Publish(new Bool());
        Assert.Equal(WaitResult.Ready, waitSet.Wait(Patience));
        Assert.True(_second.TryTake(new Bool(), out _));
        Assert.Equal(WaitResult.Ready, waitSet.Wait(Patience));
        Assert.True(_second.TryTake(new Bool(), out _));
        Assert.Equal(WaitResult.TimedOut, waitSet.Wait(TimeSpan.FromMilliseconds(1)));
    }

    [Fact]
    public void AWakeWithoutAWaitEndsTheNextOneOnly()
    {
        using var waitSet = new WaitSet(_first);
        waitSet.Wake();
        Assert.Equal(WaitResult.Woken, waitSet.Wait(Patience));
        Assert.Equal(WaitResult.TimedOut, waitSet.Wait(TimeSpan.Zero));
    }

    [Fact]
    public void ASampleWakesABlockedThread()
    {
        using var waitSet = new WaitSet(_first, _second);
        Assert.Equal(WaitResult.Ready, ResultOfBlockedWait(waitSet, () => _publisher.Publish(new Bool())));
    }

    [Fact]
    public void AWakeWakesABlockedThread()
    {
        using var waitSet = new WaitSet(_first, _second);
        Assert.Equal(WaitResult.Woken, ResultOfBlockedWait(waitSet, waitSet.Wake));
    }

    [Fact]
    public void DisposingTheSetWakesABlockedThread()
    {
        var waitSet = new WaitSet(_first, _second);
        Assert.Equal(WaitResult.Woken, ResultOfBlockedWait(waitSet, waitSet.Dispose));
        Assert.Throws<ObjectDisposedException>(() => waitSet.Wait(TimeSpan.Zero));
    }

    [Fact]
    public void DisposingASubscriptionWakesABlockedThread()
    {
        using var waitSet = new WaitSet(_first, _second);
        Assert.Equal(WaitResult.Woken, ResultOfBlockedWait(waitSet, _first.Dispose));
    }

    [Fact]
    public void DisposingTheContextWakesABlockedThread()
    {
        var waitSet = new WaitSet(_first, _second);
        Assert.Equal(WaitResult.Woken, ResultOfBlockedWait(waitSet, Context.Dispose));
    }

    [Fact]
    public void DisposingTheContextWakesASubscriptionThatWaits()
    {
        bool? result = null;
        using var started = new ManualResetEventSlim();
        var thread = new Thread(() =>
        {
            started.Set();
            result = WaitOrGone(_first);
        });
        thread.Start();
        Assert.True(started.Wait(Patience, TestContext.Current.CancellationToken));
        Context.Dispose();
        Assert.True(thread.Join(Patience));
        Assert.False(result);
    }

    [Fact]
    public void ASetOfNothingOrOfSeveralContextsIsRefused()
    {
        using Context other = NewContext();
        Subscription<Bool> foreign = other.CreateNode("other").CreateSubscription<Bool>("first");
        Assert.Throws<ArgumentException>(() => new WaitSet());
        Assert.Throws<ArgumentException>(() => new WaitSet(_first, foreign));
    }

    [Fact]
    public void ANegativeTimeoutIsRefused() => Assert.Throws<ArgumentOutOfRangeException>(() => _first.Wait(TimeSpan.FromSeconds(-2)));

    private static bool WaitOrGone(Subscription<Bool> subscription)
    {
        try
        {
            return subscription.Wait(Timeout.InfiniteTimeSpan);
        }
        catch (ObjectDisposedException)
        {
            return false;
        }
    }

    private static WaitResult ResultOfBlockedWait(WaitSet waitSet, Action wake)
    {
        WaitResult? result = null;
        var thread = new Thread(() => result = waitSet.Wait(Timeout.InfiniteTimeSpan));
        thread.Start();
        Eventually(() => waitSet.Waiting > 0, "the thread waits");
        wake();
        Assert.True(thread.Join(Patience), "the thread was not woken");
        return result!.Value;
    }
}
