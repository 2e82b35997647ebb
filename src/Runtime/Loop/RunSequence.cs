using Legato.RobotDriver;
using Legato.Runtime.Safety;

namespace Legato.Runtime.Loop;

/// <summary>The cycles of one run, from homing to the end of the lift, on the thread that calls.</summary>
/// <remarks>
/// Whatever happens after the first command ends in a lift: an exception is kept as <see cref="Failure"/>, its culprit is no
/// longer asked, and the hands are raised with what still works. No cycle allocates, locks or logs.
/// </remarks>
internal sealed class RunSequence
{
    // More keys than fingers and wrists can move in a cycle: a flood must not hold the loop.
    private const int KeysPerCycle = 256;

    private readonly IRobot _robot;
    private readonly IRobotClock _clock;
    private readonly IPolicy _policy;
    private readonly Guard _guard;
    private readonly Lifecycle _life;
    private readonly StopRequest _stop;
    private readonly ControlLoopOptions _options;
    private readonly LoopTiming _timing;
    private readonly LoopEventRing _events;
    private readonly ILifeline? _lifeline;
    private readonly MeasuredState _measured;
    private readonly MinimumJerkMove _move;
    private readonly LiftPlan _lift;
    private readonly double[] _target;
    private readonly long _period, _beat;
    private readonly double _dt;

    private IRunObserver? _observer;
    private RunCause _culprit;
    private long _cycle, _firstStepCycle;
    private int _moveCycle;
    private double _pedal;
    private bool _robotReads = true, _policyHears = true, _isDeposed;

    public RunSequence(
        IRobot robot, IPolicy policy, Guard guard, Lifecycle life, StopRequest stop, IRunObserver? observer,
        ControlLoopOptions options, LoopTiming timing, LoopEventRing events, ILifeline? lifeline = null)
    {
        (_robot, _clock, _policy, _guard, _life, _stop, _observer) = (robot, robot.Clock, policy, guard, life, stop, observer);
        (_options, _timing, _events, _lifeline) = (options, timing, events, lifeline);
        _beat = lifeline is null ? 0 : lifeline.BeatPeriod.Ticks * TimeSpan.NanosecondsPerTick;
        _measured = new MeasuredState(robot, guard.Limits, options.StateLimit);
        _move = new MinimumJerkMove(robot.Actuators.Count);
        _lift = new LiftPlan(guard.Limits, options.Lift);
        _target = new double[robot.Actuators.Count];
        _period = options.Period.Ticks * TimeSpan.NanosecondsPerTick;
        _dt = options.Period.TotalSeconds;
    }

    /// <summary>Why the run is where it is; once it has ended, why it ended.</summary>
    public RunCause Cause { get; private set; }

    /// <summary>The first exception, where there was one.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>Steps of the policy that were sent.</summary>
    public int StepsPlayed { get; private set; }

    /// <summary>The newest measured state.</summary>
    public RobotState Measured => _measured.Newest;

    /// <summary>Reads a fresh pose and makes sure that one may start from it. Nothing moves.</summary>
    /// <exception cref="InputException">Says why not.</exception>
    public void Check()
    {
        _measured.ReadFresh(_options.Period);
        StartPose.Check(_guard.Limits, _measured.Positions, _options.StartTolerance);
        _policy.Act(0, _measured.Newest, _clock.Now, _target, out _);
        StartPose.Confine(_guard.Limits, _target);
    }

    /// <summary>Enters a state and tells everyone.</summary>
    public void Enter(RunState to, RunCause cause)
    {
        RunTransition transition = _life.Enter(to, cause, _clock.Now);
        Cause = cause;
        _events.Write(new LoopEvent(LoopEventKind.Transition, _cycle, (int)to));
        try
        {
            _observer?.OnTransition(transition);
        }
        catch (Exception e)
        {
            Fail(e, RunCause.RecorderFailed);
        }
    }

