using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Legato.RobotDriver.Lab;

/// <summary>A raw MIDI device node of ALSA (<c>/dev/snd/midiC*D*</c>): the bytes of the cable, read and written like a file.</summary>
internal sealed class RawMidiPort(string path) : IMidiPort
{
    // A poll ends neither when its descriptor is closed nor when its thread should end, so waits are short.
    private const int WaitMilliseconds = 100;
    private const int Interrupted = 4;

    private volatile FileStream? _node;

    /// <inheritdoc/>
    public void Open()
    {
        if (!File.Exists(path))
            throw new IOException($"{path}: there is no such device; is the keyboard plugged in and on?");
        // Without a buffer a stream does nothing but call read and write, which two threads may do at once.
        _node = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
    }

    /// <inheritdoc/>
    public int Read(Span<byte> buffer, out long stamp)
    {
        FileStream node = Opened;
        bool ready = Wait(node.SafeFileHandle);
        stamp = Stopwatch.GetTimestamp();
        if (!ready)
            return 0;
        int count = node.Read(buffer);
        return count > 0 ? count : throw Gone();
    }

    /// <inheritdoc/>
    public void Write(ReadOnlySpan<byte> data) => Opened.Write(data);

    /// <inheritdoc/>
    public void Close() => Interlocked.Exchange(ref _node, null)?.Dispose();

    /// <inheritdoc/>
    public void Dispose() => Close();

    private FileStream Opened => _node ?? throw new OperationCanceledException($"{path} was closed.");

    private unsafe bool Wait(SafeFileHandle handle)
    {
        bool held = false;
        try
        {
            handle.DangerousAddRef(ref held);
            Libc.PollDescriptor polled = new() { Descriptor = (int)handle.DangerousGetHandle(), Events = Libc.PollIn };
            int ready = Libc.Poll(&polled, 1, WaitMilliseconds);
            if (ready < 0 && Marshal.GetLastPInvokeError() is not Interrupted and int errno)
                throw new IOException($"{path}: cannot wait for it: {Marshal.GetPInvokeErrorMessage(errno)}");
            if (ready > 0 && (polled.Returned & Libc.PollIn) == 0)
                throw Gone();
            return ready > 0;
        }
        finally
        {
            if (held)
                handle.DangerousRelease();
        }
    }

    private IOException Gone() => new($"{path}: the device was disconnected");
}
