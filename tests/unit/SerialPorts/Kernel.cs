using System.Buffers.Binary;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Legato.Tests.SerialPorts;

/// <summary>What the kernel says about a terminal and the time, asked by other means than the code under test uses.</summary>
internal static partial class Kernel
{
    /// <summary>The output speed in <c>struct termios2</c>.</summary>
    public static uint SpeedOf(string terminal) => BinaryPrimitives.ReadUInt32LittleEndian(Ask(terminal, 0x802C542A, 44).AsSpan(40));

    /// <summary>The bytes that wait to be read.</summary>
    public static uint WaitingOn(string terminal) => BinaryPrimitives.ReadUInt32LittleEndian(Ask(terminal, 0x541B, 4));

    /// <summary>All modes, as <c>stty</c> prints them, on one line.</summary>
    public static string Modes(string terminal)
    {
        using Process stty = Process.Start(new ProcessStartInfo("stty", ["-F", terminal, "-a"]) { RedirectStandardOutput = true })!;
        string modes = stty.StandardOutput.ReadToEnd();
        stty.WaitForExit();
        return modes.ReplaceLineEndings(" ");
    }

    /// <summary>CLOCK_MONOTONIC, ns.</summary>
    public static long MonotonicNow()
    {
        const int monotonic = 1;
        long[] time = new long[2];
        Assert.Equal(0, GetTime(monotonic, time));
        return time[0] * 1_000_000_000 + time[1];
    }

    private static byte[] Ask(string terminal, nuint request, int length)
    {
        // Not File.Open, which respects the lock that the port under test holds.
        const int readWriteWithoutControl = 0x102;
        using SafeFileHandle handle = Open(terminal, readWriteWithoutControl);
        byte[] answer = new byte[length];
        Assert.Equal(0, IoControl(handle, request, answer));
        return answer;
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "ioctl")]
    private static partial int IoControl(SafeFileHandle handle, nuint request, [Out] byte[] argument);

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int GetTime(int clock, [Out] long[] time);
}
