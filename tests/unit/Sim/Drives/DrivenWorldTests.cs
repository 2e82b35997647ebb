using Legato.Sim.Drives;
using Legato.Sim.Parameters;
using Legato.Sim.Scene;
using Legato.Sim.World;

namespace Legato.Tests.Sim.Drives;

public sealed class DrivenWorldTests
{
    private const int Steps = 12;

    [Fact]
    public void WithoutDoubtsItIsTheWorldBitForBit()
    {
        using PianoScene scene = PianoScene.Build(new SceneOptions());
        double[][] commands = Commands(scene);
        Assert.Equal(Bits(Play(scene, commands)), Bits(Drive(scene, SimParameters.Nominal, commands)));
    }

    [Fact]
    public void ADelayOfOnePeriodIsTheCommandBefore()
    {
        using PianoScene scene = PianoScene.Build(new SceneOptions());
        double[][] commands = Commands(scene);
        SimParameters late = SimParameters.Nominal.With("right_hand.delay", 0.05).With("left_hand.delay", 0.05).With("rails.delay", 0.05);
        Assert.Equal(Bits(Play(scene, [new double[scene.Actuators.Count], .. commands.SkipLast(1)])), Bits(Drive(scene, late, commands)));
    }

    [Fact]
    public void EachDelayHoldsForItsOwnDrives()
    {
        using PianoScene scene = PianoScene.Build(new SceneOptions());
        double[][] commands = Commands(scene);
        double[] prompt = Play(scene, commands.Take(1).ToArray());
        double[] late = Drive(scene, SimParameters.Nominal.With("left_hand.delay", 0.05), commands.Take(1).ToArray());
        for (int j = 0; j < prompt.Length; j++)
        {
            string name = scene.Joints.Names[j];
            if (name == "lh_FFJ3")
                Assert.NotEqual(prompt[j], late[j]);
            else if (name is "rh_FFJ3" or "lh_forearm_tx")
                Assert.Equal(prompt[j], late[j], 1e-3);
        }
    }

    [Fact]
    public void ASlewLimitHoldsTheJointBack()
    {
        using PianoScene scene = PianoScene.Build(new SceneOptions());
        double[][] commands = [.. Enumerable.Repeat(Enumerable.Repeat(0.4, scene.Actuators.Count).ToArray(), 3)];
        int joint = scene.Joints.Require("rh_FFJ3");
        double free = Play(scene, commands)[^scene.Joints.Count..][joint];
        double slow = Drive(scene, SimParameters.Nominal.With("flexion.slew", 1), commands)[^scene.Joints.Count..][joint];
        // The target itself has come 0.15 rad after three periods of 50 ms.
        Assert.True(free > 0.2, $"{free}");
        Assert.InRange(slow, 0.02, 0.15);
    }

    [Fact]
    public void ResetStartsOver()
    {
        using PianoScene scene = PianoScene.Build(new SceneOptions());
        SimParameters parameters = SimParameters.Nominal.With("right_hand.delay", 0.03).With("flexion.slew", 1).With("thumb.backlash", 0.02);
        double[][] commands = Commands(scene);
        using var world = new DrivenWorld(scene, parameters);
        double[] first = Drive(world, commands);
        world.Reset();
        Assert.Equal(Bits(first), Bits(Drive(world, commands)));
    }

    private static double[][] Commands(PianoScene scene)
    {
        var random = new Random(3);
        return [.. Enumerable.Range(0, Steps).Select(_ => Enumerable.Range(0, scene.Actuators.Count)
            .Select(a => 0.2 * (scene.ControlLow[a] + (random.NextDouble() * (scene.ControlHigh[a] - scene.ControlLow[a])))).ToArray())];
    }

    private static double[] Play(PianoScene scene, double[][] commands)
    {
        using var world = new PianoWorld(scene);
        return Record(scene, commands, command =>
        {
            world.SetTargets(command);
            world.StepControl();
        }, () => world);
    }

    private static double[] Drive(PianoScene scene, SimParameters parameters, double[][] commands)
    {
        using var world = new DrivenWorld(scene, parameters);
        return Drive(world, commands);
    }

    private static double[] Drive(DrivenWorld world, double[][] commands) =>
        Record(world.World.Scene, commands, command => world.StepControl(command), () => world.World);

    private static double[] Record(PianoScene scene, double[][] commands, Action<double[]> step, Func<PianoWorld> world)
    {
        var record = new List<double>();
        var joints = new double[scene.Joints.Count];
        foreach (double[] command in commands)
        {
            step(command);
            world().ReadJoints(joints, []);
            record.AddRange(joints);
        }
        return [.. record];
    }

    private static IEnumerable<long> Bits(double[] values) => values.Select(BitConverter.DoubleToInt64Bits);
}
