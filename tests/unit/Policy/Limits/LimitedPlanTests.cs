using Legato.Music;
using Legato.Policy;
using Legato.Policy.Planning;
using Legato.Runtime.Safety;
using Legato.Sim.Limits;
using Legato.Sim.Scene;
using Legato.Sim.World;
using Legato.Tests.Runtime;

namespace Legato.Tests.Policy.Limits;

public sealed class LimitedPlanTests(Rig rig) : IClassFixture<Rig>
{
    [Fact]
    public void APlanWithinTheLimitsPassesTheGuardAndPlaysBetterThanOneThatIsClamped()
    {
        MotionLimits limits = GuardLimitsFile.Load(Path.Combine(Repository.Root, "hardware/config/limits/shadow_e3m5.yaml"), rig.Scene.Actuators);
        (double limitedF1, long limitedClamps) = Play(Plan(Rig.Quick with { Limits = limits }), limits);
        (double clampedF1, long clamps) = Play(Plan(Rig.Quick), limits);

        Assert.Equal(0, limitedClamps);
        Assert.True(clamps > 100, $"{clamps} clamped without limits");
        Assert.True(limitedF1 > clampedF1, $"F1 {limitedF1} within the limits, {clampedF1} clamped");
        Assert.True(limitedF1 >= 0.9, $"F1 {limitedF1}");
    }

    [Fact]
    public void LimitsArePartOfTheOptionsHash()
    {
        MotionLimits limits = MotionLimits.Simulation(rig.Scene.Actuators, rig.Scene.ControlLow, rig.Scene.ControlHigh);
        Assert.NotEqual(Rig.Quick.Hash, (Rig.Quick with { Limits = limits }).Hash);
    }

    private CommandTable Plan(PlannerOptions options) => new SongPlanner(rig.Scene, options).Plan("melody", Rig.Melody).Commands;

    // Behind a guard that, as after homing, begins at rest at the first command.
    private (double F1, long Clamps) Play(CommandTable commands, MotionLimits limits)
    {
        var guard = new Guard(limits);
        guard.Reset(commands[0]);
        using var world = new PianoWorld(rig.Scene);
        double[] joints = new double[rig.Scene.Joints.Count], measured = new double[rig.Scene.Actuators.Count];
        var played = new List<int[]>();
        for (int t = 0; t < commands.Steps; t++)
        {
            world.ReadJoints(joints, []);
            rig.Kinematics.ToActuators(joints, measured);
            world.SetTargets(guard.Apply(SceneOptions.ControlPeriod, measured, commands[t]));
            world.StepControl();
            bool[] down = world.KeysDown.ToArray();
            played.Add([.. Enumerable.Range(0, down.Length).Where(k => down[k])]);
        }
        KeyRoll truth = Rig.Melody.ToKeyRoll();
        KeyRoll heard = KeyRoll.Create(SceneOptions.ControlPeriod, played.Skip(commands.Steps - truth.Count), truth.Sustain.ToArray());
        return (PerformanceScore.OfRolls(truth, heard).F1, guard.Counts.Clamped);
    }
}
