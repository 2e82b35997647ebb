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
/// <param name="Joint">The last fit, of all parameters together: estimates, intervals, correlations. Null where the recordings inform none.</param>
/// <param name="Frozen">What the recordings say nothing about; it is at the start's value.</param>
/// <param name="Evaluations">Number of simulations of all records.</param>
public sealed record JointFitResult(
    SimParameters Parameters, IReadOnlyDictionary<string, DelayEstimate> Delays, IReadOnlyList<FitResult> Stages, FitResult? Joint, IReadOnlyList<string> Frozen, int Evaluations);

/// <summary>Fits drives to recorded motions in free air: delays first, then stage by stage, then all together.</summary>
/// <remarks>
/// Delays start from the correlation of measured with simulated motion and are refined in every stage, because slow drives look
/// like late ones. Delay and report lag of a hand shift the same traces: the lag stays as the start says. The zero
/// of a sensor does not show where a drive moves freely, as it regulates what its sensor reads; motions that reach the ends of
/// travel show it. Where the search has longer steps,
/// estimates are those of a rig that is regulated at 1 kHz, whatever the simulation's step (<see cref="StepError"/>). Drives hardly move each other, so that derivatives for many are computed in one simulation. Residuals are in standard deviations of the encoders' noise. Immutable; one fit uses several threads.
/// </remarks>
public sealed class JointFit
{
    private readonly PianoScene _scene, _search;
    private readonly JointFitOptions _options;

    /// <summary>Creates a fit.</summary>
    /// <param name="scene">The scene without parameters; <see cref="ContactSet.None"/> for motions in free air. It stays the caller's.</param>
    /// <param name="options">What to fit.</param>
    /// <param name="search">The same scene, perhaps with longer steps, for delays and stages; null is the scene itself. It stays the caller's.</param>
    /// <exception cref="ArgumentException">There is nothing to fit.</exception>
    public JointFit(PianoScene scene, JointFitOptions options, PianoScene? search = null)
    {
        if (options.Stages.Count == 0 || options.Stages.Any(stage => stage.Count == 0))
            throw new ArgumentException("every fit needs a stage, and every stage a parameter", nameof(options));
        (_scene, _search, _options) = (scene, search ?? scene, options);
    }

    /// <summary>Fits the parameters to all records at once.</summary>
    /// <param name="records">Motions in the scene's order; each is one continuous stretch.</param>
    /// <param name="start">First values, and the means of the priors.</param>
    /// <param name="cancellation">Ends the fit between two simulations.</param>
    /// <exception cref="InputException">A record belongs to another robot, is too short, or holds no free motion; or a parameter is unknown.</exception>
    /// <exception cref="OperationCanceledException">The fit was cancelled.</exception>
    public JointFitResult Fit(IReadOnlyList<MotionRecord> records, SimParameters start, CancellationToken cancellation = default)
    {
        DriveResiduals residuals = Residuals(records, start);
        if (residuals.Count == 0)
            throw new InputException("no drive of the recordings moves freely for long enough: drives cannot be identified at rest or against keys; record the motions of 'calibrate plan'");
        DriveResiduals quick = _search == _scene ? residuals : Residuals(_search, records, start);
        Dictionary<string, DelayEstimate> delays = FindDelays(records, start);
        SimParameters current = start;
        foreach ((string name, DelayEstimate delay) in delays)
        {
            ParameterDefinition definition = ParameterSchema.Find(name);
            current = current.With(name, Math.Clamp(start[name] + delay.Seconds, definition.Min, definition.Max));
        }

        // Far from the truth almost every residual is an outlier: a robust loss would only slow the stages down.
        FitOptions coarse = _options.Solver with { Loss = RobustLoss.None, MaxIterations = 6, CostTolerance = 0.01 };
        var stages = new List<FitResult>();
        foreach (IReadOnlyList<string> stage in _options.Stages)
        {
            (ParameterVector vector, DriveResiduals own, ResidualStructure structure) = Choose(quick, stage);
            SimParameters basis = current;
            FitResult fit = new LevenbergMarquardt(vector.Variables, coarse).Minimise(points => Evaluate(own, [.. points.Select(p => vector.Write(basis, p))]), vector.Read(basis), structure: structure);
            current = vector.Write(basis, fit.Estimate);
            stages.Add(fit);
        }
        (ParameterVector all, DriveResiduals together, ResidualStructure whole) = Choose(residuals, _options.Stages.SelectMany(names => names));
        StepError? step = quick == residuals ? null : StepError.Of(_scene, together.Of([current])[0], _search, quick.Of(all.Names).Of([current])[0]);
        whole = whole with { Doubts = step is null ? [] : [step.Left] };
        var joint = InformedFit.Minimise(all, current, _options.Solver, rigs => step is null ? Evaluate(together, rigs) : step.Without(Evaluate(together, rigs)), whole);
        return new JointFitResult(joint.Parameters, delays, stages, joint.Fit, joint.Frozen, 1 + (step is null ? 0 : 2) + stages.Sum(s => s.Evaluations) + joint.Evaluations);

        (ParameterVector Vector, DriveResiduals Residuals, ResidualStructure Structure) Choose(DriveResiduals from, IEnumerable<string> names)
        {
            string[] chosen = [.. names.Concat(delays.Keys).Distinct()];
            DriveResiduals own = from.Of(chosen);
            return (ParameterVector.Of(chosen, start), own, own.Structure(chosen));
        }

        double[][] Evaluate(DriveResiduals own, IReadOnlyList<SimParameters> rigs)
        {
            cancellation.ThrowIfCancellationRequested();
            return own.Of(rigs);
        }
    }

    /// <summary>What the fit minimises.</summary>
    /// <param name="records">Motions in the scene's order.</param>
    /// <param name="start">The rig as it is believed to be.</param>
    internal DriveResiduals Residuals(IReadOnlyList<MotionRecord> records, SimParameters start) => Residuals(_scene, records, start);

    private DriveResiduals Residuals(PianoScene scene, IReadOnlyList<MotionRecord> records, SimParameters start)
    {
        double lag = Math.Max(start["right_hand.report_lag"], start["left_hand.report_lag"]);
        var replay = new ReplayOptions { SegmentLength = _options.SegmentLength, Settle = lag + _options.Settle, Noise = _options.Noise, Threads = _options.Threads };
        return new DriveResiduals(scene, records, replay, _options.MaxSeconds, _options.Clearance);
    }

    // By how much each hand and the rails are later than simulated; only for what moves.
    private Dictionary<string, DelayEstimate> FindDelays(IReadOnlyList<MotionRecord> records, SimParameters start)
    {
        var pairs = new Dictionary<string, List<SignalPair>>();
        foreach (MotionRecord record in records)
        {
            var whole = new JointReplay(_search, record, new ReplayOptions { SegmentLength = double.PositiveInfinity, Settle = 0, Noise = _options.Noise, Threads = _options.Threads });
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

    private string DelayOf(int actuator) => _scene.Actuators.Units[actuator] == JointUnit.Metre ? "rails.delay"
        : _scene.Actuators.Names[actuator].StartsWith(HandSide.Right.Prefix(), StringComparison.Ordinal) ? "right_hand.delay" : "left_hand.delay";
}
