using System.Runtime.InteropServices;

namespace SerialPorts;

/// <summary>The C library's calls and the kernel's numbers that a terminal needs.</summary>
/// <remarks>Numbers are those of Linux' generic ABI (x86-64, arm64); source: <c>asm/termbits.h</c>, <c>asm/ioctls.h</c>, <c>linux/serial.h</c>.</remarks>
internal static partial class Libc
{
    public const int OpenReadWrite = 0x2, OpenNoControllingTerminal = 0x100, OpenNonBlocking = 0x800, OpenCloseOnExec = 0x80000;
    public const int EventNonBlocking = 0x800, EventCloseOnExec = 0x80000;
    public const int LockExclusive = 2, LockNonBlocking = 4;
    public const short PollIn = 0x1, PollOut = 0x4;

    public const int EINTR = 4, EIO = 5, ENXIO = 6, EBADF = 9, EAGAIN = 11, EACCES = 13, EBUSY = 16, ENODEV = 19, EINVAL = 22, ENOTTY = 25;

    public const uint TCGETS2 = 0x802C542A, TCSETS2 = 0x402C542B, TCFLSH = 0x540B;
    public const uint TIOCEXCL = 0x540C, TIOCNXCL = 0x540D;
    public const uint TIOCMGET = 0x5415, TIOCMBIS = 0x5416, TIOCMBIC = 0x5417;
    public const uint TIOCOUTQ = 0x5411, FIONREAD = 0x541B;
    public const uint TIOCSBRK = 0x5427, TIOCCBRK = 0x5428;
    public const uint TIOCGSERIAL = 0x541E, TIOCSSERIAL = 0x541F;
    public const uint TIOCSPTLCK = 0x40045431, TIOCGPTN = 0x80045430;

    public const int FlushInput = 0, FlushOutput = 1, FlushBoth = 2;
    public const int ModemDtr = 0x2, ModemRts = 0x4;

    [StructLayout(LayoutKind.Sequential)]
    public struct PollDescriptor
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct TimeSpec
    {
        public nint Seconds;
        public nint Nanoseconds;
    }

    /// <summary><c>struct serial_struct</c>, of which only the flags matter here.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 72)]
    public struct SerialInfo
    {
        public const int LowLatency = 0x2000;

        [FieldOffset(16)]
        public int Flags;
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    public static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    public static unsafe partial nint Read(int descriptor, byte* buffer, nuint count);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    public static unsafe partial nint Write(int descriptor, byte* buffer, nuint count);

    [LibraryImport("libc", EntryPoint = "ppoll", SetLastError = true)]
    public static unsafe partial int Poll(PollDescriptor* descriptors, nuint count, TimeSpec* timeout, void* signalMask);

    [LibraryImport("libc", EntryPoint = "eventfd", SetLastError = true)]
    public static partial int EventDescriptor(uint initial, int flags);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    public static partial int Lock(int descriptor, int operation);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    public static unsafe partial int Control(int descriptor, nuint request, void* argument);
}
