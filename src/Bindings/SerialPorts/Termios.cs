using System.Runtime.InteropServices;

namespace SerialPorts;

/// <summary>The kernel's <c>struct termios2</c>: a terminal's modes with its speeds as plain numbers.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct Termios
{
    private const uint IgnoreBreak = 0x1, IgnoreParityErrors = 0x4, CheckParity = 0x10, XOn = 0x400, XOff = 0x1000;
    private const uint SpeedMask = 0x100F, OtherSpeed = 0x1000, InputSpeedMask = SpeedMask << 16;
    private const uint SizeMask = 0x30, TwoStopBits = 0x40, EnableReceiver = 0x80, EnableParity = 0x100, OddParity = 0x200;
    private const uint IgnoreModemLines = 0x800, RtsCts = 0x80000000, MarkSpace = 0x40000000;
    private const int Minimum = 6, Time = 5;

    private uint _input;
    private uint _output;
    private uint _control;
    private uint _local;
    private byte _discipline;
    private fixed byte _characters[19];
    private uint _inputSpeed;
    private uint _outputSpeed;

    /// <summary>The speed that the driver sends at, baud.</summary>
    public readonly uint Speed => _outputSpeed;

    /// <summary>Raw bytes both ways: no echo, no line editing, no translation, no signals.</summary>
    /// <remarks>A read takes at least one byte (VMIN 1), so that a read of 0 bytes can only mean a hang-up.</remarks>
    public void MakeRaw()
    {
        _input = IgnoreBreak;
        _output = 0;
        _local = 0;
        _control |= EnableReceiver | IgnoreModemLines;
        _characters[Minimum] = 1;
        _characters[Time] = 0;
    }

    /// <summary>Sets the speed through BOTHER, which takes any number: 31250 for MIDI is in no table of B-constants.</summary>
    public void SetSpeed(uint baud)
    {
        _control = (_control & ~(SpeedMask | InputSpeedMask)) | OtherSpeed | (OtherSpeed << 16);
        _inputSpeed = baud;
        _outputSpeed = baud;
    }

    /// <summary>Sets the shape of a character. A character that fails its check is dropped: a wrong byte is worse than a missing one.</summary>
    public void SetFrame(int dataBits, Parity parity, StopBits stopBits)
    {
        _control &= ~(SizeMask | TwoStopBits | EnableParity | OddParity | MarkSpace);
        _control |= (uint)(dataBits - 5) << 4;
        if (stopBits == StopBits.Two) _control |= TwoStopBits;
        if (parity == Parity.None) return;
        _control |= parity == Parity.Odd ? EnableParity | OddParity : EnableParity;
        _input |= CheckParity | IgnoreParityErrors;
    }

    /// <summary>Sets the flow control.</summary>
    public void SetHandshake(Handshake handshake)
    {
        _control &= ~RtsCts;
        _input &= ~(XOn | XOff);
        if (handshake is Handshake.RequestToSend or Handshake.RequestToSendXOnXOff) _control |= RtsCts;
        if (handshake is Handshake.XOnXOff or Handshake.RequestToSendXOnXOff) _input |= XOn | XOff;
    }
}
