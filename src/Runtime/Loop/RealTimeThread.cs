using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Legato.Runtime.Loop;

/// <summary>What the system granted to the control thread.</summary>
/// <param name="Fifo">It preempts every normal thread (<c>SCHED_FIFO</c>).</param>
/// <param name="MemoryLocked">Pages of the process stay in memory once touched.</param>
/// <param name="TimerSlack">Its sleeps end within a microsecond of the timer, not 50.</param>
/// <param name="Summary">One line for the log: what was granted, and why the rest was not.</param>
public sealed record RealTimeGrant(bool Fifo, bool MemoryLocked, bool TimerSlack, string Summary);

/// <summary>Asks the system for the scheduling that a control thread wants.</summary>
public static class RealTimeThread
{
    /// <summary>Priority among <c>SCHED_FIFO</c> threads (1..99): above all ordinary work, level with the kernel's threaded interrupts.</summary>
    public const int Priority = 50;

    /// <summary>Promotes the calling thread as far as it is allowed to; never throws.</summary>
    /// <param name="lockMemory">Whether to ask for locked memory, which holds for the whole process.</param>
    /// <param name="priority">1..99.</param>
    public static RealTimeGrant TryPromote(bool lockMemory = true, int priority = Priority)
    {
        bool slack = Libc.Prctl(Libc.SetTimerSlack, 1, 0, 0, 0) == 0;
        bool fifo = Libc.SetScheduler(0, Libc.Fifo | Libc.ResetOnFork, priority) == 0;
        string scheduling = fifo
            ? $"SCHED_FIFO {priority}"
            : $"no SCHED_FIFO ({LastError()}; allow it with 'rtprio {priority}' in /etc/security/limits.d)";
        (bool locked, string memory) = lockMemory ? TryLockMemory() : (false, "memory lock not asked for");
        return new RealTimeGrant(fifo, locked, slack, $"{scheduling}, {memory}");
    }

    /// <summary>Gives locked memory back to the system.</summary>
    public static void UnlockMemory() => _ = Libc.UnlockAllMemory(); // has no failure that matters: nothing was locked

    private static (bool Locked, string Why) TryLockMemory()
    {
        // Under a finite limit the lock would make later allocations of the runtime fail: better none.
        if (!MayLockWithoutLimit())
            return (false, "memory not locked (limited; allow it with 'memlock unlimited' in /etc/security/limits.d)");
        return Libc.LockAllMemory(Libc.LockCurrent | Libc.LockFuture | Libc.LockOnFault) == 0
            ? (true, "memory locked")
            : (false, $"memory not locked ({LastError()})");
    }

    /// <summary>True if the process may lock any amount of memory.</summary>
    public static bool MayLockWithoutLimit() =>
        (Libc.GetResourceLimit(Libc.MemoryLockLimit, out Libc.ResourceLimit limit) == 0 && limit.Current == ulong.MaxValue) || HasCapability(14);

    private static bool HasCapability(int bit) => File.Exists("/proc/self/status")
        && File.ReadLines("/proc/self/status").FirstOrDefault(l => l.StartsWith("CapEff:", StringComparison.Ordinal)) is { } line
        && (Convert.ToUInt64(line[7..].Trim(), 16) >> bit & 1) == 1;

    private static string LastError() => new Win32Exception(Marshal.GetLastPInvokeError()).Message;
}
