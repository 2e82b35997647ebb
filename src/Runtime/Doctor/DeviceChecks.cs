using System.Globalization;

namespace Legato.Runtime.Doctor;

/// <summary>The loopback interface carries ROS 2 traffic: the stand-in's and that of the tests.</summary>
public sealed class LoopbackCheck(IMachine machine) : ICheck
{
    // Interface flags of linux/if.h.
    private const int Up = 0x1, Multicast = 0x1000;

    /// <inheritdoc/>
    public string Name => "loopback for ROS 2";

    /// <inheritdoc/>
    public CheckResult Run()
    {
        string? text = machine.Read("/sys/class/net/lo/flags");
        int flags = text is null ? 0 : Convert.ToInt32(text, 16);
        if ((flags & Up) == 0)
            return CheckResult.Failed("lo is down", "sudo ip link set lo up");
        return CheckResult.Ok((flags & Multicast) != 0 ? "up, multicast" : "up, no multicast: at most 10 participants a domain");
    }
}

/// <summary>The kernel grants socket buffers that hold a burst of messages.</summary>
public sealed class UdpBufferCheck(IMachine machine) : ICheck
{
    private const long Enough = 1 << 20;

    /// <inheritdoc/>
    public string Name => "UDP receive buffer";

    /// <inheritdoc/>
    public CheckResult Run()
    {
        string? text = machine.Read("/proc/sys/net/core/rmem_max");
        if (!long.TryParse(text, CultureInfo.InvariantCulture, out long bytes))
            return CheckResult.Ok("left to the machine below");
        string value = string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024} KiB");
        return bytes >= Enough ? CheckResult.Ok(value) : CheckResult.Warning(value, "sudo sysctl -w net.core.rmem_max=2097152");
    }
}

/// <summary>Serial ports for the rails and the keyboard, and the right to open them.</summary>
/// <param name="machine">Where devices are listed.</param>
/// <param name="canOpen">True if a port may be opened for reading and writing.</param>
public sealed class SerialPortCheck(IMachine machine, Func<string, bool> canOpen) : ICheck
{
    /// <inheritdoc/>
    public string Name => "serial ports";

    /// <inheritdoc/>
    public CheckResult Run()
    {
        string[] ports = [.. machine.List("/dev", "ttyUSB*"), .. machine.List("/dev", "ttyACM*"), .. machine.List("/dev", "ttyAMA*")];
        if (ports.Length == 0)
            return CheckResult.Ok("none (only a lab rig needs them)");
        string[] closed = [.. ports.Where(p => !canOpen(p))];
        return closed.Length == 0
            ? CheckResult.Ok(string.Join(", ", ports))
            : CheckResult.Warning($"no right to open {string.Join(", ", closed)}", "sudo usermod -a -G dialout $USER, then log in again");
    }
}

/// <summary>Raw MIDI devices of ALSA.</summary>
public sealed class MidiCheck(IMachine machine) : ICheck
{
    /// <inheritdoc/>
    public string Name => "MIDI devices";

    /// <inheritdoc/>
    public CheckResult Run() => machine.List("/dev/snd", "midiC*D*") is { Count: > 0 } found
        ? CheckResult.Ok(string.Join(", ", found))
        : CheckResult.Ok("none (only a lab rig needs one)");
}
