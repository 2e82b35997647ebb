namespace Legato.Tests.Sim;

/// <summary>A unit quaternion w x y z: the test's own rotation arithmetic, independent of MuJoCo's.</summary>
internal readonly record struct Rotation(double W, double X, double Y, double Z)
{
    public static Rotation Of(ReadOnlySpan<double> q)
    {
        double n = Math.Sqrt((q[0] * q[0]) + (q[1] * q[1]) + (q[2] * q[2]) + (q[3] * q[3]));
        return new(q[0] / n, q[1] / n, q[2] / n, q[3] / n);
    }

    public static Rotation About(ReadOnlySpan<double> axis, double angle)
    {
        double n = Math.Sqrt((axis[0] * axis[0]) + (axis[1] * axis[1]) + (axis[2] * axis[2]));
        double s = Math.Sin(0.5 * angle) / n;
        return new(Math.Cos(0.5 * angle), s * axis[0], s * axis[1], s * axis[2]);
    }

    public static Rotation operator *(Rotation a, Rotation b) => new(
        (a.W * b.W) - (a.X * b.X) - (a.Y * b.Y) - (a.Z * b.Z),
        (a.W * b.X) + (a.X * b.W) + (a.Y * b.Z) - (a.Z * b.Y),
        (a.W * b.Y) - (a.X * b.Z) + (a.Y * b.W) + (a.Z * b.X),
        (a.W * b.Z) + (a.X * b.Y) - (a.Y * b.X) + (a.Z * b.W));

    public double[] Apply(ReadOnlySpan<double> v)
    {
        Rotation p = this * new Rotation(0, v[0], v[1], v[2]) * new Rotation(W, -X, -Y, -Z);
        return [p.X, p.Y, p.Z];
    }
}
