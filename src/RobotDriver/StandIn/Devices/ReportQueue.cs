using Rclcs.Messages.BuiltinInterfaces;

namespace Legato.RobotDriver.StandIn;

/// <summary>Reports between the thread that makes them and the one that publishes them: a thread that comes late publishes them all.</summary>
/// <remarks>One thread writes and one reads. Of more than <see cref="Length"/> the oldest go. Nothing allocates after construction.</remarks>
/// <param name="joints">Joints of a report.</param>
internal sealed class ReportQueue(int joints)
{
    /// <summary>Reports that are kept for a reader that is late: a quarter of a second of them.</summary>
    public const int Length = 32;

    private readonly Lock _gate = new();
    private readonly double[] _positions = new double[Length * joints], _velocities = new double[Length * joints];
    private readonly Time[] _stamps = new Time[Length];
    private long _written, _read;

    /// <summary>Adds a report.</summary>
    /// <param name="plant">Whose joints.</param>
    /// <param name="stamp">When, by the wall clock.</param>
    public void Add(RigPlant plant, Time stamp)
    {
        lock (_gate)
        {
            int place = (int)(_written++ % Length);
            plant.ReadJoints(_positions.AsSpan(place * joints, joints), _velocities.AsSpan(place * joints, joints));
            _stamps[place] = stamp;
            _read = Math.Max(_read, _written - Length);
        }
    }

    /// <summary>Takes the oldest report; false if there is none.</summary>
    public bool TryTake(Span<double> positions, Span<double> velocities, out Time stamp)
    {
        lock (_gate)
        {
            stamp = default;
            if (_read == _written)
                return false;
            int place = (int)(_read++ % Length);
            _positions.AsSpan(place * joints, joints).CopyTo(positions);
            _velocities.AsSpan(place * joints, joints).CopyTo(velocities);
            stamp = _stamps[place];
            return true;
        }
    }
}
