using Legato.Sim.Parameters;
using Legato.Sim.Scene;
using Legato.SystemId.Fitting;
using Legato.SystemId.Parameters;
using Legato.SystemId.Rollouts;

namespace Legato.SystemId.Checks;

/// <summary>What recorded joints say of parameters: readings predicted by replay less those measured, in standard deviations of the noise.</summary>
/// <remarks>Only drives that are commanded to move count: at rest a joint shows where friction happened to stop it. Thread-safe.</remarks>
public sealed class JointResiduals
{
    private readonly (MotionRecord Motion, JointReplay Replay, int[] Joints)[] _records;
    private readonly EncoderNoise _noise;

    /// <summary>Prepares the replays.</summary>
    /// <param name="scene">The scene without parameters; it stays the caller's and must outlive this.</param>
    /// <param name="motions">The recordings, in the scene's order.</param>
    /// <param name="options">How to replay.</param>
    /// <exception cref="InputException">A recording belongs to another robot or is too short, or nothing is commanded to move.</exception>
    public JointResiduals(PianoScene scene, IReadOnlyList<MotionRecord> motions, ReplayOptions options)
    {
        _noise = options.Noise;
        _records = [.. motions.Select(motion => (motion, new JointReplay(scene, motion, options), Moving(scene, motion)))];
        if (_records.All(r => r.Joints.Length == 0))
            throw new InputException("no drive of the recordings is commanded to move: drives cannot be identified at rest; record the motions of 'calibrate plan'");
    }

    /// <summary>Residuals for several values of parameters.</summary>
    /// <param name="parameters">The choice.</param>
    /// <param name="basis">Everything else.</param>
    public ResidualBatch For(ParameterVector parameters, SimParameters basis) =>
        points => At([.. points.Select(point => parameters.Write(basis, point))]);

    /// <summary>Residuals of several rigs.</summary>
    public double[][] At(IReadOnlyList<SimParameters> rigs)
    {
        List<double>[] residuals = [.. rigs.Select(_ => new List<double>())];
        foreach ((MotionRecord motion, JointReplay replay, int[] joints) in _records)
        {
            double[][] predicted = replay.Predict(rigs);
            for (int p = 0; p < rigs.Count; p++)
            {
                for (int s = 0; s < replay.Samples.Count; s++)
                {
                    double[] measured = motion.Measured[replay.Samples[s]];
                    foreach (int j in joints)
                        residuals[p].Add((predicted[p][(s * measured.Length) + j] - measured[j]) / _noise.Of(motion.Joints.Units[j]));
                }
            }
        }
        return [.. residuals.Select(r => r.ToArray())];
    }

    /// <summary>Errors of two rigs in every segment of a recording, root mean square over the joints that are commanded to move, in standard deviations of the noise.</summary>
    /// <param name="scene">The scene without parameters.</param>
    /// <param name="motion">The recording.</param>
    /// <param name="options">How to replay.</param>
    /// <param name="first">One rig.</param>
    /// <param name="second">The other.</param>
    /// <exception cref="InputException">The recording is too short, or nothing is commanded to move.</exception>
    public static IReadOnlyList<(double First, double Second)> BySegment(PianoScene scene, MotionRecord motion, ReplayOptions options, SimParameters first, SimParameters second)
    {
        var residuals = new JointResiduals(scene, [motion], options);
        (_, JointReplay replay, int[] joints) = residuals._records[0];
        double[][] both = residuals.At([first, second]);
        var errors = new List<(double, double)>();
        int at = 0;
        foreach (MotionSegment segment in replay.Segments)
        {
            int count = (segment.Last - segment.First + 1) * joints.Length;
            errors.Add((Rms(both[0].AsSpan(at, count)), Rms(both[1].AsSpan(at, count))));
            at += count;
        }
        return errors;
    }

    private static double Rms(ReadOnlySpan<double> values)
    {
        double sum = 0;
        foreach (double value in values)
            sum += value * value;
        return Math.Sqrt(sum / values.Length);
    }

    private int[] Moving(PianoScene scene, MotionRecord motion) =>
        [.. Enumerable.Range(0, scene.Actuators.Count)
            .Where(a => motion.Targets.Max(row => row[a]) - motion.Targets.Min(row => row[a]) >= MappingCheck.MovingTarget * _noise.Of(scene.Actuators.Units[a]))
            .SelectMany(scene.JointsOf).Order()];
}
