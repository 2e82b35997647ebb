using Legato.Sim.Scene;
using Legato.Sim.World;

using MuJoCo;

namespace Legato.Policy.Kinematics;

/// <summary>
/// Forward kinematics and Jacobians of the fingertips in actuator coordinates: one number per actuator, J0 shared by J2 and J1 as the scene has it.
/// </summary>
/// <remarks>
/// The point of a finger is the centre of its tip sphere; its radius is <see cref="TipRadius"/>.
/// One thread per instance. World frame, metres, radians.
/// </remarks>
public sealed class HandKinematics : IDisposable
{
    private readonly PianoWorld _world;
    private readonly int[][] _jointsOf;
    private readonly double[] _jacobian;
    private readonly double[] _tipLocal;
    private readonly int _dofs;

    /// <summary>Creates the kinematics of a scene.</summary>
    public HandKinematics(PianoScene scene)
    {
        Scene = scene;
        _world = new PianoWorld(scene);
        _dofs = scene.Model.NV;
        _jacobian = new double[3 * _dofs];
        _jointsOf = [.. Enumerable.Range(0, scene.Actuators.Count).Select(a => scene.JointsOf(a).ToArray())];
        _tipLocal = new double[3 * scene.Fingers.Count];
        TipRadius = new double[scene.Fingers.Count];
        for (int f = 0; f < scene.Fingers.Count; f++)
        {
            int geom = TipGeom(scene.Fingers[f].Body);
            TipRadius[f] = scene.Model.GeomSize[3 * geom];
            // The far end of the tip capsule: its axis is the link's z.
            _tipLocal[3 * f] = scene.Model.GeomPos[3 * geom];
            _tipLocal[(3 * f) + 1] = scene.Model.GeomPos[(3 * geom) + 1];
            _tipLocal[(3 * f) + 2] = scene.Model.GeomPos[(3 * geom) + 2] + scene.Model.GeomSize[(3 * geom) + 1];
        }
        ActuatorsOfSide = [ActuatorsOf(HandSide.Right), ActuatorsOf(HandSide.Left)];
    }

    /// <summary>The scene.</summary>
    public PianoScene Scene { get; }

    /// <summary>Radius of each tip's sphere, m.</summary>
    public double[] TipRadius { get; }

    /// <summary>Actuator indices of the right and of the left hand.</summary>
    public int[][] ActuatorsOfSide { get; }

    /// <summary>Sets the pose from actuator coordinates.</summary>
    public void SetPose(ReadOnlySpan<double> actuators)
    {
        Span<double> qpos = _world.Data.Qpos;
        for (int a = 0; a < _jointsOf.Length; a++)
        {
            int[] joints = _jointsOf[a];
            (double first, double second) = joints.Length == 2 ? Scene.ShareOf(actuators[a]) : (actuators[a], 0);
            qpos[Scene.JointQposAddresses[joints[0]]] = first;
            if (joints.Length == 2)
                qpos[Scene.JointQposAddresses[joints[1]]] = second;
        }
        Refresh();
    }

    /// <summary>Sets the pose from joint positions (order of the scene's joints).</summary>
    public void SetJoints(ReadOnlySpan<double> joints)
    {
        Span<double> qpos = _world.Data.Qpos;
        for (int j = 0; j < joints.Length; j++)
            qpos[Scene.JointQposAddresses[j]] = joints[j];
        Refresh();
    }

    /// <summary>Sets how far keys are down, as a fraction of their travel, before a pose is set.</summary>
    public void SetKey(int key, double depth) => _world.Data.Qpos[Scene.KeyQposAddresses[key]] = depth * Scene.KeyTravel[key];

    /// <summary>Finds what touches or nearly touches in the pose last set; valid until the next call.</summary>
    public ReadOnlySpan<MjContact> FindContacts()
    {
        _world.Data.Collision();
        return _world.Data.Contacts;
    }

    /// <summary>Position of a fingertip's centre in the pose last set.</summary>
    public void Tip(int finger, Span<double> position) => Tip(_world, finger, position);

