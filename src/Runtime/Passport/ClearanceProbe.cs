using Legato.Policy.Kinematics;
using Legato.Sim.Scene;
using MuJoCo;

namespace Legato.Runtime.Passport;

/// <summary>Measures how near the hands come to each other and to the piano's frame, with MuJoCo's own collision detection.</summary>
/// <remarks>Keys do not count: hands are there to touch them. One thread at a time.</remarks>
internal sealed class ClearanceProbe : IDisposable
{
    /// <summary>What is further away is not looked at, m.</summary>
    public const double Horizon = 0.03;

    private const string Frame = "piano_base";

    private readonly PianoScene _scene;
    private readonly HandKinematics _kinematics;
    private readonly int[] _sideOfGeom;
    private readonly int _frame;

    public ClearanceProbe(PianoScene scene)
    {
        _scene = scene.Clone();
        MjModel model = _scene.Model;
        _sideOfGeom = new int[model.NGeom];
        for (int g = 0; g < model.NGeom; g++)
        {
            string body = model.Name(MjObject.Body, model.GeomBodyId[g]) ?? "";
            _sideOfGeom[g] = body.StartsWith(HandSide.Right.Prefix(), StringComparison.Ordinal) ? 0 : body.StartsWith(HandSide.Left.Prefix(), StringComparison.Ordinal) ? 1 : -1;
            if (_sideOfGeom[g] >= 0)
                model.GeomMargin[g] = Horizon;
        }
        _frame = model.RequireId(MjObject.Geom, Frame);
        _kinematics = new HandKinematics(_scene);
    }

    /// <summary>Smallest distance between the hands so far, m; <see cref="Horizon"/> if they never came nearer.</summary>
    public double Hands { get; private set; } = Horizon;

    /// <summary>Smallest distance of a hand from the piano's frame so far, m.</summary>
    public double Piano { get; private set; } = Horizon;

    /// <summary>Looks at a pose.</summary>
    /// <param name="joints">Positions in the order of the scene's joints.</param>
    public void Look(ReadOnlySpan<double> joints)
    {
        _kinematics.SetJoints(joints);
        foreach (MjContact contact in _kinematics.FindContacts())
        {
            int a = _sideOfGeom[contact.Geom1], b = _sideOfGeom[contact.Geom2];
            if (a >= 0 && b >= 0 && a != b)
                Hands = Math.Min(Hands, contact.Dist);
            else if (contact.Geom1 == _frame || contact.Geom2 == _frame)
                Piano = Math.Min(Piano, contact.Dist);
        }
    }

    public void Dispose()
    {
        _kinematics.Dispose();
        _scene.Dispose();
    }
}
