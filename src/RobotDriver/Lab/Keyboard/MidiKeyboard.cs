using System.Diagnostics;

using Legato.Music;
using Legato.RobotDriver.Configuration;
using Legato.Sim.Piano;

namespace Legato.RobotDriver.Lab;

/// <summary>Reads key events from a MIDI keyboard.</summary>
/// <remarks>
/// Bytes are stamped right after the wait for them ended. A key that is down when the keyboard goes away, falls silent although
/// it sends active sensing, or has been down for too long, is released here, and that counts as a loss.
/// <see cref="TryRead"/> and <see cref="TrySend"/> belong to the control thread.
/// </remarks>
internal sealed class MidiKeyboard : DeviceThread
{
    private const double BytesOfAnEvent = 3, UsbFrame = 0.001;

    private readonly KeyboardSettings _settings;
    private readonly IMidiPort _port;
    private readonly KeyEventQueue _keys = new();
    private readonly long _silence;
    private readonly long _latency;
    private readonly long _stuckAfter;
    private readonly byte[] _buffer = new byte[256];
    private LiveMidiParser _parser = new();
    private HeldNotes _held = new();
    private long _parserLost;
    private bool _isSilent;
    private long _received;
    private long _lost;
    private int _openings;
    private int _session;

    public MidiKeyboard(KeyboardSettings settings, Timeouts timeouts, TimeProvider time)
        : base($"keyboard on {settings.Path}", time)
    {
        _settings = settings;
        _port = settings.IsRawMidi ? new RawMidiPort(settings.Path) : new SerialMidiPort(settings.Path, settings.Baud, timeouts.KeyboardSilence);
        _silence = (long)timeouts.KeyboardSilence.TotalNanoseconds;
        _latency = (long)settings.Latency.TotalNanoseconds;
        _stuckAfter = (long)settings.StuckAfter.TotalNanoseconds;
    }

    /// <summary>Number of the current connection, from 1; 0 while the keyboard is away.</summary>
    public int Session => Volatile.Read(ref _session);

    /// <summary>Events received; and lost bytes, releases that were made up, and events that found no room.</summary>
    public StreamLoss Loss => new("keyboard", Volatile.Read(ref _received), Volatile.Read(ref _lost) + _keys.Overflows);

    /// <summary>MIDI carries no time: the reader stamps events by the robot's own clock once their last byte is there, and takes the known latency off.</summary>
    public ClockOffset ClockOffset
    {
        get
        {
            // Ten bits a byte on a serial line; a frame of USB for a keyboard there.
            double seconds = _settings.IsRawMidi ? UsbFrame : BytesOfAnEvent * 10.0 / _settings.Baud;
            return new ClockOffset("keyboard", 0, (long)(seconds * 1e9), null, Volatile.Read(ref _received), "stamped when the bytes arrived; the error is the time that an event takes on the wire");
        }
    }

    /// <summary>Takes the next event.</summary>
    public bool TryRead(out KeyEvent key) => _keys.TryTake(out key);

    /// <summary>Sends bytes to the keyboard. False while it is away.</summary>
    public bool TrySend(ReadOnlySpan<byte> data)
    {
        if (Session == 0)
            return false;
        try
        {
            _port.Write(data);
            return true;
        }
        catch (Exception e) when (e is IOException or TimeoutException or OperationCanceledException or InvalidOperationException)
        {
            // The reading thread meets the same trouble and deals with it.
            return false;
        }
    }

    /// <inheritdoc/>
    protected override void Open()
    {
        _port.Open();
        (_parser, _held, _parserLost, _isSilent) = (new LiveMidiParser(), new HeldNotes(), 0, false);
        if (_settings.ActiveSensing)
            Blame(new TimeoutException("open, but silent, although it should send active sensing; is it on and wired?"));
        Volatile.Write(ref _session, ++_openings);
        if (!_settings.ActiveSensing)
            SetReady();
    }

    /// <inheritdoc/>
    protected override void Serve(CancellationToken stop)
    {
        long lastByte = Stopwatch.GetTimestamp(), now = lastByte;
        try
        {
            while (!stop.IsCancellationRequested)
            {
                int count = _port.Read(_buffer, out now);
                foreach (byte value in _buffer.AsSpan(0, count))
                    Take(value, now);
                AddLost(_parser.Lost - _parserLost);
                _parserLost = _parser.Lost;
                if (count > 0)
                {
                    (lastByte, _isSilent) = (now, false);
                    SetReady();
                }
                Watch(now, now - lastByte);
            }
        }
        finally
        {
            Release(now, 0);
        }
    }

    /// <inheritdoc/>
    protected override void Close()
    {
        Volatile.Write(ref _session, 0);
        _port.Close();
    }

    /// <inheritdoc/>
    protected override void Interrupt() => _port.Close();

    /// <inheritdoc/>
    protected override void DisposeDevice() => _port.Dispose();

    private void Take(byte value, long stamp)
    {
        if (!_parser.TryParse(value, stamp, out LiveMidiEvent e))
            return;
        switch (e.Type)
        {
            case LiveMidiEventType.NoteOn:
                Add(e);
                break;
            case LiveMidiEventType.NoteOff when _held.IsDown(e.Channel, e.Number):
                Add(e);
                break;
            case LiveMidiEventType.AllNotesOff:
                // The keyboard says so itself: nothing is lost.
                while (_held.TryTakeStuck(stamp, 0, out LiveMidiEvent release))
                    Add(release);
                break;
        }
        _held.Apply(e);
    }

    private void Watch(long now, long silence)
    {
        if (_stuckAfter > 0)
            Release(now, _stuckAfter);
        if (_isSilent || silence < _silence || !_parser.HasActiveSensing)
            return;
        _isSilent = true;
        AddLost(1);
        Release(now, 0);
        Say("silent although it sends active sensing; keys that were down are released");
    }

    // Makes up the key-ups that will not come.
    private void Release(long now, long limit)
    {
        while (_held.TryTakeStuck(now, limit, out LiveMidiEvent release))
        {
            Add(release);
            AddLost(1);
        }
    }

    private void Add(in LiveMidiEvent e)
    {
        int key = e.Number - _settings.FirstNote;
        // Keys beyond the piano's 88 belong to nothing that is played here.
        if (key is < 0 or >= PianoGeometry.KeyCount)
            return;
        Volatile.Write(ref _received, _received + 1);
        _keys.TryAdd(new KeyEvent((byte)key, e.Type == LiveMidiEventType.NoteOn, e.Value, e.Stamp - _latency));
    }

    private void AddLost(long count) => Volatile.Write(ref _lost, _lost + count);
}
