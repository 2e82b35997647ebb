using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MuJoCo;

/// <summary>How pairs of geoms are tested for contact.</summary>
/// <remarks>
/// MuJoCo 2.2 tests every pair whose bounding spheres meet. Around long, thin geoms most of those are far apart, and testing them can take
/// half of a step.
/// </remarks>
/// <threadsafety>Safe. Changes hold for all simulations of the process, from their next step on.</threadsafety>
public static unsafe class MjCollisions
{
    // mjCOLLISIONFUNC has a row and a column for each of these.
    private const int Types = 8;

    // MuJoCo's general test of convex shapes finds contact to within some 10⁻⁶ m.
    private const double Tolerance = 1e-4;

    private static readonly MjGeomType[] Convex = [MjGeomType.Sphere, MjGeomType.Capsule, MjGeomType.Cylinder, MjGeomType.Box];
    private static readonly nint* Table = (nint*)MjLibrary.Export("mjCOLLISIONFUNC");
    private static readonly nint* Originals = Copied(Table);

    /// <summary>
    /// Whether pairs of spheres, capsules, cylinders and boxes are passed over when one of the pair's own axes separates them. Contacts are the
    /// same, bit for bit, as such a pair has none. Default false.
    /// </summary>
    public static bool SkipsSeparatedPairs
    {
        get => Table[Index(MjGeomType.Capsule, MjGeomType.Box)] != Originals[Index(MjGeomType.Capsule, MjGeomType.Box)];
        set
        {
            delegate* unmanaged[Cdecl]<NativeModel*, NativeData*, void*, int, int, double, int> test = &Test;
            foreach (MjGeomType first in Convex)
            {
                foreach (MjGeomType second in Convex)
                {
                    int pair = Index(first, second);
                    if (Originals[pair] != 0)
                        Volatile.Write(ref Table[pair], value ? (nint)test : Originals[pair]);
                }
            }
        }
    }

    private static int Index(MjGeomType first, MjGeomType second) => ((int)first * Types) + (int)second;

    private static nint* Copied(nint* table)
    {
        nint* copy = (nint*)NativeMemory.Alloc(Types * Types, (nuint)sizeof(nint));
        new ReadOnlySpan<nint>(table, Types * Types).CopyTo(new Span<nint>(copy, Types * Types));
        return copy;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Test(NativeModel* model, NativeData* data, void* contacts, int first, int second, double margin)
    {
        if (AreSeparated(model, data, first, second, margin))
            return 0;
        var original = (delegate* unmanaged[Cdecl]<NativeModel*, NativeData*, void*, int, int, double, int>)Originals[(model->geom_type[first] * Types) + model->geom_type[second]];
        return original(model, data, contacts, first, second, margin);
    }

    // The separating axis theorem, for the axes of the geoms alone: cross products of edges are left to the exact test.
    private static bool AreSeparated(NativeModel* model, NativeData* data, int first, int second, double margin)
    {
        double* p = data->geom_xpos + (3 * first), q = data->geom_xpos + (3 * second);
        double x = p[0] - q[0], y = p[1] - q[1], z = p[2] - q[2];
        // The second geom of a pair has the larger type, and a box the most to tell.
        return IsSeparatedAlong(second) || IsSeparatedAlong(first);

        bool IsSeparatedAlong(int geom)
        {
            var type = (MjGeomType)model->geom_type[geom];
            double* r = data->geom_xmat + (9 * geom);
            // Along its width a key is thinnest; round geoms only have one axis that is known beforehand.
            for (int k = type == MjGeomType.Box ? 1 : 2, left = type == MjGeomType.Box ? 3 : type == MjGeomType.Sphere ? 0 : 1; left > 0; left--, k = (k + 1) % 3)
            {
                double ax = r[k], ay = r[3 + k], az = r[6 + k];
                if (Math.Abs((ax * x) + (ay * y) + (az * z)) > margin + Tolerance + Extent(model, data, first, ax, ay, az) + Extent(model, data, second, ax, ay, az))
                    return true;
            }
            return false;
        }
    }

    // Half of a geom's width along an axis.
    private static double Extent(NativeModel* model, NativeData* data, int geom, double ax, double ay, double az)
    {
        double* size = model->geom_size + (3 * geom), r = data->geom_xmat + (9 * geom);
        double Along(int k) => Math.Abs((r[k] * ax) + (r[3 + k] * ay) + (r[6 + k] * az));
        switch ((MjGeomType)model->geom_type[geom])
        {
            case MjGeomType.Sphere:
                return size[0];
            case MjGeomType.Capsule:
                return size[0] + (size[1] * Along(2));
            case MjGeomType.Cylinder:
                double cosine = Along(2);
                return (size[0] * Math.Sqrt(Math.Max(0, 1 - (cosine * cosine)))) + (size[1] * cosine);
            default:
                return (size[0] * Along(0)) + (size[1] * Along(1)) + (size[2] * Along(2));
        }
    }
}
