using Legato.RobotDriver;
using Legato.Runtime.Loop;
using Legato.Runtime.Safety;
using Legato.Sim;
using Legato.Sim.Limits;

using Rclcs;

namespace Legato.Runtime.Watchdog;

/// <summary>The watchdog's thread: looks whether the control process lives and, if not, takes its right away and lifts the hands.</summary>
/// <remarks>For one thread. Allocates nothing between the hands' readiness and the end of a lift.</remarks>
internal sealed class Sentry
{
    private const double PerMillisecond = 1e6;

    private readonly WatchdogPage _page;
    private readonly IStandbyHands _hands;
    private readonly IRobotClock _clock;
    private readonly TimeProvider _time;
    private readonly WatchdogOptions _options;
    private readonly SilenceRule _rule;
    private readonly StateWatchdog _states = new(StateWatchdog.DefaultLimit);
    private readonly ActuatorMap _map;
    private readonly RescueLift _lift;
    private readonly RobotState _state;
    private readonly bool[] _isMeasured;
    private readonly double[] _positions, _sent, _velocity;
    private WatchedProcess? _control;
    private int _controlId;

    /// <param name="page">Shared with the control process.</param>
    /// <param name="hands">What is lifted.</param>
    /// <param name="limits">What the guard allows; names the actuators.</param>
    /// <param name="joints">Order of states.</param>
    /// <param name="clock">The machine's monotonic clock.</param>
    /// <param name="time">Dates the note.</param>
    /// <param name="options">Times.</param>
    public Sentry(WatchdogPage page, IStandbyHands hands, MotionLimits limits, JointLayout joints, IRobotClock clock, TimeProvider time, WatchdogOptions options)
    {
        (_page, _hands, _clock, _time, _options, _rule) = (page, hands, clock, time, options, new SilenceRule(options));
        JointLayout actuators = limits.Layout;
        _map = new ActuatorMap(actuators, joints);
        _lift = new RescueLift(limits, options.LiftPeriod);
        _state = new RobotState(joints) { Stamp = long.MinValue / 2 };
        // A rail is measured through its serial port, which the control process has.
        _isMeasured = [.. actuators.Units.Select(unit => unit != JointUnit.Metre)];
        (_positions, _sent, _velocity) = (new double[actuators.Count], new double[actuators.Count], new double[actuators.Count]);
    }

    /// <summary>Watches until it has acted, is stopped, or is not needed any more.</summary>
    /// <param name="servedProcess">The only process to serve, whose end ends this too; null serves whoever attaches, one after the other.</param>
    /// <param name="stop">Ends it. A control process that is in motion notices and lifts.</param>
    /// <returns>What was done; null when nothing was.</returns>
    public WatchdogNote? Watch(WatchedProcess? servedProcess, CancellationToken stop)
    {
        (_control, _controlId) = (servedProcess, servedProcess?.Id ?? 0);
        long poll = Nanoseconds(_options.Poll), due = _clock.Now;
        while (!stop.IsCancellationRequested)
        {
            _clock.SleepUntil(due);
            long now = _clock.Now;
            _page.BeatAsWatchdog(now);
            _hands.TryRead(_state);
            if (!_page.IsReady)
                _page.IsReady = _hands.Missing is null;
            bool hasEnded = HasControlEnded();
            TakeoverReason reason = _rule.Judge(_page.Right, _page.HasMoved, now, due, _page.ControlBeat, hasEnded);
            if (reason != TakeoverReason.None && TakeOver(reason) is { } note)
                return note;
            if (hasEnded && servedProcess is not null)
                return null;
            if (hasEnded)
                Forget();
            due = now < due + poll ? due + poll : now + poll;
        }
        return null;
    }

    private static long Nanoseconds(TimeSpan span) => span.Ticks * TimeSpan.NanosecondsPerTick;

    private bool HasControlEnded()
    {
        int id = _page.ControlProcess;
        if (id != 0 && id != _controlId)
        {
            _control?.Dispose();
            (_control, _controlId) = (WatchedProcess.Open(id), id);
        }
        return _controlId != 0 && (_control is null || _control.HasEnded);
    }

