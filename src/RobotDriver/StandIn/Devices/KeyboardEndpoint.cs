using Legato.Music;
using Legato.Sim.Piano;

namespace Legato.RobotDriver.StandIn;

/// <summary>The MIDI keyboard on a pseudo-terminal: note-on, true note-off, active sensing out; the sustain pedal in.</summary>
/// <remarks><see cref="Send"/> and <see cref="KeepAlive"/> belong to the physics thread, never wait and allocate nothing.</remarks>
public sealed class KeyboardEndpoint : IDisposable
{
    private const byte ActiveSensing = 0xFE;
    private const byte SustainController = 64;

    private readonly PluggablePort _port = new();
    private readonly bool _runningStatus;
    private readonly Thread _thread;
    private volatile bool _pedalDown;
    private byte _status;

    /// <summary>Plugs it in.</summary>
    public KeyboardEndpoint(RigWiring wiring)
    {
        _runningStatus = wiring.RunningStatus;
        _thread = new Thread(Listen) { IsBackground = true, Name = "keyboard" };
        _thread.Start();
    }

    /// <summary>The port that a driver opens.</summary>
    public string Path => _port.Path;

    /// <summary>The cable.</summary>
    internal PluggablePort Port => _port;

    /// <summary>Whether the sustain pedal was last told to be down.</summary>
    public bool PedalDown => _pedalDown;

    /// <summary>Sends a key event. What a cable that nobody reads cannot hold is lost.</summary>
    public void Send(in KeyEvent key)
    {
        Span<byte> message = stackalloc byte[LiveMidiEncoder.MessageLength];
        int note = key.Key + PianoGeometry.LowestMidiNote;
        _ = key.Down ? LiveMidiEncoder.NoteOn(message, 0, note, key.Velocity) : LiveMidiEncoder.NoteOff(message, 0, note, key.Velocity);
        bool isRunning = _runningStatus && message[0] == _status;
        _status = message[0];
        _port.TryWrite(isRunning ? message[1..] : message);
    }

    /// <summary>Tells the other end that the cable is still there; due every 300 ms or more often.</summary>
    public void KeepAlive() => _port.TryWrite([ActiveSensing]);

    /// <inheritdoc/>
    public void Dispose()
    {
        _port.Dispose();
        _thread.Join();
    }

    private void Listen()
    {
        RealTimeThread.CarryMessages();
        var parser = new LiveMidiParser();
        Span<byte> received = stackalloc byte[64];
        try
        {
            while (true)
            {
                int count = _port.Read(received);
                foreach (byte b in received[..count])
                {
                    if (parser.TryParse(b, 0, out LiveMidiEvent e) && e is { Type: LiveMidiEventType.ControlChange, Number: SustainController })
                        _pedalDown = e.Value >= 64;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Disposed of: this is how the thread ends.
        }
    }
}
