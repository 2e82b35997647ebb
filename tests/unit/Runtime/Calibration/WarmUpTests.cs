using Legato.RobotDriver.StandIn;
using Legato.Runtime.Calibration;
using Legato.Runtime.Doctor;
using Legato.Runtime.Experiments;
using Legato.Sim.Parameters;

using Serilog.Core;

namespace Legato.Tests.Runtime.Calibration;

/// <summary>A warm-up says what drifted, and nothing else.</summary>
public sealed class WarmUpTests : IDisposable
{
    private static readonly Reality Rig = new() { Seed = 5, Effects = new RealityEffects { ReportNoise = 0.5, CommandJitter = 0.002 } };

    private readonly string _root = Directory.CreateTempSubdirectory("legato-warm-up-").FullName;
    private int _runs;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task ADriveThatDriftsIsNamedAndARigThatDoesNotIsLeftInPeace()
    {
        WarmUpReport first = await WarmUpOn(Rig);
        Assert.True(first is { IsFirst: true, Drives: > 30, Drifted: [] });

        // The same rig in another run: only noise differs.
        WarmUpReport same = await WarmUpOn(Rig);
        Assert.True(same is { IsFirst: false, Drifted: [] }, string.Join(", ", same.Drifted));
        Assert.All(WarmUpChecks.Of(same), row => Assert.Equal(CheckStatus.Ok, row.Status));

        // One tendon rubs.
        WarmUpReport slack = await WarmUpOn(Rig with { Parameters = Rig.Parameters.With("rh_FFJ3.damping", 1.8) });
        Assert.Equal(["rh_FFJ3"], slack.Drifted.Select(d => d.Drive));
        Assert.True(slack.Drifted[0].Now > 1.5 * slack.Drifted[0].Before, $"{slack.Drifted[0]}");
        Assert.Contains("re-tension rh_FFJ3", WarmUpChecks.Of(slack)[0].Fix, StringComparison.Ordinal);

        // All of the hands are late.
        WarmUpReport late = await WarmUpOn(Rig with { Parameters = Rig.Parameters.With("right_hand.delay", 0.03).With("left_hand.delay", 0.03) });
        Assert.True(late.Drifted.Count > 10, string.Join(", ", late.Drifted));
        Assert.StartsWith("recalibrate", WarmUpChecks.Of(late)[0].Fix, StringComparison.Ordinal);
    }

    private async Task<WarmUpReport> WarmUpOn(Reality rig)
    {
        File.WriteAllText(Path.Combine(_root, "reality.yaml"), rig.ToYaml());
        string robot = Path.Combine(_root, "rig.yaml");
        File.WriteAllText(robot, "name: rig\nkind: sim\npreset: robopianist\naction_space: full\nembodiment: five_fingers\nlimits: simulation\nreality: reality.yaml\n");
        await using var setup = RobotSetup.Load(robot, null, TimeProvider.System, seed: ++_runs);
        var warmUp = new WarmUp(Path.Combine(_root, "calibrations"), Path.Combine(_root, "runs"), TimeProvider.System, Logger.None, new WarmUpOptions { Seconds = 6, Window = 0.8 });
        return await warmUp.RunAsync(setup, null, TestContext.Current.CancellationToken);
    }
}
