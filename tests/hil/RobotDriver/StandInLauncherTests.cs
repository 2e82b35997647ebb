using System.Diagnostics;
using Legato.RobotDriver.Configuration;
using Legato.Sim.Scene;
using Rclcs;

namespace Legato.Tests.RobotDriver;

/// <summary>The launcher against shell scripts that behave, and misbehave, as a stand-in could.</summary>
public sealed class StandInLauncherTests : IDisposable
{
    private const string Ready = """echo '{"ready":true,"domain":71,"devices":{"rail_right":"/dev/r","rail_left":"/dev/l","keyboard":"/dev/k"},"reality":"nominal"}'""";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly string _folder = Directory.CreateTempSubdirectory("legato-launcher-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task ReadsWhereTheDevicesAre()
    {
        await using StandInLauncher launcher = await StartAsync($"{Ready}; cat");
        Assert.Equal(new RigDevices(71, "/dev/r", "/dev/l", "/dev/k"), launcher.Devices);
    }

    [Fact]
    public async Task PassesOnWhatTheRobotsFileSays()
    {
        await using StandInLauncher launcher = await StartAsync($"echo \"$@\" > {_folder}/arguments; {Ready}; cat");
        Assert.Equal("standin --reality /realities/hard.yaml --domain 71 --seed 0 --preset lab --parent-pipe\n", await File.ReadAllTextAsync($"{_folder}/arguments", Cancellation));
    }

    [Fact]
    public async Task AStandInThatEndsIsQuoted()
    {
        InputException failure = await Assert.ThrowsAsync<InputException>(() => StartAsync("echo 'reality.yaml:3: unknown key' >&2; exit 2"));
        Assert.Equal("the stand-in ended with code 2 before it ran: reality.yaml:3: unknown key", failure.Message);
    }

    [Fact]
    public async Task OnlyTheLastLinesOfALongTaleAreQuoted()
    {
        InputException failure = await Assert.ThrowsAsync<InputException>(() => StartAsync("for i in 1 2 3 4 5 6 7; do echo line $i >&2; done; exit 1"));
        Assert.EndsWith("before it ran: line 3 | line 4 | line 5 | line 6 | line 7", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AStandInThatNeverSaysThatItRunsIsEnded()
    {
        InputException failure = await Assert.ThrowsAsync<InputException>(
            () => StartAsync($"echo $$ > {_folder}/pid; echo 'waiting for a port' >&2; cat", TimeSpan.FromSeconds(1)));
        Assert.Equal("the stand-in did not say within 1 s that it runs: waiting for a port", failure.Message);
        Assert.False(IsAlive(int.Parse(await File.ReadAllTextAsync($"{_folder}/pid", Cancellation), System.Globalization.CultureInfo.InvariantCulture)));
    }

    [Fact]
    public async Task AnotherLineInsteadIsQuoted()
    {
        InputException failure = await Assert.ThrowsAsync<InputException>(() => StartAsync("echo hello; cat"));
        Assert.Equal("the stand-in said 'hello' instead of where its devices are", failure.Message);
    }

    [Fact]
    public async Task DisposingAsksItToQuit()
    {
        StandInLauncher launcher = await StartAsync($"trap 'echo lifted > {_folder}/lifted; exit 0' TERM; {Ready}; while true; do read line || exit 3; done");
        await launcher.DisposeAsync();
        Assert.Equal("lifted\n", await File.ReadAllTextAsync($"{_folder}/lifted", Cancellation));
    }

    [Fact]
    public async Task OneThatDoesNotListenIsKilled()
    {
        StandInLauncher launcher = await StartAsync($"trap '' TERM; {Ready}; while true; do read -t 1 line; done");
        int process = launcher.ProcessId;
        await launcher.DisposeAsync();
        Assert.False(IsAlive(process));
    }

    [Fact]
    public async Task OutputAfterTheReadyLineDoesNotBlockIt()
    {
        await using StandInLauncher launcher = await StartAsync($"{Ready}; head -c 1000000 /dev/zero | tr '\\0' '\\n'; touch {_folder}/done; cat");
        Assert.True(SpinWait.SpinUntil(() => File.Exists($"{_folder}/done"), Patience));
    }

    [Fact]
    public async Task CancellingGivesUp()
    {
        using var cancel = new CancellationTokenSource();
        Task<StandInLauncher> starting = StartAsync($"touch {_folder}/started; cat", cancellation: cancel.Token);
        Assert.True(SpinWait.SpinUntil(() => File.Exists($"{_folder}/started"), Patience));
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => starting);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static bool IsAlive(int process)
    {
        try
        {
            using var found = Process.GetProcessById(process);
            return !found.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static Task<StandInLauncher> StartAsync(string script, TimeSpan? timeout = null, CancellationToken? cancellation = null)
    {
        var robot = new RobotConfiguration
        {
            File = "robot.yaml",
            Name = "scripted",
            Kind = RobotKind.Lab,
            SceneOptions = new SceneOptions { Preset = ScenePreset.Lab },
            LimitsPath = null,
            StandInReality = "/realities/hard.yaml",
            Ros = new RosSettings(new ContextOptions { DomainId = 71 }, "/legato/estop"),
            Timeouts = new Timeouts { StandIn = timeout ?? Patience },
        };
        return StandInLauncher.StartAsync(robot, TimeProvider.System, ["bash", "-c", script, "bash"], cancellation ?? Cancellation);
    }
}
