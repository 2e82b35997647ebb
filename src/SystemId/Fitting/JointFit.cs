using Legato.Sim;
using Legato.Sim.Parameters;
using Legato.Sim.Scene;
using Legato.SystemId.Parameters;
using Legato.SystemId.Rollouts;
using Legato.SystemId.Timing;

namespace Legato.SystemId.Fitting;

/// <summary>What a fit of the drives found.</summary>
/// <param name="Parameters">The start's parameters with everything that was fitted.</param>
/// <param name="Delays">For each delay parameter, how much later the records are than the start's parameters say.</param>
/// <param name="Stages">The fits of the stages, in order.</param>
/// <param name="Joint">The last fit, of all parameters together: estimates, intervals, correlations.</param>
/// <param name="Frozen">What the recordings say nothing about; it is at the start's value.</param>
public sealed record JointFitResult(
    SimParameters Parameters, IReadOnlyDictionary<string, DelayEstimate> Delays, IReadOnlyList<FitResult> Stages, FitResult Joint, IReadOnlyList<string> Frozen);

/// <summary>Fits drives to recorded motions in free air: delays first, then stage by stage, then all together.</summary>
/// <remarks>
/// Delays start from the correlation of measured with simulated motion and are refined in every stage, because slow drives look
/// like late ones. Delay and report lag of a hand shift the same traces: the lag stays as the start says. The zero
/// of a sensor does not show where a drive moves freely, as it regulates what its sensor reads; motions that reach the ends of
/// travel show it. Residuals are in standard deviations of the encoders' noise. Immutable; one fit uses several threads.
/// </remarks>
public sealed class JointFit
{
    private readonly PianoScene _scene;
    private readonly JointFitOptions _options;

    /// <summary>Creates a fit.</summary>
    /// <param name="scene">The scene without parameters; <see cref="ContactSet.None"/> for motions in free air. It stays the caller's.</param>
    /// <param name="options">What to fit.</param>
    /// <exception cref="ArgumentException">There is nothing to fit.</exception>
    public JointFit(PianoScene scene, JointFitOptions options)
    {
        if (options.Stages.Count == 0 || options.Stages.Any(stage => stage.Count == 0))
            throw new ArgumentException("every fit needs a stage, and every stage a parameter", nameof(options));
        (_scene, _options) = (scene, options);
    }

    /// <summary>Fits the parameters to all records at once.</summary>
    /// <param name="records">Motions in the scene's order; each is one continuous stretch.</param>
    /// <param name="start">First values, and the means of the priors.</param>
    /// <exception cref="InputException">A record belongs to another robot, is too short, or holds no motion; or a parameter is unknown.</exception>
    public JointFitResult Fit(IReadOnlyList<MotionRecord> records, SimParameters start)
    {
        Dictionary<string, DelayEstimate> delays = FindDelays(records, start);
        SimParameters current = start;
        foreach ((string name, DelayEstimate delay) in delays)
        {
            ParameterDefinition definition = ParameterSchema.Find(name);
            current = current.With(name, Math.Clamp(start[name] + delay.Seconds, definition.Min, definition.Max));
        }
        double lag = Math.Max(start["right_hand.report_lag"], start["left_hand.report_lag"]);
        var options = new ReplayOptions { SegmentLength = _options.SegmentLength, Settle = lag + _options.Settle, Noise = _options.Noise, Threads = _options.Threads };
        JointReplay[] replays = [.. records.Select(record => new JointReplay(_scene, record, options))];

        // Far from the truth almost every residual is an outlier: a robust loss would only slow the stages down.
        FitOptions coarse = _options.Solver with { Loss = RobustLoss.None, MaxIterations = 6, CostTolerance = 0.01 };
        var stages = new List<FitResult>();
        foreach (IReadOnlyList<string> stage in _options.Stages)
        {
            (ParameterVector vector, Func<IReadOnlyList<SimParameters>, double[][]> residuals) = Choose(stage);
            SimParameters basis = current;
            FitResult fit = new LevenbergMarquardt(vector.Variables, coarse).Minimise(points => residuals([.. points.Select(p => vector.Write(basis, p))]), vector.Read(basis));
            current = vector.Write(basis, fit.Estimate);
            stages.Add(fit);
        }
        (ParameterVector all, Func<IReadOnlyList<SimParameters>, double[][]> together) = Choose(_options.Stages.SelectMany(names => names));
        var joint = InformedFit.Minimise(all, current, _options.Solver, together);
        return new JointFitResult(joint.Parameters, delays, stages, joint.Fit, joint.Frozen);

        (ParameterVector Vector, Func<IReadOnlyList<SimParameters>, double[][]> Residuals) Choose(IEnumerable<string> names)
        {
            string[] chosen = [.. names.Concat(delays.Keys).Distinct()];
            int[][] joints = [.. records.Select(record => Affected(chosen, record))];
            return (ParameterVector.Of(chosen, start), rigs => Residuals(records, replays, joints, rigs));
        }
    }

