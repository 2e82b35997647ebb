using System.Text;

namespace SerialPorts;

/// <summary>A serial port of Linux (termios), with the member names of System.IO.Ports.</summary>
/// <remarks>
/// Threads: one reader, one writer, and <see cref="Close"/> from any thread, at the same time. Settings belong to the thread that opens.
/// <see cref="Read(Span{byte})"/> and <see cref="Write(ReadOnlySpan{byte})"/> allocate nothing and run on the caller's thread, with no polling interval.
/// Differences from System.IO.Ports, on purpose: the speed may be any number and is read back; mark and space parity and
/// odd stop bits are refused instead of ignored; the port is locked; an unplugged device fails every call with
/// <see cref="SerialPortDisconnectedException"/>; pseudo-terminals, which have no modem lines, can be opened.
/// </remarks>
public sealed partial class SerialPort : IDisposable
{
    /// <summary>A time-out that never expires.</summary>
    public const int InfiniteTimeout = -1;

    private volatile TtyHandle? _tty;
    private volatile bool _disconnected;
    private bool _hasModemLines;

    /// <summary>Creates a closed port.</summary>
    /// <param name="portName">The device, for example <c>/dev/serial/by-id/usb-…</c>.</param>
    /// <param name="baudRate">Bits per second.</param>
    /// <param name="parity">None, odd or even.</param>
    /// <param name="dataBits">5 to 8.</param>
    /// <param name="stopBits">One or two.</param>
    /// <exception cref="ArgumentException">A setting that cannot be kept.</exception>
    public SerialPort(string portName, int baudRate = 9600, Parity parity = Parity.None, int dataBits = 8, StopBits stopBits = StopBits.One)
    {
        ArgumentException.ThrowIfNullOrEmpty(portName);
        PortName = portName;
        BaudRate = baudRate;
        Parity = parity;
        DataBits = dataBits;
        StopBits = stopBits;
    }

    /// <summary>The device.</summary>
    public string PortName { get; }

    /// <summary>True between <see cref="Open"/> and <see cref="Close"/>, as long as the device is there.</summary>
    public bool IsOpen => _tty is { IsClosed: false };

