using System.Globalization;

namespace SerialPorts;

/// <summary>A serial device made of software: this end plays the device, <see cref="SlavePath"/> is the port that a driver opens.</summary>
/// <remarks>
/// The device outlives its drivers, as a real one does: this object keeps a descriptor of the slave side open itself, because
/// otherwise the master side would fail with EIO whenever no driver has the port open. Closing the master hangs up the
/// slave side for everyone, which is what a driver sees when a device is unplugged: see <see cref="Dispose"/>.
/// Safe for one reading and one writing thread and a disposer at once. Reads and writes allocate nothing.
/// </remarks>
public sealed class PseudoTerminal : IDisposable
{
    private readonly TtyHandle _master;
    private readonly TtyHandle _slave;

    private PseudoTerminal(TtyHandle master, TtyHandle slave, string slavePath)
    {
        _master = master;
        _slave = slave;
        SlavePath = slavePath;
    }

    /// <summary>The port to open with <see cref="SerialPort"/>, for example <c>/dev/pts/7</c>.</summary>
    public string SlavePath { get; }

    /// <summary>Creates a pair, raw from the start: nothing is echoed or translated, whoever opens it.</summary>
    /// <exception cref="SerialPortException">The system gives no pseudo-terminal.</exception>
    public static PseudoTerminal Open()
    {
        const string multiplexer = "/dev/ptmx";
        TtyHandle master = TtyHandle.Open(multiplexer);
        TtyHandle? slave = null;
        try
        {
            int unlock = 0, number = 0;
            Check(master.Control(Libc.TIOCSPTLCK, ref unlock), "cannot unlock the slave side");
            Check(master.Control(Libc.TIOCGPTN, ref number), "cannot find the slave side");
            string path = string.Create(CultureInfo.InvariantCulture, $"/dev/pts/{number}");
            slave = TtyHandle.Open(path);
            Termios modes = default;
            Check(slave.Control(Libc.TCGETS2, ref modes), "cannot read its modes");
            modes.MakeRaw();
            Check(slave.Control(Libc.TCSETS2, ref modes), "cannot make it raw");
            return new PseudoTerminal(master, slave, path);
        }
        catch
        {
            slave?.Dispose();
            master.Dispose();
            throw;
        }

        static void Check(int errno, string action)
        {
            if (errno != 0) throw new SerialPortException(multiplexer, action, errno);
        }
    }

    /// <summary>Waits for bytes from the driver and takes what is there.</summary>
    /// <param name="buffer">Receives them.</param>
    /// <param name="timeout">The longest wait; negative waits for ever.</param>
    /// <returns>How many bytes came; 0 when none came in time.</returns>
    /// <exception cref="OperationCanceledException">The pair was disposed of while waiting.</exception>
    /// <exception cref="ObjectDisposedException">The pair was disposed of before.</exception>
    public int Read(Span<byte> buffer, TimeSpan timeout)
    {
        ObjectDisposedException.ThrowIf(_master.IsClosed, this);
        IoStatus status = _master.Read(buffer, TtyHandle.DeadlineIn(timeout), out int count, out _);
        return status is IoStatus.Done or IoStatus.TimedOut ? count : throw Cancelled();
    }

    /// <summary>Sends bytes to the driver, waiting until the kernel has taken them all.</summary>
    /// <remarks>The kernel holds some kilobytes; then this waits for a driver to read. Use <see cref="TryWrite"/> where it must not.</remarks>
    /// <exception cref="OperationCanceledException">The pair was disposed of while waiting.</exception>
    /// <exception cref="ObjectDisposedException">The pair was disposed of before.</exception>
    public void Write(ReadOnlySpan<byte> data)
    {
        ObjectDisposedException.ThrowIf(_master.IsClosed, this);
        if (_master.Write(data, TtyHandle.Never, out _) != IoStatus.Done) throw Cancelled();
    }

    /// <summary>Sends what the kernel takes without waiting; the rest is lost, as on a line that nobody reads.</summary>
    /// <returns>How many bytes were taken.</returns>
    /// <exception cref="ObjectDisposedException">The pair was disposed of.</exception>
    public int TryWrite(ReadOnlySpan<byte> data)
    {
        ObjectDisposedException.ThrowIf(_master.IsClosed, this);
        _master.Write(data, 0, out int count);
        return count;
    }

    /// <summary>Unplugs the device: drivers see a hang-up, waits of other threads end, the path disappears. Further calls do nothing.</summary>
    public void Dispose()
    {
        _master.CloseAndWait();
        _slave.CloseAndWait();
    }

    private static OperationCanceledException Cancelled() => new("The pseudo-terminal was disposed of.");
}
