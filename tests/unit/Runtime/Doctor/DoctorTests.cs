using System.Globalization;
using Legato.Runtime.Doctor;
using Legato.Runtime.Loop;

namespace Legato.Tests.Runtime.Doctor;

public class DoctorTests
{
    [Fact]
    public void Every_check_passes_on_a_good_machine() =>
        Assert.All(Checks(new FakeMachine()), c => Assert.Equal(CheckStatus.Ok, c.Run().Status));

    public static TheoryData<string, CheckStatus> Faults() => new()
    {
        { ".NET runtime", CheckStatus.Failed },
        { "MuJoCo", CheckStatus.Failed },
        { "off-screen rendering", CheckStatus.Warning },
        { "real-time priority", CheckStatus.Warning },
        { "memory lock", CheckStatus.Warning },
        { "monotonic clock", CheckStatus.Warning },
        { "wake-up lateness", CheckStatus.Warning },
        { "CPU governor", CheckStatus.Warning },
        { "loopback for ROS 2", CheckStatus.Failed },
        { "UDP receive buffer", CheckStatus.Warning },
        { "serial ports", CheckStatus.Warning },
        { "disk for runs", CheckStatus.Failed },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void A_fault_shows_in_its_row_with_a_fix(string name, CheckStatus status)
    {
        ICheck check = Checks(new FakeMachine { Broken = true }).Single(c => c.Name == name);
        CheckResult result = check.Run();
        Assert.Equal(status, result.Status);
        Assert.False(string.IsNullOrWhiteSpace(result.Fix), "no fix");
        Assert.NotEmpty(result.Value);
    }

    [Fact]
    public void Devices_are_listed()
    {
        var machine = new FakeMachine();
        machine.Files["/dev/ttyUSB0"] = machine.Files["/dev/ttyACM1"] = machine.Files["/dev/snd/midiC1D0"] = "";
        Assert.Equal("/dev/ttyUSB0, /dev/ttyACM1", new SerialPortCheck(machine, _ => true).Run().Value);
        Assert.Equal("/dev/snd/midiC1D0", new MidiCheck(machine).Run().Value);
    }

    [Fact]
    public void A_real_time_kernel_is_named()
    {
        var machine = new FakeMachine();
        machine.Files["/sys/kernel/realtime"] = "1";
        Assert.Equal("6.1.0, PREEMPT_RT", new KernelCheck(machine).Run().Value);
    }

    [Fact]
    public void A_nearly_full_disk_is_a_warning() =>
        Assert.Equal(CheckStatus.Warning, new DiskCheck("runs", _ => 1000).Run().Status);

    [Fact]
    public void One_failed_check_fails_the_examination_and_hides_no_other()
    {
        Examination found = Examination.Of([new Broken(), new RuntimeCheck(new Version(10, 0))]);
        Assert.False(found.Ok);
        Assert.Equal([CheckStatus.Failed, CheckStatus.Ok], found.Checks.Select(c => c.Status));
        Assert.Contains("no such thing", found.Checks[0].Value);
    }

    [Fact]
    public void Warnings_do_not_fail_the_examination() =>
        Assert.True(Examination.Of([new MemoryLockCheck(() => false)]).Ok);

    [Fact]
    public void The_table_shows_every_row_and_every_fix()
    {
        Examination found = Examination.Of(Checks(new FakeMachine { Broken = true }));
        var text = new StringWriter(CultureInfo.InvariantCulture);
        found.Print(text);
        Assert.All(found.Checks, c => Assert.Contains(c.Value, text.ToString()));
        Assert.All(found.Checks.Where(c => c.Fix is not null), c => Assert.Contains("-> " + c.Fix, text.ToString()));
    }

    [Fact]
    public void This_machine_can_be_examined()
    {
        string folder = Directory.CreateTempSubdirectory("legato-doctor-").FullName;
        try
        {
            Examination found = Examination.Of(Probes.Checks(folder));
            Assert.DoesNotContain(found.Checks, c => c.Value.Contains("the check itself failed"));
            Assert.Equal(CheckStatus.Ok, found.Checks.Single(c => c.Name == ".NET runtime").Status);
            Assert.Empty(Directory.GetFiles(folder));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static IReadOnlyList<ICheck> Checks(FakeMachine machine)
    {
        bool broken = machine.Broken;
        return
        [
            new RuntimeCheck(broken ? new Version(9, 0) : new Version(10, 0, 1)),
            new LibraryCheck("MuJoCo", () => broken ? null : "2.2.2", "sudo apt-get install libmujoco2.2.2"),
            new RenderCheck(() => broken ? null : "EGL 1.5"),
            new KernelCheck(machine),
            new RealTimeCheck(() => new RealTimeGrant(!broken, false, true, "")),
            new MemoryLockCheck(() => !broken),
            new ClockCheck(machine, () => broken ? 4_000_000 : 1),
            new JitterCheck(() => broken ? new LatencySummary(900, 13_000, 20_000) : new LatencySummary(60, 150, 200)),
            new GovernorCheck(machine),
            new LoopbackCheck(machine),
            new UdpBufferCheck(machine),
            new SerialPortCheck(machine, _ => !broken),
            new MidiCheck(machine),
            new DiskCheck("/runs", _ => broken ? throw new UnauthorizedAccessException("read-only") : 80_000_000_000),
        ];
    }

    private sealed class Broken : ICheck
    {
        public string Name => "broken";

        public CheckResult Run() => throw new InvalidOperationException("no such thing");
    }

    private sealed class FakeMachine : IMachine
    {
        public bool Broken { get; init; }

        public Dictionary<string, string> Files { get; } = new()
        {
            ["/proc/sys/kernel/osrelease"] = "6.1.0",
            ["/sys/devices/system/clocksource/clocksource0/current_clocksource"] = "tsc",
        };

        public string? Read(string path) => path switch
        {
            "/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor" => Broken ? "powersave" : "performance",
            "/sys/class/net/lo/flags" => Broken ? "0x8" : "0x9",
            "/proc/sys/net/core/rmem_max" => Broken ? "212992" : "4194304",
            _ => Files.GetValueOrDefault(path),
        };

        public IReadOnlyList<string> List(string folder, string pattern)
        {
            if (Broken && pattern == "ttyUSB*")
                return ["/dev/ttyUSB0"];
            string start = $"{folder}/{pattern[..pattern.IndexOf('*')]}";
            return [.. Files.Keys.Where(k => k.StartsWith(start, StringComparison.Ordinal))];
        }
    }
}
