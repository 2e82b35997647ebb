using Legato.Sim.Piano;

namespace Legato.Policy.Kinematics;

/// <summary>Heights of key surfaces, m, world frame.</summary>
public static class KeySurface
{
    // A fingertip this far in front of a black key's edge does not touch it, m.
    private const double Clearance = 0.006;

    /// <summary>Height of a key's upper surface at <paramref name="x"/> when the key is pressed by a fraction of its travel.</summary>
    public static double Height(PianoKey key, double x, double depth)
    {
        KeyShape shape = key.Shape;
        double angle = depth * shape.MaxAngle;
        double half = 0.5 * shape.Height;
        return shape.Z + (half / Math.Cos(angle)) - ((x - shape.HingeX) * Math.Tan(angle));
    }

    /// <summary>Height of whatever lies under a fingertip at rest at <paramref name="x"/>: whites in front, blacks behind their front edge.</summary>
    public static double Under(double x) => x > PianoGeometry.Black.X + (0.5 * PianoGeometry.Black.Length) + Clearance
        ? PianoGeometry.White.Top
        : PianoGeometry.Black.Top;
}
