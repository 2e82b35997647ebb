namespace SerialPorts;

/// <content>Modem lines, break and the driver's buffers.</content>
public sealed partial class SerialPort
{
    /// <summary>The DTR line; off by default. Remembered, and without effect, on a device that has none.</summary>
    public bool DtrEnable
    {
        get;
        set
        {
            field = value;
            if (IsOpen) SetModemLine(Libc.ModemDtr, value);
        }
    }

    /// <summary>The RTS line; off by default. Remembered, and without effect, on a device that has none.</summary>
    /// <exception cref="InvalidOperationException">The line belongs to the flow control.</exception>
    public bool RtsEnable
    {
        get;
        set
        {
            if (Handshake is Handshake.RequestToSend or Handshake.RequestToSendXOnXOff)
                throw new InvalidOperationException($"{PortName}: with {Handshake} the driver moves RTS.");
            field = value;
            if (IsOpen) SetModemLine(Libc.ModemRts, value);
        }
    }

    /// <summary>Holds the line in the break condition as long as it is true.</summary>
    /// <exception cref="InvalidOperationException">The port is not open.</exception>
    public bool BreakState
    {
        get;
        set
        {
            TtyHandle tty = Opened;
            Check(tty, tty.Control(value ? Libc.TIOCSBRK : Libc.TIOCCBRK, 0), "cannot set the break condition");
            field = value;
        }
    }

    /// <summary>Bytes that wait to be read.</summary>
    public int BytesToRead => Count(Libc.FIONREAD) + _pendingEnd - _pendingStart;

    /// <summary>Bytes that the driver has not sent yet.</summary>
    public int BytesToWrite => Count(Libc.TIOCOUTQ);

    /// <summary>Drops received bytes that wait to be read. For the reading thread.</summary>
    public void DiscardInBuffer()
    {
        _pendingStart = _pendingEnd = 0;
        Discard(Libc.FlushInput);
    }

    /// <summary>Drops bytes that the driver has not sent yet.</summary>
    public void DiscardOutBuffer() => Discard(Libc.FlushOutput);

    private void Discard(int queue)
    {
        TtyHandle tty = Opened;
        Check(tty, tty.Control(Libc.TCFLSH, queue), "cannot discard its buffer");
    }

    private int Count(uint request)
    {
        TtyHandle tty = Opened;
        int count = 0;
        Check(tty, tty.Control(request, ref count), "cannot count its bytes");
        return count;
    }

    private void SetModemLine(int line, bool on)
    {
        if (!_hasModemLines) return;
        TtyHandle tty = Opened;
        Check(tty, tty.Control(on ? Libc.TIOCMBIS : Libc.TIOCMBIC, ref line), "cannot set its modem lines");
    }

    private void Check(TtyHandle tty, int errno, string action)
    {
        if (errno == 0) return;
        throw errno switch
        {
            Libc.EIO or Libc.ENXIO or Libc.ENODEV => Lost(tty, IoStatus.HungUp),
            Libc.EBADF => Lost(tty, IoStatus.Closed),
            _ => new SerialPortException(PortName, action, errno),
        };
    }
}
