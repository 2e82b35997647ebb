using System.Text.Json;
using Legato.Sim.Scene;
using Legato.Tests.Music;
using MuJoCo;

namespace Legato.Tests.Sim;

/// <summary>Bodies, joints, actuators and tendons of the compiled hands against the makers' description.</summary>
public sealed class HandModelTests : IDisposable
{
    private readonly PianoScene _scene = PianoScene.Build(new SceneOptions());

    private MjModel Model => _scene.Model;

    public void Dispose() => _scene.Dispose();

    [Theory]
    [InlineData(HandSide.Right)]
    [InlineData(HandSide.Left)]
    public void EveryLinkHasItsMassAndInertia(HandSide side)
    {
        double total = 0;
        foreach (HandBody body in HandData.Of(side).Bodies)
        {
            int id = Model.RequireId(MjObject.Body, body.Name);
            total += Model.BodyMass[id];
            Assert.Equal(body.Mass, Model.BodyMass[id], 1e-12);
            double[] inertia = InBodyAxes(Rotation.Of(Model.BodyIQuat.Slice(4 * id, 4)), Model.BodyInertia.Slice(3 * id, 3));
            for (int i = 0; i < 3; i++)
                Assert.Equal(body.Com[i], Model.BodyIPos[(3 * id) + i], 1e-9);
            for (int i = 0; i < 6; i++)
                Assert.True(Math.Abs(body.Inertia[i] - inertia[i]) < 1e-4 * body.Inertia[0], $"{body.Name} inertia {i}: {inertia[i]}, expected {body.Inertia[i]}");
        }
        Assert.Equal(3.794, total, 1e-9);
    }

    [Theory]
    [InlineData(HandSide.Right)]
    [InlineData(HandSide.Left)]
    public void EveryJointHasItsAxisRangeDampingArmatureAndFriction(HandSide side)
    {
        foreach (HandBody body in HandData.Of(side).Bodies)
        {
            int id = Model.RequireId(MjObject.Body, body.Name);
            if (body.Joint is not { } joint)
                continue;
            int j = Model.RequireId(MjObject.Joint, joint.Name);
            int dof = Model.JntDofAdr[j];
            Assert.Equal(id, Model.JntBodyId[j]);
            Assert.Equal((int)MjJointType.Hinge, Model.JntType[j]);
            double norm = Math.Sqrt(joint.Axis.Sum(a => a * a));
            for (int i = 0; i < 3; i++)
            {
                Assert.Equal(joint.Axis[i] / norm, Model.JntAxis[(3 * j) + i], 1e-9);
                Assert.Equal(0, Model.JntPos[(3 * j) + i]);
            }
            Assert.Equal(1, Model.JntLimited[j]);
            Assert.Equal(joint.Range, Model.JntRange.Slice(2 * j, 2).ToArray());
            Assert.Equal(0, Model.JntStiffness[j]);
            Assert.Equal(joint.Damping, Model.DofDamping[dof]);
            Assert.Equal(joint.Armature, Model.DofArmature[dof]);
            Assert.Equal(joint.Frictionloss, Model.DofFrictionLoss[dof]);
        }
    }

    [Theory]
    [InlineData(HandSide.Right)]
    [InlineData(HandSide.Left)]
    public void EveryActuatorHasItsGainRangesAndTarget(HandSide side)
    {
        foreach (HandActuator actuator in HandData.Of(side).Actuators)
        {
            int a = Model.RequireId(MjObject.Actuator, actuator.Name);
            bool tendon = actuator.Target.EndsWith("J0", StringComparison.Ordinal);
            Assert.Equal(Model.RequireId(tendon ? MjObject.Tendon : MjObject.Joint, actuator.Target), Model.ActuatorTrnId[2 * a]);
            Assert.Equal((int)(tendon ? MjTransmission.Tendon : MjTransmission.Joint), Model.ActuatorTrnType[a]);
            int stride = Model.ActuatorGainPrm.Length / Model.NU;
            Assert.Equal(actuator.Kp, Model.ActuatorGainPrm[a * stride]);
            Assert.Equal([0, -actuator.Kp, 0], Model.ActuatorBiasPrm.Slice(a * stride, 3).ToArray());
            Assert.Equal(actuator.CtrlRange, Model.ActuatorCtrlRange.Slice(2 * a, 2).ToArray());
            Assert.Equal(1, Model.ActuatorForceLimited[a]);
            Assert.Equal(actuator.ForceRange, Model.ActuatorForceRange.Slice(2 * a, 2).ToArray());

            int index = _scene.Actuators.Require(actuator.Name);
            Assert.Equal((actuator.CtrlRange[0], actuator.CtrlRange[1], actuator.Kp), (_scene.ControlLow[index], _scene.ControlHigh[index], _scene.ActuatorGains[index]));
        }
    }

