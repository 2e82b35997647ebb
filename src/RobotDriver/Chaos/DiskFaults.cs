namespace Legato.RobotDriver.Chaos;

/// <summary>A fault of the disk that a run is recorded to.</summary>
/// <param name="kind">Its kind.</param>
/// <param name="window">When.</param>
public abstract class DiskFault(string kind, FaultWindow window) : Fault(kind, window)
{
    /// <summary>Comes before a write, on the recorder's thread.</summary>
    /// <exception cref="IOException">The write fails.</exception>
    public abstract void OnWrite();
}

/// <summary>Every write takes longer.</summary>
/// <param name="window">When.</param>
/// <param name="delay">By how much, above 0.</param>
public sealed class SlowDisk(FaultWindow window, TimeSpan delay) : DiskFault("slow_disk", window)
{
    /// <inheritdoc/>
    public override void OnWrite() => Thread.Sleep(delay);
}

/// <summary>No room for another byte.</summary>
/// <param name="window">When.</param>
public sealed class FullDisk(FaultWindow window) : DiskFault("full_disk", window)
{
    /// <inheritdoc/>
    public override void OnWrite() => throw new IOException("No space left on device (injected).");
}

/// <summary>A file on a disk with faults.</summary>
/// <remarks>As thread-safe as the file.</remarks>
/// <param name="file">The file; owned from here on.</param>
/// <param name="faults">What goes wrong.</param>
/// <param name="schedule">When what began.</param>
/// <param name="clock">The robot's time.</param>
public sealed class FaultyDiskStream(Stream file, IReadOnlyList<DiskFault> faults, FaultSchedule schedule, IRobotClock clock) : Stream
{
    /// <inheritdoc/>
    public override bool CanRead => file.CanRead;

    /// <inheritdoc/>
    public override bool CanSeek => file.CanSeek;

    /// <inheritdoc/>
    public override bool CanWrite => file.CanWrite;

    /// <inheritdoc/>
    public override long Length => file.Length;

    /// <inheritdoc/>
    public override long Position { get => file.Position; set => file.Position = value; }

    /// <inheritdoc/>
    public override void Flush()
    {
        Disturb();
        if (file is FileStream onDisk)
            onDisk.Flush(flushToDisk: true);
        else
            file.Flush();
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => file.Read(buffer, offset, count);

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => file.Seek(offset, origin);

    /// <inheritdoc/>
    public override void SetLength(long value) => file.SetLength(value);

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        Disturb();
        file.Write(buffer);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            file.Dispose();
        base.Dispose(disposing);
    }

    private void Disturb()
    {
        foreach (DiskFault fault in faults)
        {
            if (schedule.IsOpen(fault.Window, clock.Now))
                fault.OnWrite();
        }
    }
}
