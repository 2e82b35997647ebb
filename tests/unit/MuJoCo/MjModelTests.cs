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
        Assert.Equal(170 * Math.PI / 180, model.JntRange[2 * shoulder + 1], tolerance: 1e-12);
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

    [Fact]
    public void XmlThatParsesButDoesNotCompileSaysWhy()
    {
        string xml = "<mujoco><worldbody><body><joint type='hinge'/></body></worldbody></mujoco>";

        string message = Assert.Throws<MuJoCoException>(() => MjModel.FromXmlString(xml)).Message;

        Assert.Contains("mass and inertia of moving bodies must be larger than mjMINVAL", message, StringComparison.Ordinal);
    }

    [Fact]
    public void FileIsLoadedWithWhatItIncludesBesideIt()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("part.xml"), "<mujocoinclude><geom name='part' size='0.25'/></mujocoinclude>");
        File.WriteAllText(folder.File("scene.xml"), "<mujoco><worldbody><include file='part.xml'/></worldbody></mujoco>");

        using MjModel model = MjModel.FromXmlFile(folder.File("scene.xml"));

        Assert.Equal(0.25, model.GeomSize[3 * model.RequireId(MjObject.Geom, "part")]);
    }

    [Fact]
    public void MissingAndBadFilesAreNamed()
    {
        using var folder = new TemporaryFolder();
        string missing = folder.File("missing.xml");
        string bad = folder.File("bad.xml");
        File.WriteAllText(bad, "<mujoco>\n<worldbody>\n</mujoco>");

        Assert.Equal($"model file {missing} does not exist", Assert.Throws<MuJoCoException>(() => MjModel.FromXmlFile(missing)).Message);
        Assert.StartsWith($"MuJoCo cannot load {bad}: XML parse error", Assert.Throws<MuJoCoException>(() => MjModel.FromXmlFile(bad)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void EveryElementIsFoundUnderItsName()
    {
        using MjModel model = MjModel.FromXmlString(Models.Arm);
        (MjObject Type, int Count)[] kinds =
        [
            (MjObject.Body, model.NBody), (MjObject.Joint, model.NJoint), (MjObject.Geom, model.NGeom), (MjObject.Site, model.NSite),
            (MjObject.Tendon, model.NTendon), (MjObject.Actuator, model.NU), (MjObject.Sensor, model.NSensor), (MjObject.Key, model.NKey),
        ];

        foreach ((MjObject type, int count) in kinds)
            for (int id = 0; id < count; id++)
                if (model.Name(type, id) is { } name)
                    Assert.Equal(id, model.RequireId(type, name));
        Assert.Equal("twist", model.Name(MjObject.Joint, 2));
        Assert.Null(model.Name(MjObject.Joint, model.RequireId(MjObject.Joint, "slide") + 1)); // the puck's joint has no name
    }

    [Fact]
    public void UnknownNamesAndIdsAreReported()
    {
        using MjModel model = MjModel.FromXmlString(Models.Arm);

        Assert.Equal(-1, model.Id(MjObject.Joint, "knee"));
        Assert.Equal(-1, model.Id(MjObject.Site, "shoulder"));
        Assert.Equal(-1, model.Id((MjObject)99, "shoulder"));
        Assert.Null(model.Name(MjObject.Joint, -1));
        Assert.Null(model.Name(MjObject.Joint, model.NJoint));
        Assert.Null(model.Name((MjObject)99, 0));
        Assert.Equal("the model has no Joint named 'knee'", Assert.Throws<MuJoCoException>(() => model.RequireId(MjObject.Joint, "knee")).Message);
    }

    [Fact]
    public void CloneIsEqualAndIndependent()
    {
        using MjModel model = MjModel.FromXmlString(Models.Arm);
        using MjModel clone = model.Clone();
        double[] masses = model.BodyMass.ToArray();
        Assert.Equal(masses, clone.BodyMass.ToArray());

        clone.BodyMass.Fill(7);
        clone.Timestep = 0.01;

        Assert.Equal(masses, model.BodyMass.ToArray());
        Assert.Equal(0.002, model.Timestep);
    }

    [Fact]
    public void OptionsAreThoseOfTheXmlAndTakeOnlyLegalValues()
    {
        using MjModel model = MjModel.FromXmlString(
            "<mujoco><option timestep='0.004' impratio='3' tolerance='1e-6' iterations='7' noslip_iterations='2' solver='CG' cone='elliptic' integrator='RK4' gravity='1 2 3'><flag contact='disable' energy='enable'/></option></mujoco>");

        Assert.Equal((0.004, 3, 1e-6, 7, 2), (model.Timestep, model.ImpRatio, model.Tolerance, model.Iterations, model.NoSlipIterations));
        Assert.Equal((MjSolver.Cg, MjCone.Elliptic, MjIntegrator.Rk4), (model.Solver, model.Cone, model.Integrator));
        Assert.Equal((MjDisableFlags.Contact, MjEnableFlags.Energy), (model.DisableFlags, model.EnableFlags));
        Assert.Equal([1, 2, 3], model.Gravity.ToArray());

        foreach (double bad in new[] { 0, -1, double.NaN, double.PositiveInfinity })
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => model.Timestep = bad);
            Assert.Throws<ArgumentOutOfRangeException>(() => model.ImpRatio = bad);
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => model.Tolerance = double.NaN);
        Assert.Throws<ArgumentOutOfRangeException>(() => model.Iterations = -1);
        Assert.Throws<ArgumentOutOfRangeException>(() => model.Solver = (MjSolver)3);
        Assert.Throws<ArgumentOutOfRangeException>(() => model.Cone = (MjCone)2);
        Assert.Throws<ArgumentOutOfRangeException>(() => model.Integrator = (MjIntegrator)(-1));
        Assert.Equal(0.004, model.Timestep);
    }

    [Fact]
    public void DisposedModelThrowsAndItsDataLivesOn()
    {
        MjModel model = MjModel.FromXmlString(Models.Ball);
        using var data = new MjData(model);
        model.Dispose();
        model.Dispose();

        Assert.Throws<ObjectDisposedException>(() => model.NQ);
        Assert.Throws<ObjectDisposedException>(() => model.BodyMass.Length);
        Assert.Throws<ObjectDisposedException>(() => model.Clone());
        Assert.Throws<ObjectDisposedException>(() => model.Id(MjObject.Geom, "ball"));
        Assert.Throws<ObjectDisposedException>(() => model.Name(MjObject.Geom, 0));
        Assert.Throws<ObjectDisposedException>(() => new MjData(model));

        double height = data.Qpos[2];
        data.Step(10);
        Assert.True(data.Qpos[2] < height);
    }
}
