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
    /// <summary>Length of the segments, s, above 0; +∞ is one for the whole record. Default 1.</summary>
    public double SegmentLength { get; init; } = 1;

    /// <summary>Time in which a segment forgets errors of its start before it predicts, s; at least the report lag. Default 0.5.</summary>
    public double Settle { get; init; } = 0.5;

    /// <summary>What the encoders' noise is taken to be: starts are averaged for as long as a joint's motion is smooth within it.</summary>
    public EncoderNoise Noise { get; init; } = new();

    /// <summary>Threads at the most; −1 is one per core. Results do not depend on it.</summary>
    public int Threads { get; init; } = -1;
}

/// <summary>Predicts what a rig would have reported for recorded commands, by multiple shooting.</summary>
/// <remarks>
/// Each segment starts from the measured state, undoing sensor zeros and report lag, behind drives that heard the commands of
/// the second before. Predictions are sensor readings at the times of the reports. They change smoothly with delays and lags. The same
/// input gives the same bits for any number of threads. Thread-safe.
/// </remarks>
public sealed class JointReplay
{
    // What delays, slew limits and play remember.
    private const double Memory = 1;

    // Half windows in which starts are measured, s.
    private static readonly double[] HalfWindows = [0.035, 0.07, 0.14, 0.28, 0.56];

    private readonly PianoScene _scene;
    private readonly MotionRecord _record;
    private readonly ReplayOptions _options;
    private readonly string[] _hands;
    private readonly double[] _firstTargets;

    /// <summary>Prepares a record.</summary>
    /// <param name="scene">The scene without parameters; it stays the caller's and must outlive the replay.</param>
    /// <param name="record">Motions and commands in the scene's order.</param>
    /// <param name="options">How to replay; default: segments of one second.</param>
    /// <exception cref="InputException">The record belongs to another robot, or is too short for its options.</exception>
    public JointReplay(PianoScene scene, MotionRecord record, ReplayOptions? options = null)
    {
        record.RequireFit(scene);
        (_scene, _record, _options) = (scene, record, options ?? new ReplayOptions());
        Segments = MotionSegment.Cut(record, _options.SegmentLength, _options.Settle);
        Samples = [.. Segments.SelectMany(s => Enumerable.Range(s.First, s.Last - s.First + 1))];
        if (Samples.Count == 0)
            throw new InputException("the recorded motion is shorter than the time that its simulation needs to settle; record a longer one");
        _hands = [.. scene.Joints.Names.Select(name => name.StartsWith(HandSide.Right.Prefix(), StringComparison.Ordinal) ? "right_hand" : "left_hand")];
        // Controllers hold where they find the joints until they hear a command.
        _firstTargets = [.. Enumerable.Range(0, scene.Actuators.Count).Select(a => scene.JointsOf(a).Sum(j => record.Measured[0][j]))];
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
        RigPool[] pools = [.. rigs.Select(parameters => new RigPool(_scene, parameters, Segments.Count))];
        try
        {
            Parallel.For(0, rigs.Count * Segments.Count, new ParallelOptions { MaxDegreeOfParallelism = _options.Threads }, item =>
            {
                (int rig, int segment) = Math.DivRem(item, Segments.Count);
                MotionSegment part = Segments[segment];
                DrivenWorld world = pools[rig].Rent();
                Replay(world, pools[rig].Parameters, part, predicted[rig].AsSpan(offsets[segment], (part.Last - part.First + 1) * joints));
                pools[rig].Return(world);
            });
        }
        finally
        {
            foreach (RigPool pool in pools)
                pool.Dispose();
        }
        return predicted;
    }

    private void Replay(DrivenWorld world, SimParameters parameters, MotionSegment segment, Span<double> predicted)
    {
        int joints = _scene.Joints.Count;
        double step = _scene.Model.Timestep;
        double[] lags = [.. _hands.Select((hand, j) => _scene.Joints.Units[j] == JointUnit.Metre ? 0 : parameters[$"{hand}.report_lag"])];
        double[] zeros = Zeros(parameters);
        int before = (int)Math.Ceiling(Memory / step);
        double time = segment.Start - (before * step);
        int next = Begin(world, segment.Start, time, lags, zeros);

        int steps = (int)Math.Ceiling((_record.MeasuredTimes[segment.Last] - segment.Start) / step) + 1;
        var states = new double[(steps + 1) * joints];
        world.World.ReadJoints(states.AsSpan(0, joints), []);
        for (int k = -before; k < steps; k++)
        {
            double now = segment.Start + (k * step);
            for (; next < _record.CommandTimes.Length && _record.CommandTimes[next] < now + step; next++)
                world.Send(_record.Targets[next], (_record.CommandTimes[next] - now) / step);
            if (k < 0)
            {
                world.StepDrives();
                continue;
            }
            world.Step();
            world.World.ReadJoints(states.AsSpan((k + 1) * joints, joints), []);
        }
        bool diverged = world.World.Data.Diverged;
        for (int sample = segment.First; sample <= segment.Last; sample++)
        {
            for (int j = 0; j < joints; j++)
            {
                double at = (_record.MeasuredTimes[sample] - lags[j] - segment.Start) / step;
                int k = Math.Clamp((int)Math.Floor(at), 0, steps - 1);
                double from = states[(k * joints) + j], to = states[((k + 1) * joints) + j];
                predicted[((sample - segment.First) * joints) + j] = diverged ? double.NaN : from + ((at - k) * (to - from)) + zeros[j];
            }
        }
    }

    // Puts joints at the measured state and drives at the last command before the time that they remember; the next command's index.
    private int Begin(DrivenWorld world, double start, double time, double[] lags, double[] zeros)
    {
        int joints = lags.Length;
        var (positions, velocities) = (new double[joints], new double[joints]);
        var motions = new Dictionary<double, LocalMotion[]>();
        for (int j = 0; j < joints; j++)
        {
            if (!motions.TryGetValue(lags[j], out LocalMotion[]? windows))
                motions[lags[j]] = windows = [.. HalfWindows.Select(half => new LocalMotion(_record.MeasuredTimes, start + lags[j], half))];
            (positions[j], velocities[j]) = StateOf(windows, j);
            positions[j] -= zeros[j];
        }
        int next = Array.FindIndex(_record.CommandTimes, t => t >= time);
        next = next < 0 ? _record.CommandTimes.Length : next;
        world.Start(positions, velocities, next > 0 ? _record.Targets[next - 1] : _firstTargets);
        return next;
    }

    // From the widest window in which the joint's motion is a parabola within the noise; at rest, that is a long mean.
    private (double Position, double Velocity) StateOf(LocalMotion[] windows, int joint)
    {
        double most = 1.3 * _options.Noise.Of(_scene.Joints.Units[joint]);
        (double position, double velocity, double rms) = windows[0].Of(_record.Measured, joint);
        for (int w = 1; w < windows.Length && rms <= most; w++)
        {
            (double wider, double speed, rms) = windows[w].Of(_record.Measured, joint);
            if (rms <= most)
                (position, velocity) = (wider, speed);
        }
        return (position, velocity);
    }

    // Sensor reading less true position of each joint; a coupled drive's is shared by its two joints.
    private double[] Zeros(SimParameters parameters)
    {
        var zeros = new double[_scene.Joints.Count];
        for (int a = 0; a < _scene.Actuators.Count; a++)
        {
            IReadOnlyList<int> own = _scene.JointsOf(a);
            double offset = parameters[$"{SceneParameters.DriveName(_scene.Actuators.Names[a])}.offset"];
            foreach (int j in own)
                zeros[j] += offset / own.Count;
        }
        return zeros;
    }
}
