using System.Globalization;
using System.Reflection;
using System.Xml.Linq;

using Legato.Sim.Parameters;
using Legato.Sim.Piano;
using Legato.Sim.Scene;

using MuJoCo;

namespace Legato.Tests.Sim.Parameters;

public sealed class SceneParametersTests
{
    private delegate Span<double> Array(MjModel model);

    private static readonly (string Name, Array Get)[] Arrays =
    [
        .. typeof(MjModel).GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(p => p.PropertyType == typeof(Span<double>))
            .Select(p => (p.Name, p.GetMethod!.CreateDelegate<Array>())),
    ];

    [Fact]
    public void DefaultsChangeNothingBitForBit()
    {
        using PianoScene scene = PianoScene.Build(new SceneOptions());
        using PianoScene same = scene.With(SimParameters.Nominal, seed: 7);
        Assert.True(Arrays.Length > 50);
        Assert.Empty(Changes(scene, same));
    }

    [Theory]
    [InlineData("wrist.gain", 0.8, "ActuatorGainPrm 4, ActuatorBiasPrm 4, ActuatorGains 4")]
    [InlineData("rails.gain", 0.8, "ActuatorGainPrm 4, ActuatorBiasPrm 4, ActuatorGains 4")]
    [InlineData("rh_FFJ3.gain", 1.7, "ActuatorGainPrm 1, ActuatorBiasPrm 1, ActuatorGains 1")]
    [InlineData("coupled.gain", 1.7, "ActuatorGainPrm 8, ActuatorBiasPrm 8, ActuatorGains 8")]
    [InlineData("thumb.damping", 0.3, "DofDamping 10")]
    [InlineData("coupled.damping", 0.3, "DofDamping 16")]
    [InlineData("lh_forearm_ty.damping", 2, "DofDamping 1")]
    [InlineData("spread.friction", 0.05, "DofFrictionLoss 10")]
    [InlineData("rails.friction", 5, "DofFrictionLoss 4")]
    [InlineData("flexion.offset", 0.05, "ActuatorBiasPrm 8")]
    [InlineData("rails.offset", 0.01, "ActuatorBiasPrm 4")]
    [InlineData("piano.x", 0.01, "BodyPos 1")]
    [InlineData("piano.y", 0.01, "BodyPos 1")]
    [InlineData("piano.z", -0.01, "BodyPos 1")]
    [InlineData("piano.yaw", 0.03, "BodyQuat 2")]
    [InlineData("keys.stiffness", 1.5, "QposSpring 88, JntStiffness 88")]
    [InlineData("keys.damping", 1.5, "DofDamping 88")]
    [InlineData("keys.spread", 0.1, "QposSpring 88, JntStiffness 88, DofDamping 88")]
    [InlineData("keys.activation_white", 0.5, "KeyActivation 52")]
    [InlineData("keys.activation_black", 0.5, "KeyActivation 36")]
    [InlineData("keys.grip", 1.5, "GeomFriction 166")]
    [InlineData("hands.joint_friction", 3, "DofFrictionLoss 52")]
    [InlineData("hands.coupling", 2, "")]
    [InlineData("right_hand.delay", 0.05, "")]
    [InlineData("left_hand.report_lag", 0.05, "")]
    [InlineData("rails.delay", 0.05, "")]
    [InlineData("rails.slew", 1, "")]
    [InlineData("thumb.backlash", 0.05, "")]
    [InlineData("thumb.deadband", 0.01, "")]
    [InlineData("thumb.slew", 1, "")]
    [InlineData("keyboard.latency", 0.01, "")]
    [InlineData("keyboard.jitter", 0.01, "")]
    public void AParameterChangesItsOwnArraysAndNoOther(string name, double value, string expected)
    {
        using PianoScene scene = PianoScene.Build(new SceneOptions());
        using PianoScene changed = scene.With(SimParameters.Nominal.With(name, value));
        Assert.Equal(expected, string.Join(", ", Changes(scene, changed).Select(c => $"{c.Name} {c.Count}")));
    }

