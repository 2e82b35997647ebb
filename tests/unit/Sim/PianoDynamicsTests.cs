using FsCheck;
using FsCheck.Fluent;
using Legato.Sim.Piano;
using Legato.Sim.Scene;
using Legato.Sim.World;
using MuJoCo;

namespace Legato.Tests.Sim;

/// <summary>How the keys behave: forces, return, activation, who touches whom.</summary>
public sealed class PianoDynamicsTests : IDisposable
{
    private const int White = 39;
    private const int Black = 40;

    private readonly PianoScene _scene = PianoScene.Build(new SceneOptions());

    public void Dispose() => _scene.Dispose();

    [Theory]
    [InlineData(White, 0.139)]
    [InlineData(Black, 0.203)]
    public void AFullyPressedKeyPushesBackWithThePublishedTorque(int key, double newtonMetres) =>
        Assert.Equal(newtonMetres, -Torque(key, _scene.KeyTravel[key]), 0.01 * newtonMetres);

    [Theory]
    [InlineData(White)]
    [InlineData(Black)]
    public void TorqueWithFoldedGravityIsThatOfAKeyUnderGravity(int key)
    {
        KeyShape shape = PianoGeometry.Keys[key].Shape;
        using MjModel model = MjModel.FromXmlString(FormattableString.Invariant($"""
            <mujoco><compiler angle="radian"/><worldbody><body>
              <joint name="hinge" axis="0 1 0" pos="{-0.5 * shape.Length} 0 0" stiffness="2" springref="-0.0174532925" damping="0.05" armature="0.001"/>
              <geom type="box" size="{0.5 * shape.Length} {0.5 * shape.Width} {0.5 * shape.Height}" mass="{shape.Mass}"/>
            </body></worldbody></mujoco>
            """));
        using var data = new MjData(model);
        foreach (double fraction in (double[])[0, 0.25, 0.5, 0.75, 1])
        {
            double angle = fraction * _scene.KeyTravel[key];
            data.Qpos[0] = angle;
            data.Forward();
            double expected = data.QfrcPassive[0] - data.QfrcBias[0];
            Assert.Equal(expected, Torque(key, angle), 0.01 * Math.Abs(expected));
            Assert.True(expected < 0, "the key lifts itself");
        }
    }

    [Theory]
    [InlineData(White)]
    [InlineData(Black)]
    public void AKeyReleasedFromItsStopComesBackAndFallsSilent(int key)
    {
        using var world = new PianoWorld(_scene);
        Press(world, key, _scene.KeyTravel[key]);
        Assert.True(world.KeysDown[key]);
        Assert.Equal(1, world.KeyDepth(key), 1e-9);
        bool wasDown = true;
        for (int t = 0; t < 20; t++)
        {
            world.StepControl();
            Assert.False(!wasDown && world.KeysDown[key], "a key that came up went down again by itself");
            wasDown = world.KeysDown[key];
        }
        Assert.False(wasDown);
        Assert.InRange(world.KeyDepth(key), 0, 0.01);
    }

    [Theory]
    [InlineData(White, 0.0578415)]
    [InlineData(Black, 0.0799292)]
    public void AKeySoundsWithinHalfADegreeOfItsStop(int key, double threshold)
    {
        using var world = new PianoWorld(_scene);
        Press(world, key, threshold - 1e-5);
        Assert.False(world.KeysDown[key]);
        Press(world, key, threshold + 1e-5);
        Assert.True(world.KeysDown[key]);
        Assert.Equal(1, world.KeysDown.ToArray().Count(down => down));
    }

    [Fact]
    public void AtRestAllKeysAreUpAndNothingMoves()
    {
        using var world = new PianoWorld(_scene);
        for (int t = 0; t < 20; t++)
            world.StepControl();

        Assert.DoesNotContain(true, world.KeysDown.ToArray());
        Assert.True(world.Data.Qvel.ToArray().All(v => Math.Abs(v) < 1e-3));
        Assert.Equal(1, world.Time, 1e-9);
    }

    [Fact]
    public void KeysNeverTouchEachOther() =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), seed =>
        {
            using var world = new PianoWorld(_scene);
            var random = new Random(seed);
            for (int k = 0; k < 88; k++)
                world.Data.Qpos[_scene.KeyQposAddresses[k]] = random.NextDouble() * _scene.KeyTravel[k];
            world.Data.Forward();
            return Pairs(world).All(p => p.First != "piano" || p.Second != "piano");
        }).Holds(20);

    [Theory]
    [InlineData(ContactSet.Full, true, true)]
    [InlineData(ContactSet.HandKey, false, true)]
    [InlineData(ContactSet.None, false, false)]
    public void TheContactSetDecidesWhoCollides(ContactSet contacts, bool hands, bool keys)
    {
        using PianoScene scene = PianoScene.Build(new SceneOptions { Contacts = contacts });
        using var world = new PianoWorld(scene);
        // Both hands at the same place, wrists flexed so that fingers stand in the keys.
        var pose = new double[scene.Joints.Count];
        pose[scene.Joints.Require("rh_forearm_tx")] = -0.14;
        pose[scene.Joints.Require("lh_forearm_tx")] = 0.14;
        foreach (string joint in scene.Joints.Names.Where(n => n.EndsWith("FJ3", StringComparison.Ordinal) || n.EndsWith("WRJ1", StringComparison.Ordinal)))
            pose[scene.Joints.Require(joint)] = joint.EndsWith("WRJ1", StringComparison.Ordinal) ? 0.45 : 0.9;
        world.SetJoints(pose);
        (string First, string Second)[] pairs = [.. Pairs(world)];

        Assert.Equal(hands, pairs.Any(p => p.First != "piano" && p.Second != "piano" && p.First != p.Second));
        Assert.Equal(keys, pairs.Any(p => p.First == "piano" || p.Second == "piano"));
        if (!hands)
            Assert.All(pairs, p => Assert.True(p.First == "piano" || p.Second == "piano"));
    }

    private static IEnumerable<(string First, string Second)> Pairs(PianoWorld world)
    {
        MjModel model = world.Scene.Model;
        string Owner(int geom)
        {
            string name = model.Name(MjObject.Body, model.GeomBodyId[geom])!;
            return name.StartsWith("rh_", StringComparison.Ordinal) || name.StartsWith("lh_", StringComparison.Ordinal) ? name[..2] : "piano";
        }
        return [.. world.Data.Contacts.ToArray().Select(c => (Owner(c.Geom1), Owner(c.Geom2)))];
    }

    private static void Press(PianoWorld world, int key, double angle)
    {
        world.Data.Qpos[world.Scene.KeyQposAddresses[key]] = angle;
        // Setting the joints where they are refreshes what depends on the keys.
        world.SetJoints(new double[world.Scene.Joints.Count]);
    }

    private double Torque(int key, double angle)
    {
        using var world = new PianoWorld(_scene);
        Press(world, key, angle);
        int dof = _scene.Model.JntDofAdr[_scene.Model.RequireId(MjObject.Joint, PianoGeometry.Keys[key].JointName)];
        return world.Data.QfrcPassive[dof] - world.Data.QfrcBias[dof];
    }
}
