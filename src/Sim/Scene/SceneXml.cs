using System.Globalization;
using System.Xml.Linq;

using Legato.Sim.Piano;

namespace Legato.Sim.Scene;

/// <summary>Writes the scene as MJCF: the piano from its geometry, the hands from their files, the carriages.</summary>
public static class SceneXml
{
    /// <summary>Stiffness of the carriage's position actuators, N/m.</summary>
    private static double CarriageGain(ScenePreset preset) => preset == ScenePreset.RoboPianist ? 300 : 2000;

    /// <summary>The whole scene.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The physics step is out of range or does not divide the control step.</exception>
    public static XDocument Build(SceneOptions options)
    {
        // Written so that NaN is refused too.
        if (options.Timestep is not (>= 0.0005 and <= 0.01) || Math.Abs((options.Substeps * options.Timestep) - SceneOptions.ControlPeriod) > 1e-9)
            throw new ArgumentOutOfRangeException(nameof(options), options.Timestep, "The physics step must be 0.5..10 ms and divide the control step of 50 ms.");

        var world = new XElement("worldbody", Stage(), PianoXml.Build());
        var tendons = new XElement("tendon");
        var actuators = new XElement("actuator");
        var contacts = new XElement("contact");
        foreach (HandSide side in (ReadOnlySpan<HandSide>)[HandSide.Right, HandSide.Left])
        {
            XElement hand = HandXml.Build(side, options, CarriageGain(options.Preset));
            world.Add(hand.Element("worldbody")!.Elements());
            tendons.Add(hand.Element("tendon")!.Elements());
            actuators.Add(hand.Element("actuator")!.Elements());
            contacts.Add(hand.Element("contact")!.Elements());
        }

        return new XDocument(new XElement("mujoco",
            new XAttribute("model", "legato"),
            new XElement("compiler", new XAttribute("angle", "radian"), new XAttribute("autolimits", "true")),
            // Gravity is zero: the hands carry their own weight (RoboPianist's gravity compensation) and the keys' weight is in their springs.
            new XElement("option", new XAttribute("timestep", Number(options.Timestep)), new XAttribute("gravity", "0 0 0"), new XAttribute("impratio", "10"), new XAttribute("cone", "pyramidal"), ContactFlag(options)),
            // Hands thrown about at random have some 230 constraints at most; MuJoCo's memory for a world grows with the square of the limit.
            new XElement("size", new XAttribute("nconmax", 400), new XAttribute("njmax", 800)),
            new XElement("statistic", new XAttribute("extent", "0.6"), new XAttribute("center", "0.2 0 0.3")),
            new XElement("visual", new XElement("global", new XAttribute("offwidth", 1920), new XAttribute("offheight", 1080)), new XElement("map", new XAttribute("znear", "0.01")), new XElement("quality", new XAttribute("shadowsize", 2048))),
            Assets(),
            Defaults(options),
            world, tendons, actuators, contacts));
    }

    internal static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    internal static string Vector(params ReadOnlySpan<double> values) => string.Join(' ', values.ToArray().Select(Number));

    private static XElement? ContactFlag(SceneOptions options) => options.Contacts == ContactSet.None
        ? new XElement("flag", new XAttribute("contact", "disable"))
        : null;

    private static XElement Assets() => new("asset",
        new XElement("texture", new XAttribute("type", "skybox"), new XAttribute("builtin", "gradient"), new XAttribute("rgb1", ".22 .24 .28"), new XAttribute("rgb2", ".04 .04 .05"), new XAttribute("width", 128), new XAttribute("height", 768)),
        new XElement("texture", new XAttribute("name", "floor"), new XAttribute("type", "2d"), new XAttribute("builtin", "checker"), new XAttribute("rgb1", ".1 .1 .1"), new XAttribute("rgb2", ".2 .2 .2"), new XAttribute("width", 256), new XAttribute("height", 256)),
        new XElement("material", new XAttribute("name", "floor"), new XAttribute("texture", "floor"), new XAttribute("texrepeat", "4 4")));

    private static XElement Defaults(SceneOptions options)
    {
        // A fingertip is the capsule that MuJoCo fits to the hand's tip mesh; silicone pads of a real hand are wider.
        (double radius, double half, double y, double z)[] tips = options.Preset == ScenePreset.RoboPianist
            ? [(0.00667, 0.00778, 0.00042, 0.01765), (0.00816, 0.00784, 0.0008, 0.01955)]
            : [(0.0079, 0.0069, 0, 0.0172), (0.0097, 0.00595, 0.0009, 0.01935)];
        XElement Tip(string name, (double radius, double half, double y, double z) t) => new("default",
            new XAttribute("class", name),
            new XElement("geom", new XAttribute("type", "capsule"), new XAttribute("size", Vector(t.radius, t.half)), new XAttribute("pos", Vector(0, t.y, t.z)), new XAttribute("rgba", ".75 .72 .68 1")));
        int affinity = options.Contacts == ContactSet.Full ? 1 : 0;
        return new XElement("default",
            new XElement("default",
                new XAttribute("class", "hand"),
                new XElement("joint", new XAttribute("axis", "1 0 0"), new XAttribute("damping", "0.05"), new XAttribute("armature", Number(HandXml.Armature)), new XAttribute("frictionloss", "0.01")),
                new XElement("geom", new XAttribute("contype", 1), new XAttribute("conaffinity", affinity), new XAttribute("solref", "0.005 1"), new XAttribute("solimp", "0.5 0.99 0.0001"), new XAttribute("rgba", ".28 .29 .31 1")),
                new XElement("site", new XAttribute("size", "0.004"), new XAttribute("group", 4)),
                Tip("finger_tip", tips[0]),
                Tip("thumb_tip", tips[1])),
            PianoXml.Defaults());
    }

    private static IEnumerable<XElement> Stage() =>
    [
        new XElement("light", new XAttribute("pos", "0 0 1"), new XAttribute("dir", "0 0 -1"), new XAttribute("diffuse", ".5 .5 .5")),
        new XElement("light", new XAttribute("pos", "0.3 0 1"), new XAttribute("dir", "0 0 -1"), new XAttribute("diffuse", ".35 .35 .35"), new XAttribute("castshadow", "false")),
        new XElement("geom", new XAttribute("name", "floor"), new XAttribute("type", "plane"), new XAttribute("size", "1 1 .1"), new XAttribute("material", "floor"), new XAttribute("contype", 0), new XAttribute("conaffinity", 0)),
        new XElement("camera", new XAttribute("name", "topdown"), new XAttribute("pos", "0.1 0 1.2"), new XAttribute("xyaxes", "0 1 0 -1 0 0"), new XAttribute("fovy", "60")),
        new XElement("camera", new XAttribute("name", "player"), new XAttribute("pos", "0.55 0 0.75"), new XAttribute("xyaxes", "0 1 0 -0.78 0 0.62"), new XAttribute("fovy", "50")),
        new XElement("camera", new XAttribute("name", "fallboard"), new XAttribute("pos", "-0.32 0 0.34"), new XAttribute("xyaxes", "0 -1 0 0.62 0 0.78"), new XAttribute("fovy", "55")),
    ];
}
