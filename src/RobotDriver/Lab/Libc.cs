using System.Runtime.InteropServices;

namespace Legato.RobotDriver.Lab;

/// <summary>The two calls of Linux that .NET has no name for.</summary>
internal static unsafe partial class Libc
{
    public const short PollIn = 1;
    public const int Terminate = 15;

    /// <summary>Waits for a descriptor; milliseconds.</summary>
    /// <returns>How many of the descriptors have something; −1 with an error number.</returns>
    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    public static partial int Poll(PollDescriptor* descriptors, nuint count, int timeout);

    /// <summary>Sends a signal to a process. 0, or −1 if there is none.</summary>
    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    public static partial int Kill(int process, int signal);

    [StructLayout(LayoutKind.Sequential)]
    public struct PollDescriptor
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }
}
