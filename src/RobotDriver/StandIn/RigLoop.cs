using System.Diagnostics;

using Legato.Sim.Piano;

using Rclcs.Messages.BuiltinInterfaces;

namespace Legato.RobotDriver.StandIn;

/// <summary>Steps a plant in real time on a thread of its own and serves the devices between two steps.</summary>
/// <remarks>
/// Deadlines are absolute. A late loop catches up a few steps; time that it is later than that is given up, so that the
/// rig runs slow instead of in bursts. <see cref="TakeLostTime"/> says how much. Nothing allocates while it runs.
/// </remarks>
internal sealed class RigLoop : IDisposable
{
    private const long StatePeriod = 8_000_000;
    private const long SensingPeriod = 300_000_000;
    // A stall of the machine up to this is caught up with, so that nothing is missing from the reports.
    private const long LongestBacklog = 150_000_000;
    private const int Priority = 40;

    private readonly RigPlant _plant;
    private readonly RigExchange _exchange;
    private readonly HandEndpoint _right, _left;
    private readonly KeyboardEndpoint _keyboard;
    private readonly TimeProvider _time;
    private readonly Thread _thread;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<bool> _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly long _period;
    private readonly bool[] _down = new bool[PianoGeometry.KeyCount];
    private volatile bool _stopping;
    private long _lost;

    public RigLoop(RigPlant plant, RigExchange exchange, HandEndpoint right, HandEndpoint left, KeyboardEndpoint keyboard, TimeProvider time)
    {
        (_plant, _exchange, _right, _left, _keyboard, _time) = (plant, exchange, right, left, keyboard, time);
        _period = (long)Math.Round(plant.Scene.Model.Timestep * 1e9);
        _thread = new Thread(Run) { IsBackground = true, Name = "rig" };
        _thread.Start();
    }

    /// <summary>Ends with the first step; tells whether the thread got a real-time priority.</summary>
    public Task<bool> Started => _started.Task;

    /// <summary>Ends when the loop does; faulted if the simulation diverged.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Keys that are down, from any thread.</summary>
    public IReadOnlyList<int> KeysDown => [.. Enumerable.Range(0, _down.Length).Where(key => Volatile.Read(ref _down[key]))];

    /// <summary>How much real time was given up since the last call.</summary>
    public TimeSpan TakeLostTime() => TimeSpan.FromMicroseconds(Interlocked.Exchange(ref _lost, 0) / 1000);

    /// <inheritdoc/>
    public void Dispose()
    {
        _stopping = true;
        _thread.Join();
    }

    private void Run()
    {
        bool isRealTime = RealTimeThread.TryRaisePriority(Priority);
        try
        {
            Tick(late: 0);
            _started.SetResult(isRealTime);
            long deadline = Stopwatch.GetTimestamp() + _period;
            while (!_stopping)
            {
                RealTimeThread.SleepUntil(deadline);
                Tick(Math.Max(Stopwatch.GetTimestamp() - deadline, 0));
                deadline += _period;
                long backlog = Stopwatch.GetTimestamp() - deadline;
                if (backlog <= LongestBacklog)
                    continue;
                Interlocked.Add(ref _lost, backlog);
                deadline += backlog;
            }
            _ended.SetResult();
        }
        catch (Exception e)
        {
            _started.TrySetException(e);
            _ended.SetException(e);
        }
    }

    // What is reported bears the time at which it was due, however late the step is made.
    private void Tick(long late)
    {
        _exchange.Deliver(_plant);
        _plant.Step();
        if (_plant.World.Data.Diverged)
            throw new InvalidOperationException($"the stand-in's simulation diverged at t = {_plant.Now / 1_000_000} ms: positions or velocities are not finite or too large");
        while (_plant.TryReadKey(out KeyEvent key))
        {
            Volatile.Write(ref _down[key.Key], key.Down);
            _keyboard.Send(key);
        }

        long now = _plant.Now;
        _exchange.Report(_plant);
        var stamp = Time.FromNanoseconds(((_time.GetUtcNow().UtcTicks - DateTime.UnixEpoch.Ticks) * TimeSpan.NanosecondsPerTick) - late);
        // The hands' states interleave.
        if (IsDue(now, StatePeriod, 0))
            _right.PublishState(stamp);
        if (IsDue(now, StatePeriod, StatePeriod / 2))
            _left.PublishState(stamp);
        if (IsDue(now, SensingPeriod, 0))
            _keyboard.KeepAlive();
    }

    private bool IsDue(long now, long period, long phase) => (now - phase) / period != (now - phase - _period) / period;
}
