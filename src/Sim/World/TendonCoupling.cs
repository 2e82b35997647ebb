using Legato.Sim.Scene;

using MuJoCo;

namespace Legato.Sim.World;

/// <summary>
/// How a coupled finger of a real hand shares its motor's travel: the middle joint (J2) bends first, the tip (J1) when J2 is at its end.
/// </summary>
/// <remarks>
/// A spring on the difference J2 − J1 alone: equal and opposite torques that the motor, which sees the sum, does not feel.
/// </remarks>
internal sealed class TendonCoupling
{
    private readonly PianoScene _scene;
    private readonly (int Tip, int TipDof, int Middle, int MiddleDof)[] _fingers;

    /// <summary>The coupling of a scene's fingers, as stiff as <see cref="PianoScene.Coupling"/>.</summary>
    public TendonCoupling(PianoScene scene)
    {
        _scene = scene;
        _fingers =
        [
            .. Enumerable.Range(0, scene.Actuators.Count).Select(scene.JointsOf).Where(joints => joints.Count == 2).Select(joints =>
                (scene.JointQposAddresses[joints[1]], scene.JointDofAddresses[joints[1]], scene.JointQposAddresses[joints[0]], scene.JointDofAddresses[joints[0]])),
        ];
    }

    /// <summary>Sets the torques of the next step.</summary>
    public void Apply(MjData data)
    {
        ReadOnlySpan<double> q = data.Qpos;
        Span<double> torque = data.QfrcApplied;
        foreach ((int tip, int tipDof, int middle, int middleDof) in _fingers)
        {
            double sum = q[tip] + q[middle];
            (double middleShare, double tipShare) = _scene.ShareOf(sum);
            double error = q[middle] - q[tip] - (middleShare - tipShare);
            torque[middleDof] = -_scene.Coupling * error;
            torque[tipDof] = _scene.Coupling * error;
        }
    }
}
