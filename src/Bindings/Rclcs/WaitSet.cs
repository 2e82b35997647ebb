using Rclcs.Native;

namespace Rclcs;

/// <summary>Why a wait ended.</summary>
public enum WaitResult
{
    /// <summary>The time ran out.</summary>
    TimedOut,

    /// <summary>A subscription has a sample to take.</summary>
    Ready,

    /// <summary><see cref="WaitSet.Wake"/> was called, the set was disposed, or one of its subscriptions was.</summary>
    Woken,
}

/// <summary>Lets a thread sleep until one of several subscriptions has a sample, or until it is woken.</summary>
/// <remarks>
/// All members are thread-safe. A wait ends at once while samples are left, so take until there is none.
/// Waiting allocates nothing.
/// </remarks>
public sealed class WaitSet : IDisposable
{
    private readonly Context _context;
    private readonly List<Subscription> _subscriptions = [];
    private readonly object _gate = new();
    private readonly int _entity;
    private readonly int _guard;
    private int _waiting;
    private bool _disposed;

    /// <summary>Creates a set.</summary>
    /// <param name="subscriptions">One or more, all of one context.</param>
    /// <exception cref="ArgumentException">There is none, or they belong to several contexts.</exception>
    public WaitSet(params IReadOnlyList<Subscription> subscriptions)
    {
        if (subscriptions.Count == 0 || subscriptions.Any(each => each.Context != subscriptions[0].Context))
            throw new ArgumentException("A wait set needs one or more subscriptions, all of one context.", nameof(subscriptions));
        _context = subscriptions[0].Context;
        _entity = Dds.Check(Dds.dds_create_waitset(_context.Participant), "cannot create a wait set");
        _guard = Dds.Check(Dds.dds_create_guardcondition(_context.Participant), "cannot create a guard condition");
        Dds.Check(Dds.dds_waitset_attach(_entity, _guard, 0), "cannot watch a guard condition");
        foreach (Subscription subscription in subscriptions)
        {
            Dds.Check(Dds.dds_waitset_attach(_entity, subscription.Condition, 0), $"cannot wait for {subscription}");
            subscription.Closing += Wake;
            _subscriptions.Add(subscription);
        }
        _context.Add(this);
    }

    /// <summary>Threads that are in <see cref="Wait"/> now.</summary>
    internal int Waiting => Volatile.Read(ref _waiting);

    /// <summary>Blocks until a subscription has a sample, the time runs out or someone wakes it.</summary>
    /// <param name="timeout">0 or more, or <see cref="Timeout.InfiniteTimeSpan"/>.</param>
    /// <exception cref="ObjectDisposedException">The set was disposed before.</exception>
    public WaitResult Wait(TimeSpan timeout)
    {
        if (timeout < TimeSpan.Zero && timeout != Timeout.InfiniteTimeSpan)
            throw new ArgumentOutOfRangeException(nameof(timeout), timeout, "A timeout is 0 or more, or infinite.");
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _waiting++;
        }
        try
        {
            int triggered = Dds.Check(Dds.dds_waitset_wait(_entity, 0, 0, Dds.Nanoseconds(timeout)), "cannot wait");
            return triggered == 0 ? WaitResult.TimedOut : TakeWake() ? WaitResult.Woken : WaitResult.Ready;
        }
        finally
        {
            lock (_gate)
            {
                _waiting--;
                Monitor.PulseAll(_gate);
            }
        }
    }

    /// <summary>Ends the wait that is going on or, if there is none, the next one.</summary>
    public void Wake()
    {
        lock (_gate)
        {
            if (!_disposed)
                Dds.Check(Dds.dds_set_guardcondition(_guard, 1), "cannot wake a wait set");
        }
    }

    /// <summary>Wakes all waiting threads and returns when they have left.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed)
                return;
            Wake();
            _disposed = true;
            while (_waiting > 0)
                Monitor.Wait(_gate);
        }
        foreach (Subscription subscription in _subscriptions)
            subscription.Closing -= Wake;
        _context.Remove(this);
        Dds.Check(Dds.dds_delete(_entity), "cannot delete a wait set");
        Dds.Check(Dds.dds_delete(_guard), "cannot delete a guard condition");
    }

    // Once disposed, the guard stays set, so that every waiting thread leaves.
    private bool TakeWake()
    {
        lock (_gate)
        {
            if (_disposed)
                return true;
            Dds.Check(Dds.dds_take_guardcondition(_guard, out byte triggered), "cannot read a guard condition");
            return triggered != 0;
        }
    }
}