    [Theory]
    [InlineData("rh_")]
    [InlineData("lh_")]
    public void TendonsAddTheTwoOuterJoints(string prefix)
    {
        foreach (string finger in (string[])["FF", "MF", "RF", "LF"])
        {
            int t = Model.RequireId(MjObject.Tendon, $"{prefix}{finger}J0");
            int first = Model.TendonAdr[t];
            Assert.Equal(2, Model.TendonNum[t]);
            Assert.Equal(
                [Model.RequireId(MjObject.Joint, $"{prefix}{finger}J2"), Model.RequireId(MjObject.Joint, $"{prefix}{finger}J1")],
                Model.WrapObjId.Slice(first, 2).ToArray());
            Assert.Equal([1, 1], Model.WrapPrm.Slice(first, 2).ToArray());
            Assert.Equal((0.0, 0.0, (byte)0), (Model.TendonStiffness[t], Model.TendonDamping[t], Model.TendonLimited[t]));
        }
    }

    [Fact]
    public void CompactDataAgreesWithTheFullDescriptionWhereItIsAtHand()
    {
        string path = Path.Combine(Reference.Repository, "..", "shared", "facts", "shadow_hand.json");
        if (!File.Exists(path))
            return;
        using JsonDocument full = JsonDocument.Parse(File.ReadAllText(path));
        foreach ((string name, HandSide side) in (ReadOnlySpan<(string, HandSide)>)[("right", HandSide.Right), ("left", HandSide.Left)])
        {
            JsonElement hand = full.RootElement.GetProperty("hands").GetProperty(name);
            Assert.Equal(hand.GetProperty("bodies").GetArrayLength(), HandData.Of(side).Bodies.Count);
            foreach ((HandBody mine, JsonElement theirs) in HandData.Of(side).Bodies.Zip(hand.GetProperty("bodies").EnumerateArray()))
            {
                Assert.Equal(theirs.GetProperty("name").GetString(), mine.Name);
                Assert.Equal(theirs.GetProperty("inertial").GetProperty("mass").GetDouble(), mine.Mass);
                // The wrist's frame is that of the older revision, which RoboPianist pins.
                if (!mine.Name.EndsWith("wrist", StringComparison.Ordinal))
                    Assert.Equal(theirs.GetProperty("pos").Deserialize<double[]>(), mine.Pos);
            }
            Assert.Equal(
                hand.GetProperty("actuators").EnumerateArray().Select(a => (a.GetProperty("name").GetString(), a.GetProperty("kp").GetDouble())),
                HandData.Of(side).Actuators.Select(a => ((string?)a.Name, a.Kp)));
        }
    }

    private static double[] InBodyAxes(Rotation r, ReadOnlySpan<double> principal)
    {
        double[] x = r.Apply([1, 0, 0]), y = r.Apply([0, 1, 0]), z = r.Apply([0, 0, 1]);
        double[] d = principal.ToArray();
        double At(int i, int j) => (x[i] * x[j] * d[0]) + (y[i] * y[j] * d[1]) + (z[i] * z[j] * d[2]);
        return [At(0, 0), At(1, 1), At(2, 2), At(0, 1), At(0, 2), At(1, 2)];
    }
}
