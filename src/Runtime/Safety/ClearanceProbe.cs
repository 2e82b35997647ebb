using Legato.Policy.Kinematics;
using Legato.Sim.Scene;
using MuJoCo;

namespace Legato.Runtime.Safety;

/// <summary>Smallest distances in a pose, m; negative where bodies overlap, <see cref="ClearanceProbe.Horizon"/> where nothing is nearer.</summary>
/// <param name="Hands">Between the hands, forearms included.</param>
/// <param name="Piano">Between a hand and the piano's frame. Keys do not count: hands are there to touch them.</param>
public readonly record struct HandDistances(double Hands, double Piano)
{
    /// <summary>The smaller of each.</summary>
    public HandDistances Nearest(HandDistances other) => new(Math.Min(Hands, other.Hands), Math.Min(Piano, other.Piano));
}

/// <summary>Measures how near the hands come to each other and to the piano's frame, with MuJoCo's own collision detection.</summary>
/// <remarks>One thread at a time. A look allocates nothing.</remarks>
public sealed class ClearanceProbe : IDisposable
{
    /// <summary>What is further away is not looked at, m.</summary>
    public const double Horizon = 0.03;

    private const string Frame = "piano_base";

    private readonly PianoScene _scene;
    private readonly HandKinematics _kinematics;
    private readonly int[] _sideOfGeom;
    private readonly int _frame;

    /// <summary>Creates a probe; the scene stays the caller's and is copied.</summary>
    public ClearanceProbe(PianoScene scene)
    {
        _scene = scene.WithContacts(ContactSet.Full);
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

    /// <summary>Distances where the joints are at given positions.</summary>
    /// <param name="joints">rad or m, in the order of the scene's joints.</param>
    public HandDistances OfJoints(ReadOnlySpan<double> joints)
    {
        _kinematics.SetJoints(joints);
        return Find();
    }

    /// <summary>Distances where the drives are at given positions, nothing bends and nothing lags.</summary>
    /// <param name="actuators">rad or m, in the order of the scene's actuators.</param>
    public HandDistances OfActuators(ReadOnlySpan<double> actuators)
    {
        _kinematics.SetPose(actuators);
        return Find();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _kinematics.Dispose();
        _scene.Dispose();
    }

    private HandDistances Find()
    {
        (double hands, double piano) = (Horizon, Horizon);
        foreach (MjContact contact in _kinematics.FindContacts())
        {
            int a = _sideOfGeom[contact.Geom1], b = _sideOfGeom[contact.Geom2];
            if (a >= 0 && b >= 0 && a != b)
                hands = Math.Min(hands, contact.Dist);
            else if (contact.Geom1 == _frame || contact.Geom2 == _frame)
                piano = Math.Min(piano, contact.Dist);
        }
        return new HandDistances(hands, piano);
    }
}
