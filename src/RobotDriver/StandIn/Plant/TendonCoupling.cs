using Legato.Sim.Scene;

using MuJoCo;

namespace Legato.RobotDriver.StandIn;

/// <summary>
/// How a coupled finger shares its motor's travel: the middle joint (J2) bends first, the tip (J1) when J2 is at its end,
/// and J1 never exceeds J2. (The plain model leaves the share to damping and friction.)
/// </summary>
/// <remarks>
/// A spring on the difference J2 − J1 alone: equal and opposite torques that the motor, which sees the sum, does not feel.
/// </remarks>
internal sealed class TendonCoupling
{
    /// <summary>Keeps the share within a degree or so under a key's force, and is far from stiff at a step of 5 ms; N·m/rad.</summary>
    private const double Stiffness = 2;

    private const double EndOfJ2 = Math.PI / 2;

    private readonly (int Tip, int TipDof, int Middle, int MiddleDof)[] _fingers;

    public TendonCoupling(PianoScene scene) => _fingers =
    [
        .. Enumerable.Range(0, scene.Actuators.Count).Select(scene.JointsOf).Where(joints => joints.Count == 2).Select(joints =>
            (scene.JointQposAddresses[joints[1]], scene.JointDofAddresses[joints[1]], scene.JointQposAddresses[joints[0]], scene.JointDofAddresses[joints[0]])),
    ];

    public void Apply(MjData data)
    {
        ReadOnlySpan<double> q = data.Qpos;
        Span<double> torque = data.QfrcApplied;
        foreach ((int tip, int tipDof, int middle, int middleDof) in _fingers)
        {
            double sum = q[tip] + q[middle];
            double share = Math.Min(sum, EndOfJ2);
            double error = q[middle] - q[tip] - (share - (sum - share));
            torque[middleDof] = -Stiffness * error;
            torque[tipDof] = Stiffness * error;
        }
    }
}