    private void Forget()
    {
        _page.Evict(_controlId);
        _control?.Dispose();
        (_control, _controlId) = (null, 0);
    }

    /// <summary>Deposes the control process and lifts. Null if it has let go by itself meanwhile.</summary>
    private WatchdogNote? TakeOver(TakeoverReason reason)
    {
        CommandRight was = _page.Depose();
        if (was == CommandRight.Standby)
            return null;
        // No token holds back a command that is half sent. A killed process runs not one instruction more, even if it was stopped.
        bool isKilled = was == CommandRight.Sending && _control is { } control && control.TrySignal(WatchedProcess.Kill);
        long beat = _page.ControlBeat;
        var note = new WatchdogNote
        {
            Reason = reason,
            ControlProcess = _controlId,
            Time = _time.GetUtcNow(),
            LastBeatNs = beat,
            DecidedMs = (_clock.Now - beat) / PerMillisecond,
            WasSending = was == CommandRight.Sending,
            WasKilled = isKilled,
        };
        return _page.TryReadCommand(_sent, _velocity) ? Lift(note) : note;
    }

    private WatchdogNote Lift(WatchdogNote note)
    {
        for (int i = 0; i < _velocity.Length; i++)
        {
            // A rail stays at its last set-point: its controller goes there, and nobody else can talk to it.
            if (!_isMeasured[i])
                _velocity[i] = 0;
        }
        long start = _clock.Now;
        bool isFresh = !Measured(start).IsEmpty;
        _lift.Begin(_sent, _velocity, isFresh ? _positions : [], _page.ReadLift());
        long period = Nanoseconds(_options.LiftPeriod), end = start + Nanoseconds(_lift.Duration + _options.Hold);
        (int commands, int failed) = (0, 0);
        (long? firstCommand, long? firstMotion, long? raised) = (null, null, null);
        for (long due = start; due < end; due += period)
        {
            _clock.SleepUntil(due);
            long now = _clock.Now;
            _page.BeatAsWatchdog(now);
            ReadOnlySpan<double> measured = Measured(now);
            if (!measured.IsEmpty && firstCommand is not null)
            {
                (bool hasMoved, bool isRaised) = _lift.Progress(measured);
                firstMotion ??= hasMoved ? _state.Stamp : null;
                raised ??= isRaised ? _state.Stamp : null;
            }
            // What DDS refuses now it may accept in the next period: the lift goes on by its own clock.
            if (!TrySend(_lift.Next(measured)))
                failed++;
            else
                firstCommand ??= _clock.Now;
            commands++;
        }
        double? Since(long? stamp) => (stamp - note.LastBeatNs) / PerMillisecond;
        return note with
        {
            FirstCommandMs = Since(firstCommand),
            FirstMotionMs = Since(firstMotion),
            RaisedMs = Since(raised),
            FromMeasured = isFresh,
            RaisedCommanded = _lift.IsCommanded,
            Commands = commands,
            Failed = failed,
            Clamped = _lift.Counts.Clamped,
        };
    }

    private bool TrySend(ReadOnlySpan<double> command)
    {
        try
        {
            _hands.Write(command);
            return true;
        }
        catch (RclcsException)
        {
            return false;
        }
    }

    /// <summary>Where the actuators are measured, NaN for rails; empty when no state is fresh.</summary>
    private ReadOnlySpan<double> Measured(long now)
    {
        try
        {
            _hands.TryRead(_state);
        }
        catch (InvalidOperationException)
        {
            // Nothing is received any more: the lift goes on without.
            return [];
        }
        if (_states.IsStale(now, _state.Stamp))
            return [];
        _map.Positions(_state, _positions);
        for (int i = 0; i < _positions.Length; i++)
        {
            if (!_isMeasured[i])
                _positions[i] = double.NaN;
        }
        return _positions;
    }
}
