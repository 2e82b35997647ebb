using Legato.Music;
using Legato.RobotDriver.Configuration;

namespace Legato.RobotDriver.Lab;

/// <summary>Sends the sustain pedal to the keyboard, only when it changes and once after every connection.</summary>
/// <remarks>For the control thread. Allocates nothing as long as the keyboard is there.</remarks>
internal sealed class SustainPedal(PedalSettings settings, MidiKeyboard keyboard)
{
    private readonly byte[] _message = new byte[LiveMidiEncoder.MessageLength];
    private int _session;
    private bool _isDown;
    private long _sent;
    private long _failed;

    /// <summary>Changes sent, and attempts that failed; these are repeated with the next command.</summary>
    public StreamLoss Loss => new("pedal", Volatile.Read(ref _sent), Volatile.Read(ref _failed));

    /// <summary>Moves the pedal: down from 0.5.</summary>
    public void Write(double position)
    {
        bool down = position >= 0.5;
        int session = keyboard.Session;
        if (!settings.Enabled || (session == _session && session != 0 && down == _isDown))
            return;
        LiveMidiEncoder.Sustain(_message, settings.Channel, down);
        if (!keyboard.TrySend(_message))
        {
            Volatile.Write(ref _failed, _failed + 1);
            return;
        }
        (_session, _isDown) = (session, down);
        Volatile.Write(ref _sent, _sent + 1);
    }
}
