using Legato.Sim.Piano;
using Legato.Sim.Scene;

using MuJoCo;

namespace Legato.Policy.Kinematics;

/// <summary>Two bodies that are nearer than they should be.</summary>
/// <param name="Missing">By how much, m.</param>
/// <param name="Slope">Derivative of their distance by the actuators of the right and of the left hand.</param>
internal readonly record struct Proximity(double Missing, double[][] Slope);

/// <summary>Finds links that are too near to other links, or to keys that they do not play, with MuJoCo's own collision detection.</summary>
/// <remarks>One thread per instance.</remarks>
internal sealed class Clearance : IDisposable
{
    private readonly PianoScene _scene;
    private readonly HandKinematics _kinematics;
    private readonly double _distance;
    private readonly int[] _sideOfBody;
    private readonly int[] _keyOfBody;
    private readonly List<Proximity> _near = [];
    private readonly List<double[][]> _pool = [];
    private readonly List<int> _pressed = [];

    public Clearance(PianoScene scene, double distance)
    {
        _distance = distance;
        _scene = scene.Clone();
        MjModel model = _scene.Model;
        for (int g = 0; g < model.NGeom; g++)
        {
            // Hands have contact type 1, the piano 0.
            if (model.GeomContype[g] == 1)
                model.GeomMargin[g] = _distance;
        }
        _kinematics = new HandKinematics(_scene);
        _sideOfBody = new int[model.NBody];
        _keyOfBody = new int[model.NBody];
        for (int b = 0; b < model.NBody; b++)
        {
            string name = model.Name(MjObject.Body, b) ?? "";
            _sideOfBody[b] = name.StartsWith(HandSide.Right.Prefix(), StringComparison.Ordinal) ? 0 : name.StartsWith(HandSide.Left.Prefix(), StringComparison.Ordinal) ? 1 : -1;
            _keyOfBody[b] = -1;
        }
        foreach (PianoKey key in PianoGeometry.Keys)
            _keyOfBody[model.JntBodyId[model.RequireId(MjObject.Joint, key.JointName)]] = key.Index;
    }

    /// <summary>What is too near; valid until the next search.</summary>
    public IReadOnlyList<Proximity> Near => _near;

    /// <summary>Kinematics in the pose last searched.</summary>
    public HandKinematics Kinematics => _kinematics;

    /// <summary>Searches a pose.</summary>
    public void Find(TipReference tips, int step, ReadOnlySpan<double> pose)
    {
        foreach (int key in _pressed)
            _kinematics.SetKey(key, 0);
        _pressed.Clear();
        _near.Clear();
        for (int f = 0; f < _scene.Fingers.Count; f++)
        {
            if (tips[step, f] is { Pressing: true, Key: int key })
            {
                _kinematics.SetKey(key, 1);
                _pressed.Add(key);
            }
        }
        _kinematics.SetPose(pose);
        foreach (MjContact contact in _kinematics.FindContacts())
        {
            int a = _scene.Model.GeomBodyId[contact.Geom1], b = _scene.Model.GeomBodyId[contact.Geom2];
            if (contact.Dist < _distance && !Plays(tips, step, a, b) && !Plays(tips, step, b, a))
                Add(contact, a, b);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _kinematics.Dispose();
        _scene.Dispose();
    }

    // A fingertip may touch the key that it is about to press, presses or has just left.
    private bool Plays(TipReference tips, int step, int link, int other)
    {
        int key = _keyOfBody[other];
        if (key < 0)
            return false;
        for (int f = 0; f < _scene.Fingers.Count; f++)
        {
            if (_scene.Fingers[f].Body == link)
                return tips[step, f].Key == key || (tips[step, f].WeightZ > 0.5 && Math.Abs(tips[step, f].Y - PianoGeometry.Keys[key].Y) < 1e-6);
        }
        return false;
    }

    private void Add(in MjContact contact, int a, int b)
    {
        if (_pool.Count == _near.Count)
            _pool.Add([new double[_kinematics.ActuatorsOfSide[0].Length], new double[_kinematics.ActuatorsOfSide[1].Length]]);
        double[][] slope = _pool[_near.Count];
        ReadOnlySpan<double> point = contact.Pos, normal = ((ReadOnlySpan<double>)contact.Frame)[..3];
        for (int side = 0; side < 2; side++)
        {
            Array.Clear(slope[side]);
            if (_sideOfBody[a] == side)
                AddSlope(slope[side], side, a, point, normal, -1);
            if (_sideOfBody[b] == side)
                AddSlope(slope[side], side, b, point, normal, 1);
        }
        _near.Add(new Proximity(_distance - contact.Dist, slope));
    }

    private void AddSlope(double[] slope, int side, int body, ReadOnlySpan<double> point, ReadOnlySpan<double> normal, int sign)
    {
        int n = slope.Length;
        Span<double> jacobian = stackalloc double[3 * n];
        _kinematics.PointJacobian(point, body, _kinematics.ActuatorsOfSide[side], jacobian);
        for (int i = 0; i < n; i++)
            slope[i] += sign * ((normal[0] * jacobian[i]) + (normal[1] * jacobian[n + i]) + (normal[2] * jacobian[(2 * n) + i]));
    }
}
