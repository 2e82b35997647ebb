using Legato.Sim.Parameters;
using Legato.Sim.Scene;
using Legato.SystemId.Rollouts;

namespace Legato.SystemId.Checks;

/// <summary>How far the drives of a recording are from what a rig would have done.</summary>
public static class DriveErrors
{
    /// <summary>Root mean square errors of what each drive's own sensor sees, in standard deviations of the noise, window after window.</summary>
    /// <param name="scene">The scene without parameters; for motions in free air without contacts. It stays the caller's.</param>
    /// <param name="motion">The recording.</param>
    /// <param name="rig">What is believed of the rig.</param>
    /// <param name="options">How to replay.</param>
    /// <param name="window">Length of the windows, s, above 0; the first begins with the first command.</param>
    /// <returns>By name of the drive, of those that are commanded to move; NaN where a window holds no sample.</returns>
    /// <exception cref="InputException">The recording belongs to another robot or is too short.</exception>
    public static IReadOnlyDictionary<string, double[]> Of(PianoScene scene, MotionRecord motion, SimParameters rig, ReplayOptions options, double window)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(window);
        var replay = new JointReplay(scene, motion, options);
        double[] predicted = replay.Predict([rig])[0];
        var sensors = new DriveSensors(scene, options.Noise);
        int joints = scene.Joints.Count, windows = WindowOf(motion.MeasuredTimes[^1]) + 1;
        var errors = new Dictionary<string, double[]>();
        for (int a = 0; a < scene.Actuators.Count; a++)
        {
            if (!motion.Moves(a, options.Noise))
                continue;
            var (squares, counts) = (new double[windows], new int[windows]);
            for (int s = 0; s < replay.Samples.Count; s++)
            {
                int sample = replay.Samples[s], w = WindowOf(motion.MeasuredTimes[sample]);
                double error = sensors.Difference(a, predicted.AsSpan(s * joints, joints), motion.Measured[sample]) / sensors.Noise[a];
                squares[w] += error * error;
                counts[w]++;
            }
            errors[SceneParameters.DriveName(scene.Actuators.Names[a])] = [.. squares.Zip(counts, (sum, count) => Math.Sqrt(sum / count))];
        }
        return errors;

        int WindowOf(double time) => Math.Max(0, (int)((time - motion.CommandTimes[0]) / window));
    }
}
