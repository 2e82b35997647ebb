using System.Text;
using Legato.RobotDriver.Configuration;
using Legato.Sim.Scene;
using SerialPorts;

namespace Legato.RobotDriver.Lab;

/// <summary>State of a rail.</summary>
internal sealed class RailSample
{
    /// <summary>Position along the keyboard and towards the keys, m.</summary>
    public double Lateral, Depth;

    /// <summary>Velocities, m/s.</summary>
    public double LateralVelocity, DepthVelocity;

    /// <summary>When the older one of the two was received, in the robot's time.</summary>
    public long Stamp = long.MinValue;
}

/// <summary>Set-points of a rail, in turns.</summary>
internal sealed class RailTarget
{
    public double Lateral, Depth;
}

/// <summary>A rail: asks both axes for their state at 100 Hz and passes set-points on as soon as they come.</summary>
/// <remarks>
/// <see cref="Samples"/> and <see cref="Write"/> belong to the control thread and never wait for the port. Set-points that were
/// written while the rail was away are not sent when it is back: by then they are old.
/// </remarks>
internal sealed class OdriveRail : DeviceThread
{
    private const long PollPeriod = 10_000_000;
    private const int AnswersUntilGivingUp = 10;
    private const string Marker = "r vbus_voltage";

    private static readonly TimeSpan ClosedLoopTimeout = TimeSpan.FromSeconds(1);

    private readonly RailSettings _settings;
    private readonly IRobotClock _clock;
    private readonly SerialPort _port;
    private readonly TripleBuffer<RailTarget> _targets = new(() => new RailTarget());
    private readonly AutoResetEvent _wake = new(false);
    private readonly byte[] _line = new byte[OdriveProtocol.MaxLine];
    private readonly byte[] _answer = new byte[4096];
    private long _received;
    private long _lost;

    public OdriveRail(RailSettings settings, Timeouts timeouts, IRobotClock clock, TimeProvider time)
        : base($"rail {Name(settings.Side)} on {settings.Port}", time)
    {
        (_settings, _clock) = (settings, clock);
        _port = new SerialPort(settings.Port, settings.Baud)
        {
            ReadTimeout = (int)timeouts.RailAnswer.TotalMilliseconds,
            WriteTimeout = (int)timeouts.RailAnswer.TotalMilliseconds,
        };
    }

    /// <summary>The newest states.</summary>
    public TripleBuffer<RailSample> Samples { get; } = new(() => new RailSample());

    /// <summary>States received, and polls without a usable answer.</summary>
    public StreamLoss Loss => new($"rail_{Name(_settings.Side)}", Volatile.Read(ref _received), Volatile.Read(ref _lost));

    /// <summary>Goes to a position. Allocates nothing and never waits.</summary>
    /// <param name="lateral">Along the keyboard, m.</param>
    /// <param name="depth">Towards the keys, m.</param>
    public void Write(double lateral, double depth)
    {
        RailTarget target = _targets.Back;
        target.Lateral = _settings.Lateral.ToTurns(lateral);
        target.Depth = _settings.Depth.ToTurns(depth);
        _targets.Publish();
        _wake.Set();
    }

    /// <inheritdoc/>
    protected override void Open()
    {
        _port.Open();
        // An empty line ends whatever half a command the last user left behind.
        Send(0);
        Resynchronise();
        foreach (RailAxis axis in (RailAxis[])[_settings.Lateral, _settings.Depth])
            Check(axis.Index);
        _targets.TryTake();
    }

    /// <inheritdoc/>
    protected override void Serve(CancellationToken stop)
    {
        long due = _clock.Now;
        while (!stop.IsCancellationRequested)
        {
            if (_targets.TryTake())
            {
                SendTrajectory(_settings.Lateral.Index, _targets.Current.Lateral);
                SendTrajectory(_settings.Depth.Index, _targets.Current.Depth);
            }
            long now = _clock.Now;
            if (now >= due)
            {
                Poll();
                // A late poll moves the schedule: a burst of polls would only be later still.
                due = Math.Max(due + PollPeriod, _clock.Now);
            }
            // Whole milliseconds, rounded up: less than one would not wait at all.
            _wake.WaitOne((int)Math.Max(1, (due - _clock.Now + 999_999) / 1_000_000));
        }
    }

    /// <inheritdoc/>
    protected override void Close() => _port.Close();

    /// <inheritdoc/>
    protected override void Interrupt()
    {
        _wake.Set();
        _port.Close();
    }

    /// <inheritdoc/>
    protected override void DisposeDevice() => _wake.Dispose();

    private static string Name(HandSide side) => side == HandSide.Right ? "right" : "left";

