using System.Globalization;
using Legato.Runtime.Loop;

namespace Legato.Runtime.Doctor;

/// <summary>Which kernel runs, and whether it is a real-time one.</summary>
public sealed class KernelCheck(IMachine machine) : ICheck
{
    /// <inheritdoc/>
    public string Name => "kernel";

    /// <inheritdoc/>
    public CheckResult Run()
    {
        string release = machine.Read("/proc/sys/kernel/osrelease") ?? "unknown";
        return CheckResult.Ok(machine.Read("/sys/kernel/realtime") == "1" ? $"{release}, PREEMPT_RT" : release);
    }
}

/// <summary>The control thread may preempt others.</summary>
/// <param name="promote">Tries it on a scratch thread.</param>
public sealed class RealTimeCheck(Func<RealTimeGrant> promote) : ICheck
{
    /// <inheritdoc/>
    public string Name => "real-time priority";

    /// <inheritdoc/>
    public CheckResult Run()
    {
        RealTimeGrant grant = promote();
        return grant.Fifo
            ? CheckResult.Ok($"SCHED_FIFO {RealTimeThread.Priority}")
            : CheckResult.Warning("not permitted", $"echo \"$USER - rtprio {Watchdog.WatchdogProcess.Priority}\" | sudo tee /etc/security/limits.d/legato.conf, then log in again");
    }
}

/// <summary>The process may lock its memory.</summary>
/// <param name="mayLock">True if any amount can be locked.</param>
public sealed class MemoryLockCheck(Func<bool> mayLock) : ICheck
{
    /// <inheritdoc/>
    public string Name => "memory lock";

    /// <inheritdoc/>
    public CheckResult Run() => mayLock()
        ? CheckResult.Ok("unlimited")
        : CheckResult.Warning("limited", "echo \"$USER - memlock unlimited\" | sudo tee -a /etc/security/limits.d/legato.conf, then log in again");
}

/// <summary>The kernel's clock is a fast and fine one.</summary>
/// <param name="machine">Where the clock source is read.</param>
/// <param name="resolution">Resolution of the monotonic clock, nanoseconds.</param>
public sealed class ClockCheck(IMachine machine, Func<long> resolution) : ICheck
{
    /// <inheritdoc/>
    public string Name => "monotonic clock";

    /// <inheritdoc/>
    public CheckResult Run()
    {
        string source = machine.Read("/sys/devices/system/clocksource/clocksource0/current_clocksource") ?? "unknown source";
        long nanoseconds = resolution();
        string value = string.Create(CultureInfo.InvariantCulture, $"{source}, resolution {nanoseconds} ns");
        return nanoseconds <= 1000
            ? CheckResult.Ok(value)
            : CheckResult.Warning(value, "boot a kernel with high-resolution timers (CONFIG_HIGH_RES_TIMERS)");
    }
}

/// <summary>Sleeps end when they should.</summary>
/// <param name="measure">Lateness over a short sample.</param>
public sealed class JitterCheck(Func<LatencySummary> measure) : ICheck
{
    // A fiftieth of a 20 Hz cycle: below it timing is no reason for a missed note.
    private const double Tolerable = 1000;

    /// <inheritdoc/>
    public string Name => "wake-up lateness";

    /// <inheritdoc/>
    public CheckResult Run()
    {
        LatencySummary lateness = measure();
        string value = string.Create(CultureInfo.InvariantCulture, $"p50 {lateness.P50:0} us, p99 {lateness.P99:0} us, max {lateness.Max:0} us");
        return lateness.P99 <= Tolerable
            ? CheckResult.Ok(value)
            : CheckResult.Warning(value, "close what keeps the processors busy, or allow real-time priority (above)");
    }
}

/// <summary>The processors keep their frequency up.</summary>
public sealed class GovernorCheck(IMachine machine) : ICheck
{
    /// <inheritdoc/>
    public string Name => "CPU governor";

    /// <inheritdoc/>
    public CheckResult Run() => machine.Read("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor") switch
    {
        null => CheckResult.Ok("left to the machine below"),
        "performance" => CheckResult.Ok("performance"),
        string other => CheckResult.Warning(other, "sudo cpupower frequency-set -g performance"),
    };
}
