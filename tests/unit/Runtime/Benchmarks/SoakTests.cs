using System.Diagnostics;

using Legato.RobotDriver;
using Legato.Runtime.Benchmarks.Soak;
using Legato.Runtime.Experiments;
using Legato.Runtime.Loop;
using Legato.Sim;

using Serilog.Core;

namespace Legato.Tests.Runtime.Benchmarks;

public sealed class SoakTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly string _folder = Directory.CreateTempSubdirectory("legato-soak-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task APolicyIsRepeatedUntilTheTimeIsOver()
    {
        await using var setup = RobotSetup.Load(Path.Combine(Repository.Root, "hardware", "config", "robots", "sim.yaml"), parametersFile: null, TimeProvider.System);
        var still = new Still(setup.Scene.Actuators);

        SoakReport report = await new SoakBenchmark(_folder, TimeProvider.System, Logger.None).RunAsync(setup, still, TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);

        Assert.Equal("completed", report.Ended);
        // 10 s at 20 Hz, and homing and lift.
        Assert.InRange(report.Cycles, 200, 400);
        // The run asks for a few steps more, while it warms up.
        Assert.All(still.Steps, count => Assert.InRange(count, 200 / still.Steps.Length, 2 * 200 / still.Steps.Length));
        // Time is simulated: nothing is late.
        Assert.Equal((0, 0), (report.Late, report.Overruns));
        Assert.Empty(report.Lost);
    }

    [Fact]
    public void TheLoadEndsWithItsOwner()
    {
        string file = Path.Combine(_folder, "load");
        int before = Children();
        using (MachineLoad.Start(1, file))
        {
            Assert.Equal(before + 2, Children());
            Assert.True(SpinWait.SpinUntil(() => File.Exists(file), Patience), "nothing was written");
        }
        Assert.Equal(before, Children());
        Assert.False(File.Exists(file));
    }

    private static int Children()
    {
        string own = $"/proc/{Environment.ProcessId}/task";
        return Directory.EnumerateDirectories(own).Sum(thread => File.ReadAllText(Path.Combine(thread, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    private sealed class Still(JointLayout actuators) : IPolicy
    {
        public int[] Steps { get; } = new int[7];

        public JointLayout Actuators => actuators;

        int IPolicy.Steps => Steps.Length;

        public void Act(int step, RobotState measured, long now, Span<double> targets, out double pedal)
        {
            Steps[step]++;
            targets.Clear();
            pedal = 0;
        }
    }
}
