using System.Xml.Linq;

using Legato.Sim.Piano;

using static Legato.Sim.Scene.SceneXml;

namespace Legato.Sim.Scene;

/// <summary>The piano as MJCF.</summary>
internal static class PianoXml
{
    private const double Stiffness = 2;
    private const double Damping = 0.05;
    private const double Armature = 0.001;

    /// <summary>Angle at which a key's spring would rest if the key weighed nothing, rad.</summary>
    public const double SpringReference = -Math.PI / 180;

    private const double Gravity = 9.81;

    /// <summary>Contact settings of all piano geoms. RoboPianist sets solref to twice its physics step of 5 ms.</summary>
    public static XElement Defaults() => new("default",
        new XAttribute("class", "piano"),
        new XElement("geom", new XAttribute("type", "box"), new XAttribute("contype", 0), new XAttribute("conaffinity", 1), new XAttribute("solref", "0.01 1")),
        new XElement("joint", new XAttribute("type", "hinge"), new XAttribute("axis", "0 1 0"), new XAttribute("stiffness", Number(Stiffness)), new XAttribute("damping", Number(Damping)), new XAttribute("armature", Number(Armature))));

    /// <summary>Base and keys below one body, so that the whole piano can be moved and turned.</summary>
    public static XElement Build() => new("body",
        new XAttribute("name", "piano"),
        new XAttribute("childclass", "piano"),
        new XElement("geom", new XAttribute("name", "piano_base"), new XAttribute("size", Vector(0.05, 0.5 * PianoGeometry.KeyboardWidth, 0.02)), new XAttribute("pos", "-0.127 0 0.02"), new XAttribute("rgba", ".15 .15 .15 1")),
        PianoGeometry.Keys.Select(Key));

    private static XElement Key(PianoKey key)
    {
        KeyShape shape = key.Shape;
        return new XElement("body",
            new XAttribute("name", key.BodyName),
            new XAttribute("pos", Vector(shape.X, key.Y, shape.Z)),
            new XElement("joint",
                new XAttribute("name", key.JointName),
                new XAttribute("pos", Vector(-0.5 * shape.Length, 0, 0)),
                new XAttribute("range", Vector(0, shape.MaxAngle)),
                new XAttribute("springref", Number(SpringWithWeight(shape)))),
            new XElement("geom",
                new XAttribute("size", Vector(0.5 * shape.Length, 0.5 * shape.Width, 0.5 * shape.Height)),
                new XAttribute("mass", Number(shape.Mass)),
                new XAttribute("rgba", key.IsBlack ? ".1 .1 .1 1" : ".9 .9 .9 1")));
    }

    /// <summary>Spring reference that also carries the key's weight, m·g·l/2 at the hinge; its cosine is 1 to within 0.4 %.</summary>
    private static double SpringWithWeight(KeyShape shape) => SpringReference + (shape.Mass * Gravity * 0.5 * shape.Length / Stiffness);
}
