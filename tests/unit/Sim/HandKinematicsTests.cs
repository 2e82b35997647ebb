using Legato.Sim.Scene;
using Legato.Sim.World;
using MuJoCo;

namespace Legato.Tests.Sim;

/// <summary>Where links and fingertips are in the world, against a quaternion chain of the test's own.</summary>
public class HandKinematicsTests
{
    [Theory]
    [InlineData(HandSide.Right, 0.15)]
    [InlineData(HandSide.Left, -0.15)]
    public void BodiesAndTipsAreWhereTheChainOfFramesPutsThem(HandSide side, double rootY)
    {
        using PianoScene scene = PianoScene.Build(new SceneOptions());
        using var world = new PianoWorld(scene);
        HandData hand = HandData.Of(side);
        var random = new Random(7 + (int)side);
        var pose = new double[scene.Joints.Count];
        double worst = 0;
        for (int trial = 0; trial < 1000; trial++)
        {
            for (int j = 0; j < pose.Length; j++)
            {
                ReadOnlySpan<double> range = scene.Model.JntRange.Slice(2 * scene.JointIds[j], 2);
                pose[j] = range[0] + (random.NextDouble() * (range[1] - range[0]));
                world.Data.Qpos[scene.JointQposAddresses[j]] = pose[j];
            }
            world.Data.Kinematics();
            Dictionary<string, double[]> expected = hand.Forward(rootY, name => pose[scene.Joints.Require(name)]);
            foreach (HandBody body in hand.Bodies)
            {
                worst = Math.Max(worst, Distance(expected[body.Name], world.Data.XPos.Slice(3 * scene.Model.RequireId(MjObject.Body, body.Name), 3)));
            }
            foreach (FingerSite finger in scene.Fingers.Where(f => f.Side == side))
                worst = Math.Max(worst, Distance(expected[scene.Model.Name(MjObject.Body, finger.Body) + " tip"], world.Data.SiteXPos.Slice(3 * finger.Site, 3)));
        }
        Assert.InRange(worst, 0, 1e-6);
    }

    [Theory]
    [InlineData(HandSide.Right, 0.15)]
    [InlineData(HandSide.Left, -0.15)]
    public void TheRootStandsBehindTheKeysWithFingersTowardsTheFallboard(HandSide side, double rootY)
    {
        using PianoScene scene = PianoScene.Build(new SceneOptions());
        using var world = new PianoWorld(scene);
        int forearm = scene.Model.RequireId(MjObject.Body, side == HandSide.Right ? "rh_forearm" : "lh_forearm");

        Near([0.4, rootY, 0.13], world.Data.XPos.Slice(3 * forearm, 3));
        // Columns of the rotation: local x is −y, local y is +z, local z is −x.
        Near([0, 0, -1, -1, 0, 0, 0, 1, 0], world.Data.XMat.Slice(9 * forearm, 9));
    }

    [Theory]
    [InlineData("rh_", "forearm_tx", 1, 1)]
    [InlineData("rh_", "forearm_ty", 0, -1)]
    [InlineData("lh_", "forearm_tx", 1, 1)]
    [InlineData("lh_", "forearm_ty", 0, -1)]
    public void CarriagesMoveTheWholeHandAlongTheWorldsAxes(string prefix, string axis, int coordinate, double sign)
    {
        const double Distance = 0.04;
        using PianoScene scene = PianoScene.Build(new SceneOptions());
        using var world = new PianoWorld(scene);
        int tip = scene.Model.RequireId(MjObject.Body, prefix + "mfdistal");
        double[] before = world.Data.XPos.Slice(3 * tip, 3).ToArray();
        var pose = new double[scene.Joints.Count];
        pose[scene.Joints.Require(prefix + axis)] = Distance;
        world.SetJoints(pose);

        before[coordinate] += sign * Distance;
        Near(before, world.Data.XPos.Slice(3 * tip, 3));
    }

    [Theory]
    [InlineData("rh_", -0.7605, 0.4605)]
    [InlineData("lh_", -0.4605, 0.7605)]
    public void RailsReachBothEndsOfTheKeyboard(string prefix, double low, double high)
    {
        using PianoScene scene = PianoScene.Build(new SceneOptions());
        int tx = scene.Actuators.Require(prefix + "forearm_tx"), ty = scene.Actuators.Require(prefix + "forearm_ty");
        int joint = scene.Model.RequireId(MjObject.Joint, prefix + "forearm_tx");

        Near([low, high, 0, 0.06], [scene.ControlLow[tx], scene.ControlHigh[tx], scene.ControlLow[ty], scene.ControlHigh[ty]]);
        Near([low, high], scene.Model.JntRange.Slice(2 * joint, 2));
        Assert.Equal((0, 0), (scene.Model.ActuatorForceLimited[tx], scene.Model.ActuatorForceLimited[ty]));
    }

    private static double Distance(ReadOnlySpan<double> a, ReadOnlySpan<double> b) =>
        Math.Sqrt(Math.Pow(a[0] - b[0], 2) + Math.Pow(a[1] - b[1], 2) + Math.Pow(a[2] - b[2], 2));

    private static void Near(ReadOnlySpan<double> expected, ReadOnlySpan<double> actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual[i], 1e-9);
    }
}
