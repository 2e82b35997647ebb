using Legato.Sim.World;

namespace Legato.Runtime.Explain;

/// <summary>Simulated joints over time.</summary>
internal sealed class MotionTrace
{
    /// <summary>Time between two samples, ns.</summary>
    public const long Interval = 5_000_000;

    private readonly List<(long Time, double[] Joints)> _samples = [];

    /// <summary>Keeps where the joints are.</summary>
    /// <param name="time">The robot's time, ns; later than the last one.</param>
    /// <param name="world">The world.</param>
    public void Add(long time, PianoWorld world)
    {
        double[] joints = new double[world.Scene.Joints.Count];
        world.ReadJoints(joints, []);
        _samples.Add((time, joints));
    }

    /// <summary>Where the joints were at the last sample not after a time; at the first one where there is none.</summary>
    public double[] At(long time)
    {
        int low = 0, high = _samples.Count - 1;
        while (low < high)
        {
            int middle = (low + high + 1) / 2;
            (low, high) = _samples[middle].Time <= time ? (middle, high) : (low, middle - 1);
        }
        return _samples[low].Joints;
    }
}