    /// <summary>Homing, playing, lifting. Returns when the hands are raised, here or by the watchdog, and the run is stopped or faulted.</summary>
    /// <exception cref="InputException">The start is no longer possible; nothing has moved.</exception>
    public void Run()
    {
        Check();
        _guard.Reset(_measured.Positions);
        _move.Plan(_measured.Positions, _target, _guard.Limits, _options.Homing.TotalSeconds, _dt);
        _timing.Reset();
        _lifeline?.Arm(_clock.Now, _options.Lift);
        Enter(RunState.Homing, RunCause.Completed);
        long start = _clock.Now + _period;
        while (!IsLifted && !_isDeposed)
        {
            try
            {
                Cycle(start + (_cycle * _period));
            }
            catch (Exception e)
            {
                Fail(e, _culprit);
            }
            _cycle = NextCycle(start);
            if (_life.State != RunState.Playing)
                _moveCycle++;
            if (IsHome)
                BeginPlaying();
        }
        // Fingers that still press keys are not what a run may end in unnoticed.
        if (EndedAsIntended && !_measured.IsStale(_clock.Now) && !_lift.IsRaised(_measured.Positions))
            Cause = RunCause.LiftBlocked;
        _lifeline?.Release();
        Enter(EndedAsIntended ? RunState.Stopped : RunState.Faulted, Cause);
    }

    private bool EndedAsIntended => Cause is RunCause.Completed or RunCause.StopRequested;

    private bool IsHome => _life.State == RunState.Homing && _moveCycle > _move.Cycles && _guard.Sent.SequenceEqual(_move.Goal);

    private bool IsLifted => _life.State == RunState.Lifting && _moveCycle > _move.Cycles + (int)Math.Ceiling(_options.Lift.Hold / _options.Period);

    private void Cycle(long deadline)
    {
        _culprit = RunCause.RobotFailed;
        Wait(deadline);
        long woke = _clock.Now;
        _lifeline?.Beat(woke);
        _timing.Begin(woke - deadline);
        bool fresh = _robotReads && TryRead();
        Next(LoopSection.Keys);
        if (_robotReads)
            ReadKeys();

        Next(LoopSection.Policy);
        bool stale = _measured.IsStale(woke);
        _timing.StateAge(woke - _measured.Newest.Stamp, _period);
        Supervise(stale, woke);
        _culprit = RunCause.PolicyFailed;
        int step = NextTarget(woke);

        Next(LoopSection.Guard);
        ReadOnlySpan<double> sent = _guard.Apply(_dt, stale || _measured.IsRejected ? [] : _measured.Positions, _target, isLift: _life.State == RunState.Lifting);

        Next(LoopSection.Write);
        _culprit = RunCause.RobotFailed;
        if (!Send(sent))
            return;
        if (step >= 0)
            StepsPlayed++;

        Next(LoopSection.Record);
        _culprit = RunCause.RecorderFailed;
        _observer?.OnCycle(new CycleRecord
        {
            Cycle = _cycle,
            Step = step,
            State = _life.State,
            Deadline = deadline,
            Woke = woke,
            Fresh = fresh,
            Measured = _measured.Newest,
            Target = _target,
            Sent = sent,
            Reasons = _guard.Reasons,
            Pedal = _pedal,
        });
        _timing.Mark(LoopCadence.Recording);

        long overrun = _clock.Now - (deadline + _period);
        LoopSection longest = _timing.End(_cycle, overrun);
        if (overrun > 0)
            _events.Write(new LoopEvent(LoopEventKind.Overrun, _cycle, (int)longest));
    }

    /// <summary>Waits for the deadline; whoever watches sees that the thread is alive meanwhile.</summary>
    private void Wait(long deadline)
    {
        if (_lifeline is null)
        {
            _clock.SleepUntil(deadline);
        }
        else
        {
            for (long now = _clock.Now; now < deadline; now = _clock.Now)
            {
                _lifeline.Beat(now);
                _clock.SleepUntil(Math.Min(deadline, now + _beat));
            }
        }
    }

    /// <summary>The next section begins: each may take as long as the watchdog waits.</summary>
    private void Next(LoopSection section)
    {
        _lifeline?.Beat(_clock.Now);
        _timing.Next(section);
    }

    private bool TryRead()
    {
        bool isFresh = _measured.TryRead(out int odd);
        if (odd >= 0)
            _events.Write(new LoopEvent(LoopEventKind.Rejected, _cycle, odd));
        return isFresh;
    }

