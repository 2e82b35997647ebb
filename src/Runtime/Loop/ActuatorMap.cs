using Legato.RobotDriver;
using Legato.Sim;

namespace Legato.Runtime.Loop;

/// <summary>Finds the position of every actuator in a measured joint state.</summary>
/// <remarks>
/// An actuator <c>rh_A_FFJ3</c> moves the joint <c>rh_FFJ3</c>; <c>rh_A_FFJ0</c> moves the coupled pair, and its position is
/// <c>rh_FFJ1</c> + <c>rh_FFJ2</c>; a rail's actuator has its joint's name. Immutable and thread-safe.
/// </remarks>
public sealed class ActuatorMap
{
    private readonly int[] _first, _second;

    /// <summary>Matches actuators and joints by name.</summary>
    /// <exception cref="InputException">An actuator has no joint in the measured state.</exception>
    public ActuatorMap(JointLayout actuators, JointLayout joints)
    {
        _first = new int[actuators.Count];
        _second = new int[actuators.Count];
        for (int i = 0; i < actuators.Count; i++)
        {
            string joint = actuators.Names[i].Replace("_A_", "_", StringComparison.Ordinal);
            bool coupled = joint.EndsWith("J0", StringComparison.Ordinal);
            _first[i] = joints.Require(coupled ? joint[..^1] + "1" : joint);
            _second[i] = coupled ? joints.Require(joint[..^1] + "2") : -1;
        }
    }

    /// <summary>Writes the position of every actuator.</summary>
    public void Positions(RobotState state, Span<double> positions)
    {
        double[] joints = state.Positions;
        for (int i = 0; i < positions.Length; i++)
            positions[i] = joints[_first[i]] + (_second[i] < 0 ? 0 : joints[_second[i]]);
    }
}
