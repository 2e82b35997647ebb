using System.Reflection;
using System.Xml.Linq;

using Legato.Sim.Piano;

using static Legato.Sim.Scene.SceneXml;

namespace Legato.Sim.Scene;

/// <summary>A hand as MJCF: the file of its side, placed, on its carriage, with the asked fingers and actuators.</summary>
internal static class HandXml
{
    /// <summary>Reflected inertia of every drive of a hand, kg·m² (kg on the carriage).</summary>
    public const double Armature = 0.0002;

    private static readonly string[] FrozenInReduced = ["THJ5", "THJ1", "LFJ5"];

    /// <summary>The hand's root in the world: x, y, z of RoboPianist's forearm, m.</summary>
    public static (double X, double Y, double Z) Root(HandSide side) => (0.4, side.RootY(), 0.13);

    public static XElement Build(HandSide side, SceneOptions options, double carriageGain)
    {
        string prefix = side.Prefix();
        XElement hand = Load(side);
        XElement forearm = hand.Element("worldbody")!.Element("body")!;
        (double x, double y, double z) = Root(side);
        forearm.SetAttributeValue("pos", Vector(x, y, z));
        forearm.SetAttributeValue("quat", "-0.5 -0.5 0.5 0.5");
        if (options.Embodiment == Embodiment.FourFingers)
            RemoveLittleFinger(hand, prefix);
        if (options.ActionSpace == ActionSpace.Reduced)
            Reduce(hand, prefix);
        AddCarriage(forearm, hand.Element("actuator")!, prefix, y, carriageGain);
        return hand;
    }

    private static XElement Load(HandSide side)
    {
        string name = side == HandSide.Right ? "right_hand.xml" : "left_hand.xml";
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!;
        return XElement.Load(stream);
    }

    private static void AddCarriage(XElement forearm, XElement actuators, string prefix, double rootY, double gain)
    {
        double half = 0.5 * PianoGeometry.KeyboardWidth;
        // Critical damping of all that moves on the actuator's spring, as RoboPianist sets it.
        double mass = Armature + forearm.Descendants("inertial").Sum(i => (double)i.Attribute("mass")!);
        double damping = 2 * Math.Sqrt(mass * gain);
        XElement inertial = forearm.Element("inertial")!;
        Add("forearm_ty", "0 0 1", Vector(0, 0.06));
        Add("forearm_tx", "-1 0 0", Vector(-half - rootY, half - rootY));
        actuators.Add(Actuator("forearm_tx", Vector(-half - rootY, half - rootY)), Actuator("forearm_ty", Vector(0, 0.06)));

        void Add(string name, string axis, string range) => inertial.AddAfterSelf(new XElement("joint",
            new XAttribute("name", prefix + name), new XAttribute("type", "slide"), new XAttribute("axis", axis), new XAttribute("range", range), new XAttribute("damping", Number(damping))));
        XElement Actuator(string name, string range) => new("position",
            new XAttribute("name", prefix + name), new XAttribute("joint", prefix + name), new XAttribute("kp", Number(gain)), new XAttribute("ctrlrange", range));
    }

    private static void Reduce(XElement hand, string prefix)
    {
        foreach (string joint in FrozenInReduced)
            Remove(hand, prefix + joint, $"{prefix}A_{joint}");
        string thumb = Vector(0, 0.698132);
        Named(hand, "joint", prefix + "THJ2").SetAttributeValue("range", thumb);
        Named(hand, "position", prefix + "A_THJ2").SetAttributeValue("ctrlrange", thumb);
    }

    private static void RemoveLittleFinger(XElement hand, string prefix)
    {
        Named(hand, "body", prefix + "lfknuckle").Remove();
        foreach (string joint in (ReadOnlySpan<string>)["LFJ5", "LFJ4", "LFJ3", "LFJ0"])
            Remove(hand, prefix + joint, $"{prefix}A_{joint}");
        hand.Element("tendon")!.Elements().Where(t => (string?)t.Attribute("name") == prefix + "LFJ0").Remove();
    }

    private static void Remove(XElement hand, string joint, string actuator)
    {
        hand.Descendants("joint").Where(j => (string?)j.Attribute("name") == joint).Remove();
        hand.Descendants("position").Where(a => (string?)a.Attribute("name") == actuator).Remove();
    }

    private static XElement Named(XElement hand, string element, string name) =>
        hand.Descendants(element).First(e => (string?)e.Attribute("name") == name);
}
