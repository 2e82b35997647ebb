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
        using PianoScene driven = scene.With(parameters);
        using var world = new DrivenWorld(driven);
        double[] first = Drive(world, commands);
        world.Reset();
        Assert.Equal(Bits(first), Bits(Drive(world, commands)));
    }

    [Fact]
    public void AStateIsAllThatTheNextStepsDependOn()
    {
        using PianoScene scene = PianoScene.Build(new SceneOptions());
        using PianoScene driven = scene.With(SimParameters.Nominal
            .With("right_hand.delay", 0.07).With("left_hand.delay", 0.0123).With("rails.delay", 0.05).With("flexion.slew", 1).With("spread.backlash", 0.02).With("wrist.deadband", 0.003));
        using DrivenWorld world = new(driven), other = new(driven);
        double[][] commands = Commands(scene);
        Drive(world, commands);
        var state = new double[world.StateSize];
        world.GetState(state);
        double[][] rest = [.. commands.Reverse()];
        double[] expected = Drive(world, rest);

        Drive(other, [.. commands.Take(3)]);
        other.SetState(state);
        Assert.Equal(Bits(expected), Bits(Drive(other, rest)));
    }

    [Fact]
    public void AStateHoldsNoMoreCommandsThanComeAtTheControlRate()
    {
        using PianoScene scene = PianoScene.Build(new SceneOptions());
        using PianoScene driven = scene.With(SimParameters.Nominal.With("right_hand.delay", 0.04));
        using var world = new DrivenWorld(driven);
        for (int i = 0; i < 3; i++)
            world.Send(new double[scene.Actuators.Count], i);
        Assert.Contains("3 commands", Assert.Throws<InvalidOperationException>(() => world.GetState(new double[world.StateSize])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void KeysAreHeardLateByTheKeyboardsLatency()
    {
        const int key = 40;
        using PianoScene scene = PianoScene.Build(new SceneOptions { Timestep = 0.001 });
        double[] rest = new double[scene.Actuators.Count];
        using DrivenWorld prompt = Pressed(scene);
        var down = new List<bool>();
        for (int s = 0; s < 2 * scene.Options.Substeps; s++)
        {
            prompt.Step();
            down.Add(prompt.World.KeysDown[key]);
        }
        // It comes up in the first control step.
        Assert.InRange(down.IndexOf(false), 2, scene.Options.Substeps - 2);

        for (int late = 0; late < scene.Options.Substeps; late += 3)
        {
            using PianoScene heard = scene.With(SimParameters.Nominal.With("keyboard.latency", late * scene.Options.Timestep));
            using DrivenWorld world = Pressed(heard);
            for (int c = 1; c <= 2; c++)
            {
                world.StepControl(rest);
                Assert.Equal(down[(c * scene.Options.Substeps) - 1 - late], world.KeysHeard[key]);
                Assert.Equal(world.KeysHeard[key], world.KeyAngle(key) >= scene.KeyActivation[key]);
            }
        }

        static DrivenWorld Pressed(PianoScene scene)
        {
            var world = new DrivenWorld(scene);
            world.World.Data.Qpos[scene.KeyQposAddresses[key]] = scene.KeyTravel[key];
            return world;
        }
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
        using PianoScene driven = scene.With(parameters);
        using var world = new DrivenWorld(driven);
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
