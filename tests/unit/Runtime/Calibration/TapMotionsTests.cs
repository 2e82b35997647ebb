using Legato.RobotDriver;
using Legato.Runtime.Calibration;
using Legato.Runtime.Safety;
using Legato.Sim.Parameters;
using Legato.Sim.Piano;
using Legato.Sim.Scene;
using Legato.SystemId.Excitation;

namespace Legato.Tests.Runtime.Calibration;

public sealed class TapMotionsTests
{
    [Fact]
    public async Task TapsReachKeysAcrossTheKeyboardAndSoundThemAtEveryPlace()
    {
        using PianoScene scene = PianoScene.Build(new SceneOptions());
        ExcitationLimits limits = ExcitationPlanner.LimitsOf(Legato.Sim.Limits.MotionLimits.Simulation(scene.Actuators, scene.ControlLow, scene.ControlHigh));
        using var motions = new TapMotions(scene, limits);
        IReadOnlyList<ExcitationBlock> taps = motions.Create();
        using var rehearsal = new BlockRehearsal(scene, SimParameters.Nominal, limits);
        (ExcitationBlock Block, string? Fault)[] judged = [.. taps.Where(t => t.Label.Contains("ff", StringComparison.Ordinal)).Select(t => (t, rehearsal.Fault(t)))];
        ExcitationBlock[] safe = [.. judged.Where(j => j.Fault is null).Select(j => j.Block)];
        string report = string.Join('\n', judged.Select(j => $"{j.Block.Label}: {j.Fault ?? "safe"}"));
        foreach (string hand in (string[])["rh_", "lh_"])
        {
            int[] keys = [.. safe.Where(t => t.Label.StartsWith(hand, StringComparison.Ordinal)).Select(t => t.Keys.Min())];
            Assert.True(keys.Length >= 2 && keys.Max() - keys.Min() >= 20, report);
        }

        await using var robot = new SimRobot("sim", scene);
        foreach (ExcitationBlock tap in (ExcitationBlock[])[safe.First(t => t.Label.StartsWith("rh_", StringComparison.Ordinal)), safe.First(t => t.Label.StartsWith("lh_", StringComparison.Ordinal))])
        {
            List<KeyEvent> events = await Play(robot, tap);
            Assert.All(events, e => Assert.Contains(e.Key, tap.Keys));
            // Twice in the middle, on the edge to the next key and on the front edge.
            Assert.True(events.Count(e => e.Down && e.Key == tap.Keys.Min()) == 6 && events.Count(e => e.Down) == events.Count(e => !e.Down), $"{tap.Label}: {string.Join(", ", events)}");
        }
    }

    private static async Task<List<KeyEvent>> Play(SimRobot robot, ExcitationBlock block)
    {
        await robot.ConnectAsync(TestContext.Current.CancellationToken);
        var events = new List<KeyEvent>();
        for (int step = 0; step < block.Targets.Count; step++)
        {
            robot.Write(block.Targets[step], 0);
            robot.Clock.SleepUntil((step + 1) * 50_000_000L);
            while (robot.TryReadKey(out KeyEvent key))
                events.Add(key);
        }
        return events;
    }
}