    // By how much each hand and the rails are later than simulated; only for what moves.
    private Dictionary<string, DelayEstimate> FindDelays(IReadOnlyList<MotionRecord> records, SimParameters start)
    {
        var pairs = new Dictionary<string, List<SignalPair>>();
        foreach (MotionRecord record in records)
        {
            var whole = new JointReplay(_scene, record, new ReplayOptions { SegmentLength = double.PositiveInfinity, Settle = 0, Noise = _options.Noise, Threads = _options.Threads });
            double[] predicted = whole.Predict([start])[0];
            double[] times = [.. whole.Samples.Select(i => record.MeasuredTimes[i])];
            int joints = record.Joints.Count;
            for (int a = 0; a < _scene.Actuators.Count; a++)
            {
                // What only moves with other joints says nothing of its own delay.
                if (!record.Moves(a, _options.Noise))
                    continue;
                string name = DelayOf(a);
                if (!pairs.TryGetValue(name, out List<SignalPair>? own))
                    pairs[name] = own = [];
                own.AddRange(_scene.JointsOf(a).Select(j => new SignalPair(
                    new TimedSignal(times, [.. times.Select((_, i) => predicted[(i * joints) + j])]),
                    new TimedSignal(times, [.. whole.Samples.Select(i => record.Measured[i][j])]))));
            }
        }
        if (pairs.Count == 0)
            throw new InputException("no drive of the recordings is commanded to move: drives cannot be identified at rest; record the motions of 'calibrate plan'");
        return pairs.ToDictionary(p => p.Key, p => new DelayEstimator().Estimate(p.Value));
    }

    private double[][] Residuals(IReadOnlyList<MotionRecord> records, JointReplay[] replays, int[][] joints, IReadOnlyList<SimParameters> rigs)
    {
        double[][] residuals = [.. rigs.Select(_ => new double[replays.Select((replay, r) => replay.Samples.Count * joints[r].Length).Sum()])];
        int offset = 0;
        for (int r = 0; r < replays.Length; r++)
        {
            double[][] predicted = replays[r].Predict(rigs);
            for (int s = 0; s < replays[r].Samples.Count; s++)
            {
                double[] measured = records[r].Measured[replays[r].Samples[s]];
                foreach (int j in joints[r])
                {
                    double noise = _options.Noise.Of(_scene.Joints.Units[j]);
                    for (int p = 0; p < rigs.Count; p++)
                        residuals[p][offset] = (predicted[p][(s * measured.Length) + j] - measured[j]) / noise;
                    offset++;
                }
            }
        }
        return residuals;
    }

    // The joints of all drives that one of the parameters belongs to and that the record moves: a joint at rest shows where
    // friction happened to stop it, and the error of its measured start stays for ever.
    private int[] Affected(IReadOnlyList<string> names, MotionRecord record)
    {
        HashSet<string> sections = [.. names.Where(name => ParameterSchema.Find(name).Kind != ParameterKind.Timing).Select(name => ParameterSchema.Find(name).Section)];
        // What belongs to no drive (masses, say) shows everywhere.
        bool isEverywhere = sections.Count == 0 || sections.Any(s => !ParameterSchema.Groups.Contains(s) && !ParameterSchema.Drives.Contains(s));
        string[] drives = [.. _scene.Actuators.Names.Select(SceneParameters.DriveName)];
        return [.. Enumerable.Range(0, drives.Length)
            .Where(a => record.Moves(a, _options.Noise) && (isEverywhere || sections.Contains(drives[a]) || sections.Contains(ParameterSchema.GroupOf(drives[a]))))
            .SelectMany(_scene.JointsOf).Order()];
    }

    private string DelayOf(int actuator) => _scene.Actuators.Units[actuator] == JointUnit.Metre ? "rails.delay"
        : _scene.Actuators.Names[actuator].StartsWith(HandSide.Right.Prefix(), StringComparison.Ordinal) ? "right_hand.delay" : "left_hand.delay";
}
