using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Legato.RobotDriver.StandIn;

/// <summary>What a thread needs to keep time: absolute sleep and a real-time priority.</summary>
internal static unsafe partial class RealTimeThread
{
    private const int ClockMonotonic = 1, AbsoluteTime = 1, Interrupted = 4, FirstInFirstOut = 1;

    /// <summary>Gives the calling thread the SCHED_FIFO policy.</summary>
    /// <param name="priority">1..99.</param>
    /// <returns>False if the system does not permit it.</returns>
    public static bool TryRaisePriority(int priority) => SetScheduler(0, FirstInFirstOut, &priority) == 0;

    /// <summary>Sleeps until CLOCK_MONOTONIC, which <see cref="Stopwatch.GetTimestamp"/> counts in ns, reaches the deadline.</summary>
    public static void SleepUntil(long deadline)
    {
        TimeSpec until;
        (until.Seconds, until.Nanoseconds) = Math.DivRem((nint)deadline, (nint)1_000_000_000);
        while (Sleep(ClockMonotonic, AbsoluteTime, &until, null) == Interrupted)
            continue;
    }

    [LibraryImport("libc", EntryPoint = "clock_nanosleep")]
    private static partial int Sleep(int clock, int flags, TimeSpec* request, TimeSpec* remaining);

    [LibraryImport("libc", EntryPoint = "sched_setscheduler", SetLastError = true)]
    private static partial int SetScheduler(int thread, int policy, int* priority);

    private struct TimeSpec
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