    /// <summary>Bits per second, any positive number (31250 for MIDI). While open it takes effect at once.</summary>
    /// <exception cref="SerialPortException">The driver's nearest speed is more than 2 % off.</exception>
    public int BaudRate
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value);
            field = value;
            Reconfigure();
        }
    }

    /// <summary>None, odd or even. Received characters that fail the check are dropped.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Mark or space, which drivers would silently ignore.</exception>
    public Parity Parity
    {
        get;
        set
        {
            if (value is not (Parity.None or Parity.Odd or Parity.Even))
                throw new ArgumentOutOfRangeException(nameof(value), value, "Parity must be none, odd or even.");
            field = value;
            Reconfigure();
        }
    }

    /// <summary>5 to 8.</summary>
    public int DataBits
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 5);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 8);
            field = value;
            Reconfigure();
        }
    } = 8;

    /// <summary>One or two.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Anything else, which Linux cannot send.</exception>
    public StopBits StopBits
    {
        get;
        set
        {
            if (value is not (StopBits.One or StopBits.Two))
                throw new ArgumentOutOfRangeException(nameof(value), value, "Stop bits must be one or two.");
            field = value;
            Reconfigure();
        }
    } = StopBits.One;

    /// <summary>Flow control; none at first.</summary>
    public Handshake Handshake
    {
        get;
        set
        {
            if (!Enum.IsDefined(value)) throw new ArgumentOutOfRangeException(nameof(value), value, "Unknown flow control.");
            field = value;
            Reconfigure();
        }
    }

    /// <summary>The longest wait of a read in ms, or <see cref="InfiniteTimeout"/>, the default.</summary>
    public int ReadTimeout
    {
        get;
        set => field = ValidTimeout(value);
    } = InfiniteTimeout;

    /// <summary>The longest duration of a write in ms, or <see cref="InfiniteTimeout"/>, the default.</summary>
    public int WriteTimeout
    {
        get;
        set => field = ValidTimeout(value);
    } = InfiniteTimeout;

    /// <summary>What ends a line, ASCII; <c>\n</c> by default.</summary>
    public string NewLine
    {
        get;
        set
        {
            ArgumentException.ThrowIfNullOrEmpty(value);
            field = value;
            _newLine = Encoding.ASCII.GetBytes(value);
        }
    } = "\n";

    /// <summary>The ports of this machine: names that stay with the device (<c>/dev/serial/by-id</c>) first, then <c>/dev/tty*</c>.</summary>
    /// <remarks>A terminal counts as a port when a device stands behind it. Legacy ports may be listed though nothing is wired to them.</remarks>
    public static string[] GetPortNames()
    {
        const string stable = "/dev/serial/by-id", terminals = "/sys/class/tty";
        IEnumerable<string> byId = Directory.Exists(stable) ? Directory.EnumerateFileSystemEntries(stable) : [];
        IEnumerable<string> byNumber = Directory.Exists(terminals)
            ? Directory.EnumerateDirectories(terminals)
                .Where(entry => Path.Exists(Path.Combine(entry, "device")))
                .Select(entry => $"/dev/{Path.GetFileName(entry)}")
            : [];
        return [.. byId.Order(StringComparer.Ordinal), .. byNumber.Order(StringComparer.Ordinal)];
    }

    /// <summary>Opens the port for this object alone, raw, and drops what was received before.</summary>
    /// <remarks>Opening a real port raises DTR and RTS for a moment before the settings apply; some boards reset on that.</remarks>
    /// <exception cref="InvalidOperationException">It is open already.</exception>
    /// <exception cref="SerialPortException">It does not exist, is no serial port, is in use, may not be opened, or cannot be set up.</exception>
    public void Open()
    {
        if (IsOpen) throw new InvalidOperationException($"{PortName} is open already.");
        TtyHandle tty = TtyHandle.Open(PortName);
        try
        {
            int lines = 0;
            // Pseudo-terminals answer ENOTTY (EINVAL on older kernels).
            _hasModemLines = tty.Control(Libc.TIOCMGET, ref lines) is not (Libc.ENOTTY or Libc.EINVAL);
            Claim(tty);
            Configure(tty);
            _ = tty.Control(Libc.TCFLSH, Libc.FlushBoth);
            _pendingStart = _pendingEnd = 0;
            _disconnected = false;
            _tty = tty;
            if (Handshake is Handshake.None or Handshake.XOnXOff) SetModemLine(Libc.ModemRts, RtsEnable);
            SetModemLine(Libc.ModemDtr, DtrEnable);
        }
        catch
        {
            _tty = null;
            tty.Dispose();
            throw;
        }
    }

    /// <summary>Closes the port; waits of other threads end with <see cref="OperationCanceledException"/>. Further calls do nothing.</summary>
    public void Close()
    {
        TtyHandle? tty = Interlocked.Exchange(ref _tty, null);
        _disconnected = false;
        if (tty is null) return;
        if (_hasModemLines) _ = tty.Control(Libc.TIOCNXCL, 0);
        tty.CloseAndWait();
    }

    /// <summary>Same as <see cref="Close"/>.</summary>
    public void Dispose() => Close();

    private static int ValidTimeout(int value)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, InfiniteTimeout);
        return value;
    }

    // The lock binds privileged openers too. Exclusive mode keeps other programs out, but it belongs to the terminal:
    // a pseudo-terminal, which outlives its openers, would stay closed to everyone after a crash.
    private void Claim(TtyHandle tty)
    {
        if (!tty.TryLock()) throw new SerialPortException(PortName, "another program, or another part of this one, has it open.");
        if (!_hasModemLines) return;
        int errno = tty.Control(Libc.TIOCEXCL, 0);
        if (errno != 0) throw new SerialPortException(PortName, "cannot open it exclusively", errno);
        // Asks USB converters not to collect bytes (16 ms by default on FTDI). Drivers that have no such thing refuse; nothing is lost then.
        Libc.SerialInfo info = default;
        if (tty.Control(Libc.TIOCGSERIAL, ref info) != 0) return;
        info.Flags |= Libc.SerialInfo.LowLatency;
        _ = tty.Control(Libc.TIOCSSERIAL, ref info);
    }

    private void Reconfigure()
    {
        if (_tty is { IsClosed: false } tty) Configure(tty);
    }

    private void Configure(TtyHandle tty)
    {
        Termios modes = default;
        int errno = tty.Control(Libc.TCGETS2, ref modes);
        if (errno == Libc.ENOTTY) throw new SerialPortException(PortName, "this is no serial port", errno);
        if (errno != 0) throw new SerialPortException(PortName, "cannot read its settings", errno);
        modes.MakeRaw();
        modes.SetSpeed((uint)BaudRate);
        modes.SetFrame(DataBits, Parity, StopBits);
        modes.SetHandshake(Handshake);
        errno = tty.Control(Libc.TCSETS2, ref modes);
        if (errno != 0) throw new SerialPortException(PortName, $"cannot set {BaudRate} baud, {DataBits} data bits, parity {Parity}, handshake {Handshake}", errno);
        // Converters round to what their clock can divide, without an error.
        _ = tty.Control(Libc.TCGETS2, ref modes);
        if (Math.Abs((double)modes.Speed - BaudRate) > 0.02 * BaudRate)
            throw new SerialPortException(PortName, $"{BaudRate} baud were asked for, the driver's nearest is {modes.Speed}; more than 2 % off loses characters.");
    }
}
