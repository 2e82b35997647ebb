using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Legato.RobotDriver;

/// <summary>What a thread needs to keep time: absolute sleep and a real-time priority.</summary>
internal static unsafe partial class RealTimeThread
{
    private const int ClockMonotonic = 1, AbsoluteTime = 1, Interrupted = 4, FirstInFirstOut = 1, ProcessOrThread = 0, ProcessNiceness = -15;

    /// <summary>Priority of threads that carry messages: above everything ordinary, below the control loop and the physics.</summary>
    public const int MessagePriority = 20;

    /// <summary>Gives the calling thread the priority of those that carry messages, where the system permits it.</summary>
    public static void CarryMessages() => _ = TryRaisePriority(MessagePriority);

    /// <summary>Runs a function on a thread that carries messages; threads that native code starts in it inherit that.</summary>
    public static T Call<T>(Func<T> function)
    {
        var result = new TaskCompletionSource<T>();
        var thread = new Thread(() =>
        {
            CarryMessages();
            try
            {
                result.SetResult(function());
            }
            catch (Exception e)
            {
                result.SetException(e);
            }
        })
        { Name = "real-time start", IsBackground = true };
        thread.Start();
        thread.Join();
        return result.Task.GetAwaiter().GetResult();
    }

    /// <summary>
    /// Lets every other thread of the process go before ordinary ones: a collector or compiler that waits for a processor
    /// while it has stopped all threads would stop the real-time ones too.
    /// </summary>
    /// <returns>False if the system does not permit it.</returns>
    public static bool RaiseProcess()
    {
        bool all = true;
        foreach (string task in Directory.EnumerateDirectories("/proc/self/task"))
            all &= SetPriority(ProcessOrThread, int.Parse(Path.GetFileName(task), CultureInfo.InvariantCulture), ProcessNiceness) == 0;
        return all;
    }

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

    [LibraryImport("libc", EntryPoint = "setpriority", SetLastError = true)]
    private static partial int SetPriority(int which, int who, int niceness);

    [LibraryImport("libc", EntryPoint = "sched_setscheduler", SetLastError = true)]
    private static partial int SetScheduler(int thread, int policy, int* priority);

    private struct TimeSpec
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
