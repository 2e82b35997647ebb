namespace Legato.Music;

/// <summary>Messages to send to an instrument, each with its status byte. Stateless; allocates nothing.</summary>
public static class LiveMidiEncoder
{
    /// <summary>Length of every message here, bytes.</summary>
    public const int MessageLength = 3;

    private const byte SustainController = 64;
    private const byte AllNotesOffMode = 123;

    /// <summary>Writes a note-on; velocity 1..127.</summary>
    /// <exception cref="ArgumentException">A number is out of range, or the buffer is too short.</exception>
    public static int NoteOn(Span<byte> buffer, int channel, int note, int velocity)
    {
        ArgumentOutOfRangeException.ThrowIfZero(velocity);
        return Write(buffer, 0x90, channel, note, velocity);
    }

    /// <summary>Writes a note-off; velocity 0..127.</summary>
    /// <exception cref="ArgumentException">A number is out of range, or the buffer is too short.</exception>
    public static int NoteOff(Span<byte> buffer, int channel, int note, int velocity = 0) => Write(buffer, 0x80, channel, note, velocity);

    /// <summary>Writes the sustain pedal: controller 64, 127 for down and 0 for up.</summary>
    /// <exception cref="ArgumentException">A number is out of range, or the buffer is too short.</exception>
    public static int Sustain(Span<byte> buffer, int channel, bool down) => Write(buffer, 0xB0, channel, SustainController, down ? 127 : 0);

    /// <summary>Writes "all notes off": channel mode message 123.</summary>
    /// <exception cref="ArgumentException">A number is out of range, or the buffer is too short.</exception>
    public static int AllNotesOff(Span<byte> buffer, int channel) => Write(buffer, 0xB0, channel, AllNotesOffMode, 0);

    private static int Write(Span<byte> buffer, int status, int channel, int first, int second)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)channel, 15u, nameof(channel));
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)first, 127u, nameof(first));
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)second, 127u, nameof(second));
        ArgumentOutOfRangeException.ThrowIfLessThan(buffer.Length, MessageLength, nameof(buffer));
        (buffer[0], buffer[1], buffer[2]) = ((byte)(status | channel), (byte)first, (byte)second);
        return MessageLength;
    }
}
