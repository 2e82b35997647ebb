using Legato.Sim;
using Legato.Sim.Drives;
using Legato.Sim.Parameters;
using Legato.Sim.Scene;

namespace Legato.SystemId.Rollouts;

/// <summary>Plays a record's commands to a simulated rig that starts from the measured state of any moment.</summary>
/// <remarks>
/// A start undoes sensor zeros and report lag, behind drives that heard the commands of the second before. Immutable; several threads
/// may play, each on a world of its own.
/// </remarks>
internal sealed class MotionPlayer
{
    // What delays, slew limits and play remember.
    private const double Memory = 1;

    // Half windows in which starts are measured, s.
    private static readonly double[] HalfWindows = [0.035, 0.07, 0.14, 0.28, 0.56];

    private readonly PianoScene _scene;
    private readonly MotionRecord _record;
    private readonly EncoderNoise _noise;
    private readonly double[] _firstTargets;

    public MotionPlayer(PianoScene scene, MotionRecord record, EncoderNoise noise)
    {
        record.RequireFit(scene);
        (_scene, _record, _noise) = (scene, record, noise);
        // Controllers hold where they find the joints until they hear a command.
        _firstTargets = [.. Enumerable.Range(0, scene.Actuators.Count).Select(a => scene.JointsOf(a).Sum(j => record.Measured[0][j]))];
    }

    /// <summary>Plays from one time to just after another; what the sensors would have read.</summary>
    /// <param name="world">A world of the scene with the parameters, in any state.</param>
    /// <param name="parameters">The rig's parameters.</param>
    /// <param name="start">First time, s.</param>
    /// <param name="end">Last time that is asked for, s.</param>
    /// <param name="afterStep">Called with 0 at the start and with the number of steps after each.</param>
    public SimulatedReadings Play(DrivenWorld world, SimParameters parameters, double start, double end, Action<int>? afterStep = null)
    {
        int joints = _scene.Joints.Count;
        double step = _scene.Model.Timestep;
        double[] lags = JointReports.Lags(_scene, parameters);
        double[] zeros = JointReports.Zeros(_scene, parameters);
        int before = (int)Math.Ceiling(Memory / step);
        int next = Begin(world, start, start - (before * step), lags, zeros);

        int steps = (int)Math.Ceiling((end - start) / step) + 1;
        var states = new double[(steps + 1) * joints];
        world.World.ReadJoints(states.AsSpan(0, joints), []);
        for (int k = -before; k < steps; k++)
        {
            double now = start + (k * step);
            for (; next < _record.CommandTimes.Length && _record.CommandTimes[next] < now + step; next++)
                world.Send(_record.Targets[next], (_record.CommandTimes[next] - now) / step);
            if (k < 0)
            {
                world.StepDrives();
                continue;
            }
            if (k == 0)
                afterStep?.Invoke(0);
            world.Step();
            world.World.ReadJoints(states.AsSpan((k + 1) * joints, joints), []);
            afterStep?.Invoke(k + 1);
        }
        return new SimulatedReadings(states, joints, start, step, lags, zeros, world.World.Data.Diverged);
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
        double most = 1.3 * _noise.Of(_scene.Joints.Units[joint]);
        (double position, double velocity, double rms) = windows[0].Of(_record.Measured, joint);
        for (int w = 1; w < windows.Length && rms <= most; w++)
        {
            (double wider, double speed, rms) = windows[w].Of(_record.Measured, joint);
            if (rms <= most)
                (position, velocity) = (wider, speed);
        }
        return (position, velocity);
    }
}

/// <summary>What the sensors of a simulated rig read, at any time of a stretch.</summary>
internal readonly struct SimulatedReadings(double[] states, int joints, double start, double step, double[] lags, double[] zeros, bool diverged)
{
    /// <summary>The reading of a joint at a time; NaN where the simulation diverged.</summary>
    public double this[int joint, double time]
    {
        get
        {
            double at = (time - lags[joint] - start) / step;
            int k = Math.Clamp((int)Math.Floor(at), 0, (states.Length / joints) - 2);
            double from = states[(k * joints) + joint], to = states[((k + 1) * joints) + joint];
            return diverged ? double.NaN : from + ((at - k) * (to - from)) + zeros[joint];
        }
    }
}
