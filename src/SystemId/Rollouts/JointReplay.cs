using Legato.Sim;
using Legato.Sim.Drives;
using Legato.Sim.Parameters;
using Legato.Sim.Scene;

namespace Legato.SystemId.Rollouts;

/// <summary>Standard deviations of measured positions.</summary>
/// <param name="Angle">Of angles, rad, above 0. Default 0.2°, the converter noise of Shadow hands.</param>
/// <param name="Length">Of rails, m, above 0. Default 0.1 mm.</param>
public sealed record EncoderNoise(double Angle = 0.2 * Math.PI / 180, double Length = 1e-4)
{
    /// <summary>That of a unit.</summary>
    public double Of(JointUnit unit) => unit == JointUnit.Metre ? Length : Angle;
}

/// <summary>How a record is replayed.</summary>
public sealed record ReplayOptions
{
    /// <summary>Length of the segments, s, above 0; +∞ is one for the whole record. Default 4.</summary>
    public double SegmentLength { get; init; } = 4;

    /// <summary>Time in which a segment forgets errors of its start before it predicts, s; at least the report lag. Default 0.5.</summary>
    public double Settle { get; init; } = 0.5;

    /// <summary>Most that is predicted of a record, s: of a longer one, those segments that together move all drives most. Default: all.</summary>
    public double MaxSeconds { get; init; } = double.PositiveInfinity;

    /// <summary>What the encoders' noise is taken to be: starts are averaged for as long as a joint's motion is smooth within it.</summary>
    public EncoderNoise Noise { get; init; } = new();

    /// <summary>Threads at the most, 1 or more; each simulates a rig of its own. Results do not depend on it.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;
}

/// <summary>Predicts what a rig would have reported for recorded commands, by multiple shooting.</summary>
/// <remarks>
/// Each segment starts from the measured state, undoing sensor zeros and report lag, behind drives that heard the commands of
/// the second before. Predictions are sensor readings at the times of the reports. They change smoothly with delays and lags. The same
/// input gives the same bits for any number of threads. Thread-safe.
/// </remarks>
public sealed class JointReplay
{
    private readonly PianoScene _scene;
    private readonly MotionRecord _record;
    private readonly ReplayOptions _options;
    private readonly MotionPlayer _player;

    /// <summary>Prepares a record.</summary>
    /// <param name="scene">The scene without parameters; it stays the caller's and must outlive the replay.</param>
    /// <param name="record">Motions and commands in the scene's order.</param>
    /// <param name="options">How to replay; default: segments of four seconds.</param>
    /// <exception cref="InputException">The record belongs to another robot, or is too short for its options.</exception>
    public JointReplay(PianoScene scene, MotionRecord record, ReplayOptions? options = null)
    {
        (_scene, _record, _options) = (scene, record, options ?? new ReplayOptions());
        _player = new MotionPlayer(scene, record, _options.Noise);
        IReadOnlyList<MotionSegment> all = MotionSegment.Cut(record, _options.SegmentLength, _options.Settle);
        Segments = [.. MotionSegment.Choose([.. all.Select(s => s.Length(record.MeasuredTimes))], [.. all.Select(record.MovementIn)], _options.MaxSeconds).Select(s => all[s])];
        Samples = [.. Segments.SelectMany(s => Enumerable.Range(s.First, s.Last - s.First + 1))];
        if (Samples.Count == 0)
            throw new InputException("the recorded motion is shorter than the time that its simulation needs to settle; record a longer one");
    }

    /// <summary>The segments, in order.</summary>
    public IReadOnlyList<MotionSegment> Segments { get; }

    /// <summary>The record's samples that are predicted, in order.</summary>
    public IReadOnlyList<int> Samples { get; }

    /// <summary>Predicts for several rigs at once.</summary>
    /// <param name="rigs">Their parameters.</param>
    /// <returns>For each rig: for each of <see cref="Samples"/> the reading of each joint, one after the other. NaN where a simulation diverged.</returns>
    public double[][] Predict(IReadOnlyList<SimParameters> rigs)
    {
        int joints = _scene.Joints.Count;
        int[] offsets = [.. Segments.Select((_, s) => Segments.Take(s).Sum(before => before.Last - before.First + 1) * joints)];
        double[][] predicted = [.. rigs.Select(_ => new double[Samples.Count * joints])];
        RigPool.ForEach(_scene, rigs, Segments.Count, _options.Threads, (world, rig, segment) =>
        {
            MotionSegment part = Segments[segment];
            Replay(world, rigs[rig], part, predicted[rig].AsSpan(offsets[segment], (part.Last - part.First + 1) * joints));
        });
        return predicted;
    }

    private void Replay(DrivenWorld world, SimParameters parameters, MotionSegment segment, Span<double> predicted)
    {
        SimulatedReadings readings = _player.Play(world, parameters, segment.Start, _record.MeasuredTimes[segment.Last]);
        int joints = _scene.Joints.Count;
        for (int sample = segment.First; sample <= segment.Last; sample++)
        {
            for (int j = 0; j < joints; j++)
                predicted[((sample - segment.First) * joints) + j] = readings[j, _record.MeasuredTimes[sample]];
        }
    }
}
