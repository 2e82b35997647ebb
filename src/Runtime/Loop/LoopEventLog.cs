using Legato.Runtime.Safety;
using Legato.Sim;
using Serilog;

namespace Legato.Runtime.Loop;

/// <summary>Moves a loop's events to the log, on a task of its own. Dispose it when the run has ended: what is left is logged first.</summary>
public sealed class LoopEventLog : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private readonly LoopEventRing _ring;
    private readonly JointLayout _actuators;
    private readonly ILogger _log;
    private readonly PeriodicTimer _timer;
    private readonly Task _pump;

    /// <summary>Begins to log.</summary>
    /// <param name="ring">The loop's events; this becomes its one reader.</param>
    /// <param name="actuators">Names of the actuators that events are about.</param>
    /// <param name="log">Where to.</param>
    /// <param name="time">The clock.</param>
    public LoopEventLog(LoopEventRing ring, JointLayout actuators, ILogger log, TimeProvider time)
    {
        (_ring, _actuators, _log) = (ring, actuators, log);
        _timer = new PeriodicTimer(Interval, time);
        _pump = PumpAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _timer.Dispose();
        await _pump;
        Drain();
        if (_ring.Dropped > 0)
            _log.Warning("{Dropped} events of the control loop were dropped", _ring.Dropped);
    }

    private async Task PumpAsync()
    {
        while (await _timer.WaitForNextTickAsync())
            Drain();
    }

    private void Drain()
    {
        while (_ring.TryRead(out LoopEvent entry))
        {
            switch (entry.Kind)
            {
                case LoopEventKind.Transition:
                    _log.Information("{State:l} (cycle {Cycle})", ((RunState)entry.Detail).ToString().ToLowerInvariant(), entry.Cycle);
                    break;
                case LoopEventKind.Rejected:
                    _log.Warning("cycle {Cycle}: a joint report cannot be true and is not used: {Actuator:l} is no number, or farther from its last place than it can have moved", entry.Cycle, _actuators.Names[entry.Detail]);
                    break;
                case LoopEventKind.Overrun:
                    _log.Warning("cycle {Cycle} overran; {Section:l} took longest", entry.Cycle, ((LoopSection)entry.Detail).ToString());
                    break;
                default:
                    _log.Warning("{Skipped} cycles left out after cycle {Cycle}", entry.Detail, entry.Cycle);
                    break;
            }
        }
    }
}
