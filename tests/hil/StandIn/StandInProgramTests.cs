using Legato.Tests.Processes;
using Legato.Tests.Rclcs;

namespace Legato.Tests.StandIn;

/// <summary>The stand-in as a process of its own, as <c>play</c> starts it.</summary>
[Collection("rig")]
public sealed class StandInProgramTests : IDisposable
{
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "legato");

    private readonly TestDomain _domain = TestDomain.Lease();

    public void Dispose() => _domain.Dispose();

    [Fact]
    public void SaysThatItRunsAndQuitsWhenItsInputCloses()
    {
        using ChildProcess process = Start("standin", "--domain", $"{_domain.Id}", "--reality", Reality("shadow_like"), "--parent-pipe");
        Assert.Contains("\"reality\":\"shadow_like\"", process.WaitForLine(line => line.StartsWith($"{{\"ready\":true,\"domain\":{_domain.Id},", StringComparison.Ordinal), RunningStandIn.Patience), StringComparison.Ordinal);
        process.CloseInput();
        Assert.Equal(0, process.WaitForExit(RunningStandIn.Patience));
    }

    [Fact]
    public void TakesTheFolderForItsDevicesAndLeavesItEmpty()
    {
        string folder = Directory.CreateTempSubdirectory("rig-test-").FullName;
        try
        {
            using (ChildProcess process = Start("standin", "--domain", $"{_domain.Id}", "--reality", Reality("nominal"), "--devices", folder, "--preset", "lab", "--parent-pipe"))
            {
                process.WaitForLine(line => line.Contains("ready", StringComparison.Ordinal), RunningStandIn.Patience);
                Assert.Equal(["keyboard", "rail-left", "rail-right"], Directory.GetFileSystemEntries(folder).Select(Path.GetFileName).Order());
                process.CloseInput();
                Assert.Equal(0, process.WaitForExit(RunningStandIn.Patience));
            }
            Assert.Empty(Directory.GetFileSystemEntries(folder));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void AWrongRealityIsOneLineAndExitCode2()
    {
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, "effects:\n  report: {filter: 7}\n");
            using ChildProcess process = Start("standin", "--domain", $"{_domain.Id}", "--reality", file);
            Assert.Equal(2, process.WaitForExit(RunningStandIn.Patience));
            Assert.Equal([$"legato: {file}:2: 'effects.report.filter' is 7, outside 0..0.5"], process.Errors);
            Assert.Empty(process.Output);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static ChildProcess Start(params string[] arguments) => ChildProcess.Start(Program, arguments);

    private static string Reality(string name) => Repository.PathOf("hardware", "config", "realities", $"{name}.yaml");
}
