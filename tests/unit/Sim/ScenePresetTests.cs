using System.Xml.Linq;
using Legato.Sim.Scene;
using Legato.Sim.World;
using MuJoCo;

namespace Legato.Tests.Sim;

/// <summary>What the presets share and where they differ; which options are refused.</summary>
public class ScenePresetTests
{
    [Fact]
    public void PresetsDifferInCarriagesAndFingertipsOnly()
    {
        XDocument first = SceneXml.Build(new SceneOptions()), second = SceneXml.Build(new SceneOptions { Preset = ScenePreset.Lab });
        string[] different =
        [
            .. first.Descendants().Zip(second.Descendants())
                .Where(e => e.First.Name != e.Second.Name || !e.First.Attributes().Select(a => a.ToString()).SequenceEqual(e.Second.Attributes().Select(a => a.ToString())))
                .Select(e => (string?)e.First.Attribute("name") ?? (string)e.First.Parent!.Attribute("class")!)
                .Order(StringComparer.Ordinal),
        ];

        Assert.Equal(first.Descendants().Count(), second.Descendants().Count());
        Assert.Equal(
            // Each carriage twice: its joint (damping) and its actuator (gain).
            ["finger_tip", "lh_forearm_tx", "lh_forearm_tx", "lh_forearm_ty", "lh_forearm_ty", "rh_forearm_tx", "rh_forearm_tx", "rh_forearm_ty", "rh_forearm_ty", "thumb_tip"],
            different);
    }

    [Theory]
    [InlineData(ScenePreset.RoboPianist, Embodiment.FiveFingers, 300)]
    [InlineData(ScenePreset.Lab, Embodiment.FiveFingers, 2000)]
    [InlineData(ScenePreset.Lab, Embodiment.FourFingers, 2000)]
    public void CarriagesAreCriticallyDamped(ScenePreset preset, Embodiment embodiment, double gain)
    {
        using PianoScene scene = PianoScene.Build(new SceneOptions { Preset = preset, Embodiment = embodiment });
        foreach (string name in (string[])["rh_forearm_tx", "rh_forearm_ty", "lh_forearm_tx", "lh_forearm_ty"])
        {
            int dof = scene.Model.JntDofAdr[scene.Model.RequireId(MjObject.Joint, name)];
            Assert.Equal(gain, scene.ActuatorGains[scene.Actuators.Require(name)]);
            double damping = scene.Model.DofDamping[dof];
            Assert.Equal(1, damping / (2 * Math.Sqrt(gain * scene.Model.DofM0[dof])), 1e-6);
        }
    }

    [Fact]
    public void TheCarriagesDampingIsThatOfRoboPianistsCompiledScene()
    {
        using PianoScene scene = PianoScene.Build(new SceneOptions());
        int dof = scene.Model.JntDofAdr[scene.Model.RequireId(MjObject.Joint, "rh_forearm_tx")];
        Assert.Equal(67.476, scene.Model.DofDamping[dof], 5e-4);
    }

    [Theory]
    [InlineData(ScenePreset.RoboPianist)]
    [InlineData(ScenePreset.Lab)]
    public void TheCarriageReachesItsTargetWithoutOvershoot(ScenePreset preset)
    {
        using PianoScene scene = PianoScene.Build(new SceneOptions { Preset = preset, Contacts = ContactSet.None });
        using var world = new PianoWorld(scene);
        var targets = new double[scene.Actuators.Count];
        targets[scene.Actuators.Require("rh_forearm_tx")] = 0.1;
        world.SetTargets(targets);
        double[] position = new double[scene.Joints.Count];
        double most = 0;
        for (int t = 0; t < 60; t++)
        {
            world.StepControl();
            world.ReadJoints(position, []);
            most = Math.Max(most, position[scene.Joints.Require("rh_forearm_tx")]);
        }
        Assert.InRange(most, 0.099, 0.1005);
    }

    [Theory]
    [InlineData(ScenePreset.RoboPianist)]
    [InlineData(ScenePreset.Lab)]
    public void FingertipsEndBeyondTheTipSitesWithinTheSkin(ScenePreset preset)
    {
        using PianoScene scene = PianoScene.Build(new SceneOptions { Preset = preset });
        foreach (FingerSite finger in scene.Fingers)
        {
            int geom = scene.Model.BodyGeomAdr[finger.Body];
            double end = scene.Model.GeomPos[(3 * geom) + 2] + scene.Model.GeomSize[(3 * geom) + 1] + scene.Model.GeomSize[3 * geom];
            // The visual mesh ends at 32 mm, the thumb's at 35 mm.
            double skin = finger.Digit == 0 ? 0.035 : 0.032;
            Assert.Equal((int)MjGeomType.Capsule, scene.Model.GeomType[geom]);
            Assert.Equal(skin, end, 1e-3);
            Assert.InRange(scene.Model.SitePos[(3 * finger.Site) + 2], 0, end);
        }
    }

    [Theory]
    [InlineData(0.0004)]
    [InlineData(0.02)]
    [InlineData(0.003)]
    [InlineData(0)]
    [InlineData(-0.005)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void APhysicsStepThatDoesNotFitIsRefused(double timestep)
    {
        ArgumentOutOfRangeException e = Assert.Throws<ArgumentOutOfRangeException>(() => PianoScene.Build(new SceneOptions { Timestep = timestep }));
        Assert.Contains("50 ms", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.0005, 100)]
    [InlineData(0.002, 25)]
    [InlineData(0.0025, 20)]
    [InlineData(0.01, 5)]
    public void APhysicsStepThatDividesTheControlStepIsTaken(double timestep, int substeps)
    {
        using PianoScene scene = PianoScene.Build(new SceneOptions { Timestep = timestep });
        using var world = new PianoWorld(scene);
        world.StepControl();
        Assert.Equal(substeps, scene.Options.Substeps);
        Assert.Equal(0.05, world.Time, 1e-9);
    }
}