    [Fact]
    public void EveryParameterButInertiasHasARowAbove()
    {
        IEnumerable<string> rows = typeof(SceneParametersTests).GetMethod(nameof(AParameterChangesItsOwnArraysAndNoOther))!
            .GetCustomAttributes<InlineDataAttribute>().Select(row => ((string)row.Data[0]!).Split('.')).Select(n => Kind(n[0]) + n[1]);
        IEnumerable<string> all = ParameterSchema.Definitions.Where(d => d.Key is not ("armature" or "mass")).Select(d => Kind(d.Section) + d.Key);
        Assert.Equal(all.Distinct().Order(), rows.Distinct().Order());

        // Groups of motors share their code, as do hands.
        static string Kind(string section) => section switch
        {
            "piano" or "keys" or "keyboard" or "hands" => section,
            "right_hand" or "left_hand" => "hand",
            _ when section == "rails" || section.Contains("forearm", StringComparison.Ordinal) => "rail",
            _ => "motor",
        };
    }

    [Fact]
    public void TheModelIsTheOneThatTheCompilerMakesOfChangedXml()
    {
        using PianoScene scene = PianoScene.Build(new SceneOptions());
        using PianoScene changed = scene.With(SimParameters.Parse(
            "flexion: {gain: 0.5, damping: 2, friction: 0.02, armature: 3}\npiano: {x: 0.01, y: -0.02, z: 0.005}\nkeys: {damping: 2}\nhands: {mass: 1.2}", "p"));

        XDocument xml = SceneXml.Build(new SceneOptions());
        foreach (XElement actuator in xml.Descendants("position").Where(a => IsFlexion(a, "joint")))
            actuator.SetAttributeValue("kp", Text(0.5 * Number(actuator, "kp")));
        foreach (XElement joint in xml.Descendants("joint").Where(j => IsFlexion(j, "name")))
        {
            joint.SetAttributeValue("damping", Text(2 * 0.05));
            joint.SetAttributeValue("frictionloss", Text(0.01 + 0.02));
            joint.SetAttributeValue("armature", Text(3 * 0.0002));
        }
        foreach (XElement key in xml.Descendants("joint").Where(j => ((string?)j.Attribute("name"))?.Contains("_joint_", StringComparison.Ordinal) == true))
            key.SetAttributeValue("damping", Text(2 * 0.05));
        foreach (XElement inertial in xml.Descendants("inertial"))
        {
            inertial.SetAttributeValue("mass", Text(1.2 * Number(inertial, "mass")));
            string moments = (string)inertial.Attribute("diaginertia")!;
            inertial.SetAttributeValue("diaginertia", string.Join(' ', moments.Split(' ').Select(m => Text(1.2 * double.Parse(m, CultureInfo.InvariantCulture)))));
        }
        xml.Descendants("body").Single(b => (string?)b.Attribute("name") == "piano").SetAttributeValue("pos", "0.01 -0.02 0.005");
        using MjModel compiled = MjModel.FromXmlString(xml.ToString());

        foreach ((string name, Array get) in Arrays)
        {
            Span<double> expected = get(compiled), actual = get(changed.Model);
            Assert.Equal(expected.Length, actual.Length);
            for (int i = 0; i < expected.Length; i++)
                Assert.True(Math.Abs(expected[i] - actual[i]) <= 1e-9 * Math.Max(1, Math.Abs(expected[i])), $"{name}[{i}] is {actual[i]}, compiled {expected[i]}");
        }
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(3)]
    public void AStifferSpringStillCarriesTheSameKey(double scale)
    {
        using PianoScene scene = PianoScene.Build(new SceneOptions());
        using PianoScene stiffer = scene.With(SimParameters.Nominal.With("keys.stiffness", scale));
        // At its own rest the spring pulls as much as it carries of the key's weight.
        const double rest = -Math.PI / 180;
        double[] weight = SpringTorques(scene, rest), carried = SpringTorques(stiffer, rest);
        foreach (double angle in (double[])[0, 0.03, 0.06])
        {
            double[] plain = SpringTorques(scene, angle), scaled = SpringTorques(stiffer, angle);
            for (int k = 0; k < plain.Length; k++)
            {
                Assert.Equal(weight[k], carried[k], 1e-12);
                Assert.Equal(scale * (plain[k] - weight[k]), scaled[k] - weight[k], 1e-12);
            }
        }
    }

