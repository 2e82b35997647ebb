using Legato.Sim.Piano;
using Legato.Sim.Scene;

using MuJoCo;

namespace Legato.Sim.Tasks;

/// <summary>Where a task finds things in MuJoCo's arrays: the same for a scene and all its copies.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
internal sealed class SceneMap
{
    // Neither hand.
    private const int Piano = -1;

    private readonly int[] _sideOfGeom;

    public SceneMap(PianoScene scene)
    {
        MjModel model = scene.Model;
        TipSites = [.. scene.Fingers.Select(f => f.Site)];
        KeyGeoms = [.. PianoGeometry.Keys.Select(k => model.BodyGeomAdr[model.RequireId(MjObject.Body, k.BodyName)])];
        // RoboPianist: 0.35 of half the key's length to the front, half of half its height up; neither turns with the key.
        KeyOffsets = [.. PianoGeometry.Keys.Select(k => (0.35 * 0.5 * k.Shape.Length, 0.5 * 0.5 * k.Shape.Height))];
        _sideOfGeom = new int[model.NGeom];
        for (int g = 0; g < _sideOfGeom.Length; g++)
            _sideOfGeom[g] = SideOf(model, model.GeomBodyId[g]);
        DrivesOfJoint = new int[scene.Joints.Count];
        JointsOfDrive = [.. Enumerable.Range(0, scene.Actuators.Count).Select(a => scene.JointsOf(a).ToArray())];
        for (int a = 0; a < JointsOfDrive.Length; a++)
        {
            foreach (int joint in JointsOfDrive[a])
                DrivesOfJoint[joint] = a;
        }
        Wrists = [.. Enum.GetValues<HandSide>().Select(side => scene.Joints.Require(side.Prefix() + "WRJ1"))];
        Rails = [.. Enum.GetValues<HandSide>().Select(side => scene.JointDofAddresses[scene.Joints.Require(side.Prefix() + "forearm_tx")])];
    }

    /// <summary>Site of each fingertip.</summary>
    public int[] TipSites { get; }

    /// <summary>Geom of each key.</summary>
    public int[] KeyGeoms { get; }

    /// <summary>From each key's centre to where it is to be touched: x, z in the world, m.</summary>
    public (double X, double Z)[] KeyOffsets { get; }

    /// <summary>The drive of each joint.</summary>
    public int[] DrivesOfJoint { get; }

    /// <summary>The joints of each drive: one, or J2 and J1.</summary>
    public int[][] JointsOfDrive { get; }

    /// <summary>The joints that lift the hands (negative is up): right, left.</summary>
    public int[] Wrists { get; }

    /// <summary>Address in <c>qvel</c> of the rails along the keyboard: right, left.</summary>
    public int[] Rails { get; }

    /// <summary>Whether any of the contacts is between the hands.</summary>
    public bool HandsTouch(ReadOnlySpan<MjContact> contacts)
    {
        foreach (ref readonly MjContact contact in contacts)
        {
            int a = _sideOfGeom[contact.Geom1], b = _sideOfGeom[contact.Geom2];
            if (a != b && a != Piano && b != Piano)
                return true;
        }
        return false;
    }

    private static int SideOf(MjModel model, int body)
    {
        // Bodies of a hand hang below one whose name tells the side.
        string name = model.Name(MjObject.Body, body) ?? "";
        foreach (HandSide side in Enum.GetValues<HandSide>())
        {
            if (name.StartsWith(side.Prefix(), StringComparison.Ordinal))
                return (int)side;
        }
        return Piano;
    }
}
