using Legato.RobotDriver;
using Legato.RobotDriver.Chaos;

namespace Legato.Runtime.Hil;

/// <summary>Begins and ends the faults outside of the control loop when their windows open and close, on a task of its own.</summary>
internal sealed class FaultConductor : IAsyncDisposable
{
    // A tenth of the watchdog's patience; looking more often costs a small machine what the rig needs.
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(10);

    private readonly RigFault[] _faults;
    private readonly long?[] _began;
    private readonly bool[] _ended;
    private readonly FaultSchedule _schedule;
    private readonly IRobotClock _clock;
    private readonly FaultyRig _rig;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _work;

    /// <summary>Begins to look.</summary>
    public FaultConductor(IEnumerable<RigFault> faults, FaultSchedule schedule, IRobotClock clock, FaultyRig rig)
    {
        _faults = [.. faults];
        _began = new long?[_faults.Length];
        _ended = new bool[_faults.Length];
        (_schedule, _clock, _rig) = (schedule, clock, rig);
        _work = WorkAsync();
    }

    /// <summary>Begins what comes before the robot is connected, and returns when it has begun.</summary>
    public async Task BeginFirstAsync(CancellationToken cancellation)
    {
        while (_faults.Where((f, i) => f.Window.Phase == ChaosPhase.Start && f.Window.After == TimeSpan.Zero && _began[i] is null).Any() && !_work.IsCompleted)
            await Task.Delay(Look, cancellation);
    }

    /// <summary>When the first fault began, in the robot's time; null if none has.</summary>
    public long? FirstOnset => _began.Where(b => b is not null).DefaultIfEmpty(null).Min();

    /// <summary>Ends every fault that is still there.</summary>
    /// <exception cref="InputException">A fault could not be begun or ended: the rig does not do what it is asked to.</exception>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        try
        {
            await _work;
        }
        catch (OperationCanceledException)
        {
            // This is how the task ends.
        }
        for (int i = 0; i < _faults.Length; i++)
        {
            if (_began[i] is not null && !_ended[i])
                await _faults[i].EndAsync(_rig, CancellationToken.None);
        }
        _stop.Dispose();
    }

    private async Task WorkAsync()
    {
        while (_faults.Length > 0)
        {
            for (int i = 0; i < _faults.Length; i++)
            {
                long now = _clock.Now;
                bool open = _schedule.IsOpen(_faults[i].Window, now);
                if (open && _began[i] is null)
                {
                    _began[i] = now;
                    await _faults[i].BeginAsync(_rig, _stop.Token);
                }
                else if (!open && _began[i] is not null && !_ended[i])
                {
                    _ended[i] = true;
                    await _faults[i].EndAsync(_rig, _stop.Token);
                }
            }
            await Task.Delay(Look, _stop.Token);
        }
    }
}
