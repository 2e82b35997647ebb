using Legato.Sim.Scene;
using Legato.Sim.World;
using MuJoCo;

namespace Legato.Tests.Sim;

/// <summary>Same start and same commands, same bits: on any thread, from a copy, with switched contacts. And no garbage.</summary>
public class PianoWorldTests
{
    private const int Steps = 40;

    [Fact]
    public void RollOutsHaveTheSameBitsOnOneAndOnFourThreads()
    {
        using PianoScene scene = PianoScene.Build(new SceneOptions());
        double[][] alone = [.. Enumerable.Range(0, 4).Select(seed => RollOut(scene, seed, out _))];
        var together = new double[4][];
        Thread[] threads = [.. Enumerable.Range(0, 4).Select(seed => new Thread(() => together[seed] = RollOut(scene, seed, out _)))];
        foreach (Thread thread in threads)
            thread.Start();
        foreach (Thread thread in threads)
            thread.Join();

        for (int seed = 0; seed < 4; seed++)
            AssertSameBits(alone[seed], together[seed]);
        Assert.NotEqual(alone[0], alone[1]);
    }

    [Fact]
    public void ACopyGoesOnWithTheSameBitsInTheMiddleOfContacts()
    {
        using PianoScene scene = PianoScene.Build(new SceneOptions());
        using PianoWorld original = new(scene), copy = new(scene);
        double[][] commands = Commands(scene, 3);
        for (int t = 0; t < Steps / 2; t++)
            Step(original, commands[t]);
        // The copy has a past of its own that must not shine through.
        Step(copy, commands[^1]);
        Assert.True(original.Data.ContactCount > 0, "the copy is taken during contacts");
        copy.CopyFrom(original);
        Assert.Equal(original.KeysDown.ToArray(), copy.KeysDown.ToArray());
        for (int t = Steps / 2; t < Steps; t++)
        {
            Step(original, commands[t]);
            Step(copy, commands[t]);
            AssertSameBits(original.Data.Qpos, copy.Data.Qpos);
            AssertSameBits(original.Data.Qvel, copy.Data.Qvel);
            Assert.Equal(original.KeysDown.ToArray(), copy.KeysDown.ToArray());
        }
    }

    [Theory]
    [InlineData(ContactSet.Full)]
    [InlineData(ContactSet.HandKey)]
    [InlineData(ContactSet.None)]
    public void SwitchedContactsAreAsGoodAsBuiltOnes(ContactSet contacts)
    {
        using PianoScene built = PianoScene.Build(new SceneOptions { Contacts = contacts });
        double[] expected = RollOut(built, 5, out int expectedContacts);
        Assert.Equal(contacts != ContactSet.None, expectedContacts > 0);
        foreach (ContactSet from in Enum.GetValues<ContactSet>())
        {
            using PianoScene other = PianoScene.Build(new SceneOptions { Contacts = from });
            using PianoScene switched = other.WithContacts(contacts);
            Assert.Equal(contacts, switched.Options.Contacts);
            AssertSameBits(expected, RollOut(switched, 5, out _));
        }
    }

    [Fact]
    public void ACloneHasItsOwnParameters()
    {
        using PianoScene scene = PianoScene.Build(new SceneOptions());
        double[] before = RollOut(scene, 1, out _);
        using PianoScene clone = scene.Clone();
        AssertSameBits(before, RollOut(clone, 1, out _));
        clone.Model.DofDamping.Fill(1);

        Assert.NotEqual(before, RollOut(clone, 1, out _));
        AssertSameBits(before, RollOut(scene, 1, out _));
    }

    [Fact]
    public void ResetForgetsEverything()
    {
        using PianoScene scene = PianoScene.Build(new SceneOptions());
        using var world = new PianoWorld(scene);
        double[][] commands = Commands(scene, 2);
        double[] Play()
        {
            foreach (double[] command in commands)
                Step(world, command);
            return world.Data.Qpos.ToArray();
        }
        double[] first = Play();
        world.Reset();
        Assert.Equal(0, world.Time);
        Assert.True(world.Data.Qpos.ToArray().All(q => q == 0));
        AssertSameBits(first, Play());
    }

    [Fact]
    public void JointsAreReadInTheOrderOfTheLayout()
    {
        using PianoScene scene = PianoScene.Build(new SceneOptions());
        using var world = new PianoWorld(scene);
        double[] pose = [.. Enumerable.Range(0, scene.Joints.Count).Select(j => 1e-3 * (j + 1))];
        double[] position = new double[pose.Length], velocity = new double[pose.Length];
        world.SetJoints(pose);
        world.Data.Qvel[scene.Model.JntDofAdr[scene.Model.RequireId(MjObject.Joint, "lh_MFJ3")]] = 2.5;
        world.ReadJoints(position, velocity);

        Assert.Equal(pose, position);
        Assert.Equal(2.5, velocity[scene.Joints.Require("lh_MFJ3")]);
        Assert.Equal(1, velocity.Count(v => v != 0));
    }

    [Fact]
    public void AControlStepIsTenPhysicsSteps()
    {
        using PianoScene scene = PianoScene.Build(new SceneOptions());
        using PianoWorld once = new(scene), tenTimes = new(scene);
        double[] command = Commands(scene, 9)[0];
        once.SetTargets(command);
        once.StepControl();
        tenTimes.SetTargets(command);
        for (int i = 0; i < 10; i++)
            tenTimes.Step();

        AssertSameBits(once.Data.Qpos, tenTimes.Data.Qpos);
        Assert.Equal(SceneOptions.ControlPeriod, once.Time, 1e-12);
    }

    [Fact]
    public void SteppingAllocatesNothing()
    {
        using PianoScene scene = PianoScene.Build(new SceneOptions());
        using PianoWorld world = new(scene), copy = new(scene);
        double[][] commands = Commands(scene, 4);
        double[] position = new double[scene.Joints.Count], velocity = new double[scene.Joints.Count];
        void Play()
        {
            for (int t = 0; t < 10; t++)
            {
                world.SetTargets(commands[t]);
                world.StepControl();
                world.Step();
                world.ReadJoints(position, velocity);
                copy.CopyFrom(world);
            }
        }
        Assert.Equal(0, Allocations.Fewest(Play));
    }

    // Random targets around fingers that reach into the keys.
    private static double[][] Commands(PianoScene scene, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, Steps).Select(_ => Enumerable.Range(0, scene.Actuators.Count).Select(a =>
        {
            string name = scene.Actuators.Names[a];
            double part = name.EndsWith("FJ3", StringComparison.Ordinal) ? 0.5 : name.EndsWith("WRJ1", StringComparison.Ordinal) ? 0.95 : 0.4;
            part += 0.4 * (random.NextDouble() - 0.5);
            return scene.ControlLow[a] + (part * (scene.ControlHigh[a] - scene.ControlLow[a]));
        }).ToArray())];
    }

    private static double[] RollOut(PianoScene scene, int seed, out int contacts)
    {
        using var world = new PianoWorld(scene);
        contacts = 0;
        var trace = new List<double>();
        foreach (double[] command in Commands(scene, seed))
        {
            Step(world, command);
            trace.AddRange(world.Data.Qpos);
            trace.AddRange(world.Data.Qvel);
            contacts += world.Data.ContactCount;
        }
        return [.. trace];
    }

    private static void Step(PianoWorld world, double[] command)
    {
        world.SetTargets(command);
        world.StepControl();
    }

    private static void AssertSameBits(ReadOnlySpan<double> expected, ReadOnlySpan<double> actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(BitConverter.DoubleToInt64Bits(expected[i]), BitConverter.DoubleToInt64Bits(actual[i]));
    }
}
