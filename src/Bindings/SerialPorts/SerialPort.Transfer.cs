using System.Text;

namespace SerialPorts;

/// <content>Reading and writing.</content>
public sealed partial class SerialPort
{
    // Bytes that ReadLine received behind the end of its line, or of a line that is not complete yet.
    private readonly byte[] _pending = new byte[4096];
    private int _pendingStart;
    private int _pendingEnd;
    private long _pendingStamp;
    private byte[] _newLine = "\n"u8.ToArray();

    /// <summary>Waits for bytes and takes what is there: at least one, not necessarily as many as fit.</summary>
    /// <inheritdoc cref="Read(Span{byte}, out long)"/>
    public int Read(Span<byte> buffer) => Read(buffer, out _);

    /// <inheritdoc cref="Read(Span{byte})"/>
    public int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count), out _);

    /// <summary>Waits for bytes and takes what is there, with the time of their arrival.</summary>
    /// <param name="buffer">Receives the bytes.</param>
    /// <param name="monotonicNs">CLOCK_MONOTONIC in ns (as <see cref="System.Diagnostics.Stopwatch.GetTimestamp"/> counts) right after the wait ended.</param>
    /// <returns>How many bytes came; 0 only for an empty buffer.</returns>
    /// <exception cref="TimeoutException">None within <see cref="ReadTimeout"/>.</exception>
    /// <exception cref="OperationCanceledException">The port was closed while waiting.</exception>
    /// <exception cref="SerialPortDisconnectedException">The device is gone.</exception>
    /// <exception cref="InvalidOperationException">The port is not open.</exception>
    public int Read(Span<byte> buffer, out long monotonicNs)
    {
        TtyHandle tty = Opened;
        int pending = Math.Min(_pendingEnd - _pendingStart, buffer.Length);
        if (pending == 0) return Receive(tty, buffer, Deadline(ReadTimeout), out monotonicNs);
        _pending.AsSpan(_pendingStart, pending).CopyTo(buffer);
        _pendingStart += pending;
        monotonicNs = _pendingStamp;
        return pending;
    }

    /// <summary>Writes all bytes; returns when the driver has taken them.</summary>
    /// <exception cref="TimeoutException">Not all within <see cref="WriteTimeout"/>; the message says how many.</exception>
    /// <exception cref="OperationCanceledException">The port was closed while waiting.</exception>
    /// <exception cref="SerialPortDisconnectedException">The device is gone.</exception>
    /// <exception cref="InvalidOperationException">The port is not open.</exception>
    public void Write(ReadOnlySpan<byte> data)
    {
        TtyHandle tty = Opened;
        IoStatus status = tty.Write(data, Deadline(WriteTimeout), out int count);
        if (status == IoStatus.TimedOut) throw new TimeoutException($"{PortName} took {count} of {data.Length} bytes in {WriteTimeout} ms.");
        if (status != IoStatus.Done) throw Lost(tty, status);
    }

    /// <inheritdoc cref="Write(ReadOnlySpan{byte})"/>
    public void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <summary>Writes text (ASCII; other characters become '?') and <see cref="NewLine"/> in one piece.</summary>
    /// <inheritdoc cref="Write(ReadOnlySpan{byte})"/>
    public void WriteLine(ReadOnlySpan<char> text)
    {
        int length = text.Length + _newLine.Length;
        Span<byte> line = length <= 512 ? stackalloc byte[length] : new byte[length];
        Encoding.ASCII.GetBytes(text, line);
        _newLine.CopyTo(line[text.Length..]);
        Write(line);
    }

    /// <summary>Reads a line (ASCII) and drops the <see cref="NewLine"/> that ends it. What came of a line before a time-out is kept for the next call.</summary>
    /// <exception cref="SerialPortException">4096 bytes without an end of line; they are dropped.</exception>
    /// <inheritdoc cref="Read(Span{byte}, out long)"/>
    public string ReadLine() => Encoding.ASCII.GetString(ReadLineBytes());

    /// <summary>Reads a line without allocating.</summary>
    /// <param name="line">Receives it, without <see cref="NewLine"/>.</param>
    /// <returns>Its length.</returns>
    /// <exception cref="ArgumentException">The line is longer than the span; it is dropped.</exception>
    /// <inheritdoc cref="ReadLine()"/>
    public int ReadLine(Span<byte> line)
    {
        ReadOnlySpan<byte> read = ReadLineBytes();
        read.CopyTo(line);
        return read.Length;
    }

    private TtyHandle Opened => _tty is { IsClosed: false } tty ? tty
        : throw (_disconnected ? new SerialPortDisconnectedException(PortName) : new InvalidOperationException($"{PortName} is not open."));

    private static long Deadline(int timeout) => TtyHandle.DeadlineIn(TimeSpan.FromMilliseconds(timeout));

    private ReadOnlySpan<byte> ReadLineBytes()
    {
        TtyHandle tty = Opened;
        long deadline = Deadline(ReadTimeout);
        // How much of the pending bytes is known to hold no end of line.
        int searched = 0;
        while (true)
        {
            ReadOnlySpan<byte> pending = _pending.AsSpan(_pendingStart, _pendingEnd - _pendingStart);
            int end = pending[searched..].IndexOf(_newLine);
            if (end >= 0)
            {
                _pendingStart += searched + end + _newLine.Length;
                return pending[..(searched + end)];
            }
            searched = Math.Max(pending.Length - _newLine.Length + 1, 0);
            pending.CopyTo(_pending);
            (_pendingStart, _pendingEnd) = (0, pending.Length);
            if (_pendingEnd == _pending.Length)
            {
                _pendingEnd = 0;
                throw new SerialPortException(PortName, $"{_pending.Length} bytes came without an end of line; check the speed and the protocol.");
            }
            _pendingEnd += Receive(tty, _pending.AsSpan(_pendingEnd), deadline, out _pendingStamp);
        }
    }

    private int Receive(TtyHandle tty, Span<byte> buffer, long deadline, out long monotonicNs)
    {
        monotonicNs = 0;
        if (buffer.IsEmpty) return 0;
        IoStatus status = tty.Read(buffer, deadline, out int count, out monotonicNs);
        if (status == IoStatus.TimedOut) throw new TimeoutException($"{PortName} sent nothing in {ReadTimeout} ms.");
        return status == IoStatus.Done ? count : throw Lost(tty, status);
    }

    // A device that is gone is closed at once: as long as someone holds it, its name is not free for the one plugged in again.
    private Exception Lost(TtyHandle tty, IoStatus status)
    {
        if (status == IoStatus.HungUp)
        {
            _disconnected = true;
            tty.BeginClose();
        }
        return _disconnected ? new SerialPortDisconnectedException(PortName) : new OperationCanceledException($"{PortName} was closed.");
    }
}