    /// <summary>Position of a fingertip's centre in a world of this scene, or of one that differs in parameters alone. Any thread.</summary>
    public void Tip(PianoWorld world, int finger, Span<double> position)
    {
        int body = Scene.Fingers[finger].Body;
        ReadOnlySpan<double> p = world.Data.XPos.Slice(3 * body, 3), r = world.Data.XMat.Slice(9 * body, 9);
        ReadOnlySpan<double> local = _tipLocal.AsSpan(3 * finger, 3);
        for (int i = 0; i < 3; i++)
            position[i] = p[i] + (r[3 * i] * local[0]) + (r[(3 * i) + 1] * local[1]) + (r[(3 * i) + 2] * local[2]);
    }

    /// <summary>Jacobian of a fingertip's centre by the actuators of its hand, row-major 3 × count, in the pose last set.</summary>
    public void TipJacobian(int finger, ReadOnlySpan<int> actuators, Span<double> jacobian)
    {
        Span<double> tip = stackalloc double[3];
        Tip(finger, tip);
        PointJacobian(tip, Scene.Fingers[finger].Body, actuators, jacobian);
    }

    /// <summary>Jacobian of a point of a body by actuators of its hand, row-major 3 × count, in the pose last set.</summary>
    public void PointJacobian(ReadOnlySpan<double> point, int body, ReadOnlySpan<int> actuators, Span<double> jacobian)
    {
        _world.Data.JacPoint(point, body, _jacobian, []);
        for (int a = 0; a < actuators.Length; a++)
        {
            int[] joints = _jointsOf[actuators[a]];
            for (int i = 0; i < 3; i++)
                jacobian[(i * actuators.Length) + a] = Slope(joints, i);
        }
    }

    /// <summary>Largest error of a pressing fingertip in the pose last set: across its key, or above its target, m.</summary>
    public double WorstPressError(ReadOnlySpan<TipTarget> targets)
    {
        Span<double> tip = stackalloc double[3];
        double worst = 0;
        for (int f = 0; f < targets.Length; f++)
        {
            if (!targets[f].Pressing)
                continue;
            Tip(f, tip);
            worst = Math.Max(worst, Math.Max(Math.Abs(tip[1] - targets[f].Y), Math.Abs(tip[2] - targets[f].Z)));
        }
        return worst;
    }

    /// <summary>Actuator coordinates of measured joint positions: the joint, or the sum behind a J0 tendon.</summary>
    public void ToActuators(ReadOnlySpan<double> joints, Span<double> actuators)
    {
        for (int a = 0; a < _jointsOf.Length; a++)
        {
            double sum = 0;
            foreach (int j in _jointsOf[a])
                sum += joints[j];
            actuators[a] = sum;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _world.Dispose();

    private void Refresh()
    {
        _world.Data.Kinematics();
        _world.Data.ComPos();
    }

    // By an actuator's joints, as they share what it does in this pose.
    private double Slope(int[] joints, int row)
    {
        if (joints.Length == 1)
            return Column(joints[0]);
        (double middle, double tip) = Scene.SlopesAt(Joint(joints[0]) + Joint(joints[1]));
        return (middle * Column(joints[0])) + (tip * Column(joints[1]));

        double Column(int joint) => _jacobian[(row * _dofs) + Scene.JointDofAddresses[joint]];
        double Joint(int joint) => _world.Data.Qpos[Scene.JointQposAddresses[joint]];
    }

    private int TipGeom(int body)
    {
        for (int g = 0; g < Scene.Model.NGeom; g++)
        {
            if (Scene.Model.GeomBodyId[g] == body)
                return g;
        }
        throw new InvalidOperationException($"Body {body} has no tip geom.");
    }

    private int[] ActuatorsOf(HandSide side)
    {
        string prefix = side.Prefix();
        return [.. Enumerable.Range(0, Scene.Actuators.Count).Where(a => Scene.Actuators.Names[a].StartsWith(prefix, StringComparison.Ordinal))];
    }
}
