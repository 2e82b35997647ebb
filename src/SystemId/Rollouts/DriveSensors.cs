using Legato.Sim.Scene;

namespace Legato.SystemId.Rollouts;

/// <summary>What drives' own sensors see: how a coupled finger shares its travel between J1 and J2 is a matter of chance.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
internal sealed class DriveSensors
{
    private readonly int[][] _jointsOf;

    public DriveSensors(PianoScene scene, EncoderNoise noise)
    {
        _jointsOf = [.. Enumerable.Range(0, scene.Actuators.Count).Select(a => scene.JointsOf(a).ToArray())];
        Noise = [.. _jointsOf.Select((joints, a) => noise.Of(scene.Actuators.Units[a]) * Math.Sqrt(joints.Length))];
    }

    /// <summary>Standard deviation of each drive's reading, by actuator, rad or m.</summary>
    public double[] Noise { get; }

    /// <summary>Predicted less measured reading of a drive.</summary>
    /// <param name="actuator">Which drive.</param>
    /// <param name="predicted">Readings of all joints.</param>
    /// <param name="measured">The same, measured.</param>
    public double Difference(int actuator, ReadOnlySpan<double> predicted, ReadOnlySpan<double> measured)
    {
        double difference = 0;
        foreach (int joint in _jointsOf[actuator])
            difference += predicted[joint] - measured[joint];
        return difference;
    }
}
