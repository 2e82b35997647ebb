using Legato.RobotDriver.Configuration;
using Legato.Sim;
using Legato.Sim.Scene;

namespace Legato.RobotDriver.Lab;

/// <summary>Where a rail's two axes stand in the layouts of commands and states.</summary>
internal readonly record struct RailPlaces(int LateralActuator, int DepthActuator, int LateralJoint, int DepthJoint)
{
    /// <summary>Finds them by name.</summary>
    /// <exception cref="InputException">A layout lacks one.</exception>
    public static RailPlaces Find(JointLayout actuators, JointLayout joints, HandSide side)
    {
        string lateral = side.Prefix() + "forearm_tx", depth = side.Prefix() + "forearm_ty";
        return new RailPlaces(actuators.Require(lateral), actuators.Require(depth), joints.Require(lateral), joints.Require(depth));
    }

    /// <summary>Copies a rail's state to its places.</summary>
    public void Copy(RailSample rail, RobotState state)
    {
        (state.Positions[LateralJoint], state.Velocities[LateralJoint]) = (rail.Lateral, rail.LateralVelocity);
        (state.Positions[DepthJoint], state.Velocities[DepthJoint]) = (rail.Depth, rail.DepthVelocity);
    }
}
