using MuJoCo;

namespace Legato.Tests.MuJoCo;

public class MjModelTests
{
    [Fact]
    public void ModelHasTheSizesAndValuesOfItsXml()
    {
        using MjModel model = MjModel.FromXmlString(Models.Arm);

        Assert.Equal(7 + 3 + 4 + 1, model.NQ);
        Assert.Equal(6 + 3 + 3 + 1, model.NV);
        Assert.Equal(3, model.NU);
        Assert.Equal(1, model.NA);
        Assert.Equal(7, model.NBody);
        Assert.Equal(6, model.NJoint);
        Assert.Equal(6, model.NGeom);
        Assert.Equal(1, model.NSite);
        Assert.Equal(1, model.NTendon);
        Assert.Equal(1, model.NSensor);
        Assert.Equal(1, model.NSensorData);
        Assert.Equal(1, model.NMocap);
        Assert.Equal(1, model.NKey);
        Assert.Equal(2, model.NUserData);
        Assert.Equal(0.002, model.Timestep);

        int shoulder = model.RequireId(MjObject.Joint, "shoulder");
        Assert.Equal((int)MjJointType.Hinge, model.JntType[shoulder]);
        Assert.Equal([0, 1, 0], model.JntAxis.Slice(3 * shoulder, 3).ToArray());
        Assert.Equal(170 * Math.PI / 180, model.JntRange[2 * shoulder + 1], 12);
        Assert.Equal(0.1, model.DofDamping[model.JntDofAdr[shoulder]]);
        Assert.Equal(0.01, model.DofArmature[model.JntDofAdr[model.RequireId(MjObject.Joint, "twist")]]);

        int hand = model.RequireId(MjObject.Geom, "hand");
        Assert.Equal((int)MjGeomType.Box, model.GeomType[hand]);
        Assert.Equal([0.05, 0.03, 0.02], model.GeomSize.Slice(3 * hand, 3).ToArray());
        Assert.Equal(model.RequireId(MjObject.Body, "hand"), model.GeomBodyId[hand]);
        Assert.Equal(20, model.ActuatorGainPrm[10 * model.RequireId(MjObject.Actuator, "shoulder")]);
        Assert.Equal(2, model.ActuatorGear[6 * model.RequireId(MjObject.Actuator, "elbow")]);
        Assert.Equal(0.5, model.KeyQpos[0]);
    }

    [Fact]
    public void BadXmlNamesTheReasonAndTheLine()
    {
        string xml = "<mujoco>\n  <worldbody>\n    <geom typ='plane' size='1 1 1'/>\n  </worldbody>\n</mujoco>";

        string message = Assert.Throws<MuJoCoException>(() => MjModel.FromXmlString(xml)).Message;

        Assert.Contains("unrecognized attribute: 'typ'", message, StringComparison.Ordinal);
        Assert.Contains("line 3", message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }
}