    /// <summary>Sends a command; false, and nothing is sent, when the watchdog has taken over.</summary>
    private bool Send(ReadOnlySpan<double> command)
    {
        if (_lifeline is not null && !_lifeline.TryBeginSend(command, _guard.Velocity))
        {
            Depose();
            return false;
        }
        try
        {
            _robot.Write(command, _pedal);
        }
        finally
        {
            _lifeline?.EndSend();
        }
        _timing.Mark(LoopCadence.Command);
        _timing.Following(_guard.FollowingShare(_measured.Positions));
        return true;
    }

    /// <summary>Another process lifts the hands: this one has nothing more to say.</summary>
    private void Depose()
    {
        _isDeposed = true;
        if (_life.State != RunState.Lifting)
            Enter(RunState.Lifting, RunCause.Deposed);
        Cause = RunCause.Deposed;
    }

    private void ReadKeys()
    {
        for (int i = 0; i < KeysPerCycle && _robot.TryReadKey(out KeyEvent key); i++)
        {
            _culprit = RunCause.RecorderFailed;
            _observer?.OnKey(key);
            _culprit = RunCause.PolicyFailed;
            if (_policyHears)
                _policy.Hear(key);
            _culprit = RunCause.RobotFailed;
        }
    }

    /// <summary>Decides whether this cycle is the first of the lift.</summary>
    private void Supervise(bool stale, long now)
    {
        if (_life.State == RunState.Lifting)
            return;
        if (_robot.StopReason is { } reason)
            _stop.Request(reason);
        if (_stop.IsRequested)
            BeginLift(RunCause.StopRequested);
        else if (stale)
            BeginLift(_measured.IsRejected ? RunCause.ImplausibleState : RunCause.StaleState);
        else if (_lifeline is not null && !_lifeline.IsWatched(now))
            BeginLift(RunCause.WatchdogLost);
        else if (Failure is not null)
            BeginLift(RunCause.RecorderFailed);
        else if (_life.State == RunState.Homing && (_moveCycle - _move.Cycles) * _dt > _options.HomingGrace.TotalSeconds)
            BeginLift(RunCause.HomingBlocked);
        else if (_life.State == RunState.Playing && _cycle - _firstStepCycle >= _policy.Steps)
            BeginLift(RunCause.Completed);
    }

    /// <summary>Computes the target and the pedal; returns the policy's step, or −1 outside of playing.</summary>
    private int NextTarget(long now)
    {
        if (_life.State != RunState.Playing)
        {
            _move.At(_moveCycle, _target);
            _pedal = 0;
            return -1;
        }
        int step = (int)(_cycle - _firstStepCycle);
        _policy.Act(step, _measured.Newest, now, _target, out double pedal);
        _timing.Mark(LoopCadence.Inference);
        if (double.IsFinite(pedal))
            _pedal = Math.Clamp(pedal, 0, 1);
        return step;
    }

    private void BeginPlaying()
    {
        _firstStepCycle = _cycle;
        Enter(RunState.Playing, RunCause.Completed);
        _timing.Reset();
    }

    private void BeginLift(RunCause cause)
    {
        _lift.From(_guard.Sent, _target);
        _move.Plan(_guard.Sent, _target, _guard.Limits, _options.Lift.Duration.TotalSeconds, _dt);
        _moveCycle = 1;
        Enter(RunState.Lifting, cause);
    }

    /// <summary>Keeps the failure, no longer asks whoever caused it, and goes for the lift.</summary>
    private void Fail(Exception e, RunCause culprit)
    {
        Failure ??= e;
        if (culprit == RunCause.RecorderFailed)
            _observer = null; // the next cycle finds the failure and lifts
        else if (_life.State != RunState.Lifting)
            BeginLift(culprit);
        if (culprit == RunCause.RobotFailed)
            _robotReads = false;
        // A lift makes keys rise: who throws at each of them would hold it up.
        if (culprit == RunCause.PolicyFailed)
            _policyHears = false;
        if (_life.State == RunState.Lifting && EndedAsIntended)
            Cause = culprit;
    }

    /// <summary>The next cycle that is not over yet: after a stall, whole periods are left out instead of caught up.</summary>
    private long NextCycle(long start)
    {
        long next = _cycle + 1;
        long due = (_clock.Now - start) / _period;
        if (due <= next)
            return next;
        _timing.Skip(_cycle, due - next);
        _events.Write(new LoopEvent(LoopEventKind.Skipped, _cycle, (int)(due - next)));
        return due;
    }
}
