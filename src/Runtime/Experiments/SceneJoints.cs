using Legato.RobotDriver;
using Legato.Sim;

namespace Legato.Runtime.Experiments;

/// <summary>Reads a robot's states in the order of a scene's joints.</summary>
/// <remarks>One thread at a time. Allocates when a state has another layout than the one before, and then no more.</remarks>
/// <param name="joints">The scene's.</param>
internal sealed class SceneJoints(JointLayout joints)
{
    private readonly double[] _positions = new double[joints.Count], _velocities = new double[joints.Count];
    private JointLayout? _robot;
    private int[] _places = [];

    /// <summary>Positions, rad or m; valid until the next call.</summary>
    /// <exception cref="InputException">The robot lacks a joint of the scene.</exception>
    public ReadOnlySpan<double> Positions(RobotState state) => Pick(state, state.Positions, _positions);

    /// <summary>Velocities, rad/s or m/s; valid until the next call.</summary>
    /// <exception cref="InputException">The robot lacks a joint of the scene.</exception>
    public ReadOnlySpan<double> Velocities(RobotState state) => Pick(state, state.Velocities, _velocities);

    private double[] Pick(RobotState state, ReadOnlySpan<double> from, double[] into)
    {
        if (!ReferenceEquals(_robot, state.Layout))
        {
            _places = [.. joints.Names.Select(state.Layout.Require)];
            _robot = state.Layout;
        }
        for (int j = 0; j < into.Length; j++)
            into[j] = from[_places[j]];
        return into;
    }
}
