using System.Diagnostics;
using System.Runtime.InteropServices;

namespace SerialPorts;

/// <summary>How a read or a write ended.</summary>
internal enum IoStatus
{
    Done,
    TimedOut,

    /// <summary>Closed on this side, perhaps while waiting.</summary>
    Closed,

    /// <summary>The other side is gone.</summary>
    HungUp,
}

/// <summary>A non-blocking terminal descriptor whose waits end at a deadline or when another thread closes it.</summary>
/// <remarks>
/// Safe for one reader, one writer and any number of closers at once. Every call holds the handle, so the descriptor
/// is closed, and its number free for reuse, only after the last call has left. Nothing here allocates.
/// </remarks>
internal sealed unsafe class TtyHandle : SafeHandle
{
    /// <summary>A deadline that never comes.</summary>
    public const long Never = long.MaxValue;

    private readonly string _name;
    private readonly int _wake;
    private bool _closing;
    private volatile bool _released;

    private TtyHandle(string name, int descriptor, int wake) : base(-1, ownsHandle: true)
    {
        _name = name;
        _wake = wake;
        SetHandle(descriptor);
    }

    /// <inheritdoc/>
    public override bool IsInvalid => handle == -1;

    /// <summary>Opens a terminal device for non-blocking use, without making it the controlling terminal.</summary>
    /// <exception cref="SerialPortException">The system refuses.</exception>
    public static TtyHandle Open(string path)
    {
        const int flags = Libc.OpenReadWrite | Libc.OpenNoControllingTerminal | Libc.OpenNonBlocking | Libc.OpenCloseOnExec;
        int descriptor, errno = 0;
        do
        {
            descriptor = Libc.Open(path, flags);
            if (descriptor < 0) errno = Marshal.GetLastPInvokeError();
        }
        while (descriptor < 0 && errno == Libc.EINTR);
        if (descriptor < 0)
            throw new SerialPortException(path, errno switch
            {
                Libc.EACCES => "no permission to open it (on most systems its group is dialout)",
                Libc.EBUSY => "another program holds it exclusively",
                _ => "cannot open",
            }, errno);
        int wake = Libc.EventDescriptor(0, Libc.EventNonBlocking | Libc.EventCloseOnExec);
        if (wake >= 0) return new TtyHandle(path, descriptor, wake);
        errno = Marshal.GetLastPInvokeError();
        _ = Libc.Close(descriptor);
        throw new SerialPortException(path, "cannot create an event descriptor", errno);
    }

    /// <summary>The deadline that lies a time-out ahead; negative ones, and those beyond a century, never come.</summary>
    public static long DeadlineIn(TimeSpan timeout) =>
        timeout < TimeSpan.Zero || timeout.TotalDays > 36500 ? Never : Stopwatch.GetTimestamp() + timeout.Ticks * TimeSpan.NanosecondsPerTick;

    /// <summary>Reads what is there, at least one byte.</summary>
    /// <param name="buffer">Receives the bytes.</param>
    /// <param name="deadline">CLOCK_MONOTONIC, ns.</param>
    /// <param name="count">How many came.</param>
    /// <param name="stamp">CLOCK_MONOTONIC in ns when the wait for these bytes ended.</param>
    public IoStatus Read(Span<byte> buffer, long deadline, out int count, out long stamp)
    {
        count = 0;
        stamp = 0;
        if (!TryHold()) return IoStatus.Closed;
        try
        {
            while (true)
            {
                IoStatus waited = Wait(Libc.PollIn, deadline);
                stamp = Stopwatch.GetTimestamp();
                if (waited != IoStatus.Done) return waited;
                nint taken;
                fixed (byte* start = buffer) taken = Libc.Read((int)handle, start, (nuint)buffer.Length);
                count = (int)Math.Max(taken, 0);
                if (taken > 0) return IoStatus.Done;
                if (taken == 0) return IoStatus.HungUp;
                if (IsHangUp(Marshal.GetLastPInvokeError(), "cannot read")) return IoStatus.HungUp;
            }
        }
        finally { DangerousRelease(); }
    }

