using Legato.Policy.Kinematics;

namespace Legato.Policy.Feedforward;

/// <summary>Offsets of position targets that let a finger push a key with a force: Δu = JᵀF / kp.</summary>
public sealed class PressForce(HandKinematics kinematics)
{
    /// <summary>Adds to the targets of the fingers that push in this step; the pose must be set in the kinematics.</summary>
    public void Add(ReadOnlySpan<TipTarget> targets, Span<double> command)
    {
        Span<double> jacobian = stackalloc double[3 * command.Length];
        for (int f = 0; f < targets.Length; f++)
        {
            if (targets[f].Push == 0)
                continue;
            int[] actuators = kinematics.ActuatorsOfSide[(int)kinematics.Scene.Fingers[f].Side];
            kinematics.TipJacobian(f, actuators, jacobian);
            for (int i = 0; i < actuators.Length; i++)
            {
                // The finger pushes down, −z; carriages have no part in it.
                int a = actuators[i];
                if (kinematics.Scene.Actuators.Units[a] == Sim.JointUnit.Radian)
                    command[a] -= targets[f].Push * jacobian[(2 * actuators.Length) + i] / kinematics.Scene.ActuatorGains[a];
            }
        }
    }
}