    [Fact]
    public void DifferencesBetweenKeysFollowFromTheSeed()
    {
        using PianoScene scene = PianoScene.Build(new SceneOptions());
        SimParameters spread = SimParameters.Nominal.With("keys.spread", 0.2);
        using PianoScene one = scene.With(spread, 1), again = scene.With(spread, 1), other = scene.With(spread, 2);
        Assert.Empty(Changes(one, again));
        Assert.NotEmpty(Changes(one, other));

        double[] logs = [.. PianoGeometry.Keys.Select(k => Math.Log(one.Model.JntStiffness[one.Model.RequireId(MjObject.Joint, k.JointName)] / 2))];
        Assert.InRange(Math.Sqrt(logs.Average(x => x * x)), 0.15, 0.25);
    }

    [Fact]
    public void CopiesOfASceneKeepItsActivation()
    {
        using PianoScene scene = PianoScene.Build(new SceneOptions());
        using PianoScene shallow = scene.With(SimParameters.Nominal.With("keys.activation_white", 0.4));
        using PianoScene clone = shallow.Clone(), handsOnly = shallow.WithContacts(ContactSet.HandKey);
        Assert.Equal(0.4 * shallow.KeyTravel[0], shallow.KeyActivation[0]);
        Assert.Equal(shallow.KeyActivation, clone.KeyActivation);
        Assert.Equal(shallow.KeyActivation, handsOnly.KeyActivation);
    }

    [Fact]
    public void ScenesWithFewerJointsTakeWhatConcernsThem()
    {
        using PianoScene scene = PianoScene.Build(new SceneOptions { ActionSpace = ActionSpace.Reduced, Embodiment = Embodiment.FourFingers });
        using PianoScene changed = scene.With(SimParameters.Nominal.With("thumb.gain", 0.5).With("rh_LFJ3.gain", 0.5));
        Assert.Equal(["ActuatorGainPrm 6", "ActuatorBiasPrm 6", "ActuatorGains 6"], Changes(scene, changed).Select(c => $"{c.Name} {c.Count}"));
    }

    private static double[] SpringTorques(PianoScene scene, double angle)
    {
        using var data = new MjData(scene.Model);
        foreach (int address in scene.KeyQposAddresses)
            data.Qpos[address] = angle;
        data.Forward();
        return [.. PianoGeometry.Keys.Select(key => data.QfrcPassive[scene.Model.JntDofAdr[scene.Model.RequireId(MjObject.Joint, key.JointName)]])];
    }

    private static List<(string Name, int Count)> Changes(PianoScene a, PianoScene b)
    {
        var changes = new List<(string, int)>();
        foreach ((string name, Array get) in Arrays)
            Compare(name, get(a.Model), get(b.Model));
        Compare("ActuatorGains", a.ActuatorGains, b.ActuatorGains);
        Compare("KeyActivation", a.KeyActivation, b.KeyActivation);
        return changes;

        void Compare(string name, ReadOnlySpan<double> left, ReadOnlySpan<double> right)
        {
            int count = 0;
            for (int i = 0; i < left.Length; i++)
                count += BitConverter.DoubleToInt64Bits(left[i]) != BitConverter.DoubleToInt64Bits(right[i]) ? 1 : 0;
            if (count > 0)
                changes.Add((name, count));
        }
    }

    private static bool IsFlexion(XElement element, string attribute) => ((string?)element.Attribute(attribute))?.EndsWith("FJ3", StringComparison.Ordinal) == true;

    private static double Number(XElement element, string attribute) => double.Parse((string)element.Attribute(attribute)!, CultureInfo.InvariantCulture);

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