    private void Check(int axis)
    {
        long error = Ask($"r axis{axis}.error");
        if (error != 0)
            throw new RailException($"axis {axis} reports error 0x{error:X}; remove its cause, then clear it (`sc`) or switch the controller off and on");
        if (Ask($"r axis{axis}.current_state") == OdriveProtocol.ClosedLoopControl)
            return;
        if (!_settings.CloseLoop)
            throw new RailException($"axis {axis} is not in closed-loop control (state {OdriveProtocol.ClosedLoopControl}); switch it, or set close_loop: true");
        Send(OdriveProtocol.FormatText(_line, $"w axis{axis}.requested_state {OdriveProtocol.ClosedLoopControl}", _settings.Checksum));
        long deadline = _clock.Now + (long)ClosedLoopTimeout.TotalNanoseconds;
        while (Ask($"r axis{axis}.current_state") != OdriveProtocol.ClosedLoopControl)
        {
            if (_clock.Now > deadline)
                throw new RailException($"axis {axis} does not enter closed-loop control; is it calibrated and powered?");
        }
    }

    private long Ask(string question)
    {
        Send(OdriveProtocol.FormatText(_line, question, _settings.Checksum));
        if (!TryReadLine(out int length))
            throw NoAnswer(question);
        return OdriveProtocol.TryParseInteger(_answer.AsSpan(0, length), _settings.Checksum, out long value) ? value : throw Unexpected(question, length);
    }

    private void Poll()
    {
        RailSample sample = Samples.Back;
        if (TryFeedback(_settings.Lateral, out sample.Lateral, out sample.LateralVelocity, out long first)
            && TryFeedback(_settings.Depth, out sample.Depth, out sample.DepthVelocity, out _))
        {
            sample.Stamp = first;
            Samples.Publish();
            Volatile.Write(ref _received, _received + 1);
            SetReady();
            return;
        }
        Volatile.Write(ref _lost, _lost + 1);
        Resynchronise();
    }

    private bool TryFeedback(RailAxis axis, out double position, out double velocity, out long stamp)
    {
        position = velocity = stamp = 0;
        Send(OdriveProtocol.FormatFeedback(_line, axis.Index, _settings.Checksum));
        if (!TryReadLine(out int length))
        {
            Blame(NoAnswer($"f {axis.Index}"));
            return false;
        }
        stamp = _clock.Now;
        if (!OdriveProtocol.TryParseFeedback(_answer.AsSpan(0, length), _settings.Checksum, out double turns, out double turnsPerSecond))
        {
            Blame(Unexpected($"f {axis.Index}", length));
            return false;
        }
        position = axis.ToMetres(turns);
        velocity = axis.ToMetresPerSecond(turnsPerSecond);
        return true;
    }

    // Answers come in the order of the questions but do not name them: after a missing one, a late one would be taken for that of
    // the other axis. So this asks for a single number, which no feedback is, and passes over whatever comes before it.
    private void Resynchronise()
    {
        Send(OdriveProtocol.FormatText(_line, Marker, _settings.Checksum));
        Exception reason = NoAnswer(Marker);
        long deadline = _clock.Now + (AnswersUntilGivingUp * (long)TimeSpan.FromMilliseconds(_port.ReadTimeout).TotalNanoseconds);
        while (_clock.Now < deadline)
        {
            if (!TryReadLine(out int length))
                continue;
            if (OdriveProtocol.TryParseNumber(_answer.AsSpan(0, length), _settings.Checksum, out _))
                return;
            reason = Unexpected(Marker, length);
        }
        throw reason;
    }

    private bool TryReadLine(out int length)
    {
        try
        {
            length = _port.ReadLine(_answer);
            return true;
        }
        catch (TimeoutException)
        {
            length = 0;
            return false;
        }
    }

    private void SendTrajectory(int axis, double turns) => Send(OdriveProtocol.FormatTrajectory(_line, axis, turns, _settings.Checksum));

    private void Send(int length)
    {
        _line[length] = (byte)'\n';
        _port.Write(_line.AsSpan(0, length + 1));
    }

    private TimeoutException NoAnswer(string question) =>
        new($"no answer to `{question}` in {_port.ReadTimeout} ms; is it on, wired and at {_settings.Baud} baud?");

    private RailException Unexpected(string question, int length)
    {
        string text = Encoding.ASCII.GetString(_answer, 0, Math.Min(length, 60)).Trim();
        return new RailException($"answered '{text}' to `{question}`{(_settings.Checksum ? " (with a checksum expected)" : "")}; is it an ODrive?");
    }
}