    /// <summary>Writes all bytes.</summary>
    /// <param name="data">The bytes.</param>
    /// <param name="deadline">CLOCK_MONOTONIC, ns; 0 takes what fits now.</param>
    /// <param name="count">How many were taken, also when not all were.</param>
    public IoStatus Write(ReadOnlySpan<byte> data, long deadline, out int count)
    {
        count = 0;
        if (!TryHold()) return IoStatus.Closed;
        try
        {
            while (count < data.Length)
            {
                IoStatus waited = Wait(Libc.PollOut, deadline);
                if (waited != IoStatus.Done) return waited;
                nint taken;
                fixed (byte* start = data[count..]) taken = Libc.Write((int)handle, start, (nuint)(data.Length - count));
                if (taken >= 0) count += (int)taken;
                else if (IsHangUp(Marshal.GetLastPInvokeError(), "cannot write")) return IoStatus.HungUp;
            }
            return IoStatus.Done;
        }
        finally { DangerousRelease(); }
    }

    /// <summary>Runs a control request whose argument is a pointer to a value.</summary>
    /// <returns>0 or the error number; EBADF when closed.</returns>
    public int Control<T>(uint request, ref T value) where T : unmanaged
    {
        fixed (T* argument = &value) return Control(request, (nint)argument);
    }

    /// <summary>Runs a control request whose argument is a number.</summary>
    /// <returns>0 or the error number; EBADF when closed.</returns>
    public int Control(uint request, nint argument)
    {
        if (!TryHold()) return Libc.EBADF;
        try { return Libc.Control((int)handle, request, (void*)argument) == 0 ? 0 : Marshal.GetLastPInvokeError(); }
        finally { DangerousRelease(); }
    }

    /// <summary>Takes the advisory lock of the device, which even a privileged second opener respects.</summary>
    /// <returns>False if someone else holds it.</returns>
    public bool TryLock() => Libc.Lock((int)handle, Libc.LockExclusive | Libc.LockNonBlocking) == 0;

    /// <summary>Ends every wait of other threads; the last of them to leave closes the descriptor.</summary>
    public void BeginClose()
    {
        if (Interlocked.Exchange(ref _closing, true)) return;
        ulong one = 1;
        _ = Libc.Write(_wake, (byte*)&one, sizeof(ulong));
        Dispose();
    }

    /// <summary>Closes and returns once no call uses the descriptor any more, so that the device can be opened again.</summary>
    public void CloseAndWait()
    {
        BeginClose();
        SpinWait spin = default;
        while (!_released) spin.SpinOnce();
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        bool closed = Libc.Close((int)handle) == 0 & Libc.Close(_wake) == 0;
        _released = true;
        return closed;
    }

    private bool TryHold()
    {
        bool held = false;
        try { DangerousAddRef(ref held); }
        catch (ObjectDisposedException) { return false; }
        return held;
    }

    private IoStatus Wait(short events, long deadline)
    {
        Libc.PollDescriptor* polled = stackalloc Libc.PollDescriptor[2];
        polled[0] = new() { Descriptor = (int)handle, Events = events };
        polled[1] = new() { Descriptor = _wake, Events = Libc.PollIn };
        while (true)
        {
            Libc.TimeSpec left;
            long nanoseconds = Math.Max(deadline - Stopwatch.GetTimestamp(), 0);
            (left.Seconds, left.Nanoseconds) = Math.DivRem((nint)nanoseconds, (nint)1_000_000_000);
            int ready = Libc.Poll(polled, 2, deadline == Never ? null : &left, null);
            if (ready < 0)
            {
                int errno = Marshal.GetLastPInvokeError();
                if (errno != Libc.EINTR) throw new SerialPortException(_name, "cannot wait for it", errno);
            }
            else if (polled[1].Returned != 0) return IoStatus.Closed;
            else return ready == 0 ? IoStatus.TimedOut : IoStatus.Done;
        }
    }

    // What drivers answer once the device is gone; everything but "try again" is beyond a retry.
    private bool IsHangUp(int errno, string action) => errno switch
    {
        Libc.EIO or Libc.ENXIO or Libc.ENODEV => true,
        Libc.EAGAIN or Libc.EINTR => false,
        _ => throw new SerialPortException(_name, action, errno),
    };
}
