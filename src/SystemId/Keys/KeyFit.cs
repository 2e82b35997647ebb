using Legato.Sim.Parameters;
using Legato.Sim.Scene;
using Legato.SystemId.Fitting;
using Legato.SystemId.Parameters;

namespace Legato.SystemId.Keys;

/// <summary>What a fit of keys and piano found.</summary>
/// <param name="Parameters">The start's parameters with everything that was fitted.</param>
/// <param name="Fit">Estimates, intervals, correlations. Null where the recordings inform no parameter.</param>
/// <param name="Frozen">What the recordings say nothing about; it is at the start's value.</param>
/// <param name="Events">Heard events that were compared.</param>
/// <param name="UnansweredBefore">How many of them the start does not answer.</param>
/// <param name="Unanswered">How many of them the estimate does not answer.</param>
/// <param name="EventNoise">Standard deviation of the others' times, s.</param>
/// <param name="LatenessBefore">How much later than heard the start answers each event, s; those that it does not answer are left out.</param>
/// <param name="Lateness">The same of the estimate.</param>
/// <param name="Evaluations">Number of simulations of all records.</param>
public sealed record KeyFitResult(
    SimParameters Parameters, FitResult? Fit, IReadOnlyList<string> Frozen, int Events, int UnansweredBefore, int Unanswered, double EventNoise,
    IReadOnlyList<double> LatenessBefore, IReadOnlyList<double> Lateness, int Evaluations);

/// <summary>Fits keys, piano and zeros of fingers to key events together with joint traces, with drives that are known.</summary>
/// <remarks>
/// A heard key counts by how much earlier or later its simulated counterpart passes the depth at which it sounds, a key that only one of the two
/// presses by a bounded misfit that still leads the way. First the piano is looked for on a grid, one direction after the other; then everything is fitted
/// together. A press and a release tell latency (both late) from height (one early, one late); a delay that is fitted takes what it gains or loses from the
/// hand's report lag, as joints have shown their sum. Readings of joints count as much as they are explained: how far keys push fingers back tells their springs.
/// What cannot be told apart is frozen and named. Where the way there has longer steps, derivatives are taken with these to the end. What drives might as well be, from how surely they were fitted, makes an event count the less the more it
/// depends on that, and intervals wider. Immutable; one fit uses several threads.
/// </remarks>
public sealed class KeyFit
{
    // In this order: height decides whether keys are reached at all, then y which.
    private static readonly string[] Searched = ["piano.z", "piano.y"];

    private const int Sweeps = 2;

    // Standard deviations by which a longer step changes what is pressed in both.
    private const double Jump = 2;

    // Grid points to either side.
    private const int Reach = 4;

    private readonly PianoScene _scene, _search;
    private readonly KeyFitOptions _options;

    /// <summary>Creates a fit.</summary>
    /// <param name="scene">The scene without parameters, with contacts. It stays the caller's.</param>
    /// <param name="options">What to fit.</param>
    /// <param name="search">The same scene, perhaps with longer steps, for the way to the estimate; null is the scene itself. It stays the caller's.</param>
    /// <exception cref="ArgumentException">There is nothing to fit.</exception>
    public KeyFit(PianoScene scene, KeyFitOptions? options = null, PianoScene? search = null)
    {
        (_scene, _search, _options) = (scene, search ?? scene, options ?? new KeyFitOptions());
        if (_options.Names.Count == 0)
            throw new ArgumentException("there is nothing to fit", nameof(options));
    }

    /// <summary>Fits the parameters to all records at once.</summary>
    /// <param name="records">Motions with keys, in the scene's order; each is one continuous stretch.</param>
    /// <param name="start">The rig with its drives fitted; first values.</param>
    /// <param name="prior">The means of the priors; null are the first values.</param>
    /// <param name="doubts">Rigs that differ from the start in their drives and are as likely; null is none.</param>
    /// <param name="cancellation">Ends the fit between two simulations.</param>
    /// <exception cref="InputException">A record belongs to another robot, is too short, or heard nothing; or a parameter is unknown or chosen twice.</exception>
    /// <exception cref="OperationCanceledException">The fit was cancelled.</exception>
    public KeyFitResult Fit(IReadOnlyList<KeyRecord> records, SimParameters start, SimParameters? prior = null, IReadOnlyList<SimParameters>? doubts = null, CancellationToken cancellation = default)
    {
        var played = new PlayedFingers(_scene, records);
        // Hands first: what all fingers of a hand are off by is more likely the wrist's.
        IReadOnlyList<string>[] zeros = _options.Zeros ? [played.WristOffsets, played.FingerOffsets] : [];
        string[] names = [.. _options.Names.Concat(zeros.SelectMany(z => z)).Distinct()];
        ParameterVector vector = ParameterVector.Of(names, prior ?? start);
        var raw = new KeyResiduals(_search, records, _options);
        ResidualStructure structure = raw.Structure(names);
        SimParameters near = zeros.Aggregate(Search(raw, vector, start, cancellation), (rig, own) => SearchZeros(raw, vector, own, rig));
        KeyPrediction[][] likely = raw.Predict(AsLikely(near));
        KeyResiduals quick = raw.Wide().Doubting(likely).Reweighted(likely, events: false);
        FitOptions coarse = _options.Solver with { MaxIterations = 8, JacobianReuse = 1, CostTolerance = 0.01 };
        FitResult first = new LevenbergMarquardt(vector.Variables, coarse)
            .Minimise(points => Evaluate(quick, raw, [.. points.Select(p => vector.Write(near, p))]), vector.Read(near), structure: structure);
        SimParameters found = vector.Write(near, first.Estimate);

        KeyResiduals residuals = _search == _scene ? raw : new KeyResiduals(_scene, records, _options);
        likely = residuals.Predict(AsLikely(found));
        KeyResiduals weighted = residuals.Doubting(likely).Reweighted(residuals.Predict([found]), events: true);
        double[][] cases = weighted.Of(likely);
        double[][] drives = [.. cases.Skip(1).Select(other => other.Zip(cases[0], (there, here) => there - here).ToArray())];
        StepError? step = residuals == raw ? null : StepError.Of(_scene, cases[0], _search, weighted.Of(raw.Predict([WithLags(found, start)]))[0], Jump);
        structure = structure.Doubting(drives, step is null ? [] : [step.Left]);
        InformedFit fit = step is null
            ? InformedFit.Minimise(vector, found, _options.Solver, rigs => Evaluate(weighted, residuals, rigs), structure)
            : InformedFit.Minimise(vector, found, _options.Solver, rigs => step.Without(Evaluate(weighted, residuals, rigs)), structure, quick: rigs => Evaluate(weighted, raw, rigs));
        SimParameters best = WithLags(fit.Parameters, start);
        (IReadOnlyList<double> before, int unansweredBefore) = residuals.Answers(start);
        (IReadOnlyList<double> after, int unanswered) = residuals.Answers(best);
        return new KeyFitResult(best, fit.Fit, fit.Frozen, residuals.EventCount, unansweredBefore, unanswered, weighted.EventNoise,
            before, after, SearchEvaluations(vector, zeros.Length) + first.Evaluations + fit.Evaluations + (2 * cases.Length) + (step is null ? 0 : 1) + 3);

        // A rig, and others with other drives.
        SimParameters[] AsLikely(SimParameters rig) => [WithLags(rig, start), .. (doubts ?? []).Select(other => WithLags(vector.Write(other, vector.Read(rig)), start))];

        double[][] Evaluate(KeyResiduals weights, KeyResiduals scene, IReadOnlyList<SimParameters> rigs)
        {
            cancellation.ThrowIfCancellationRequested();
            return weights.Of(scene.Predict([.. rigs.Select(rig => WithLags(rig, start))]));
        }
    }

    // Joints show the sum of a hand's delay and report lag, which the start has right: what commands take less, reports take more.
    private static SimParameters WithLags(SimParameters rig, SimParameters start)
    {
        foreach (string hand in (string[])["right_hand", "left_hand"])
        {
            ParameterDefinition lag = ParameterSchema.Find($"{hand}.report_lag");
            rig = rig.With(lag.Name, Math.Clamp(start[lag.Name] + start[$"{hand}.delay"] - rig[$"{hand}.delay"], lag.Min, lag.Max));
        }
        return rig;
    }

    private static int SearchEvaluations(ParameterVector vector, int zeros) =>
        (Sweeps * Searched.Count(vector.Names.Contains) * ((2 * Reach) + 1)) + (zeros * ((2 * Reach) + 1));

    // A point of the grid around the start.
    private double GridValue(ParameterVector vector, string name, double start, int i)
    {
        ParameterDefinition definition = ParameterSchema.Find(name);
        double range = _options.SearchRange * vector.Priors[vector.Names.ToList().IndexOf(name)].Sd;
        return Math.Clamp(start + (i * range / Reach), definition.Min, definition.Max);
    }

    // Zeros of different fingers, or hands, do not see each other's events: a grid for one is a grid for all.
    private SimParameters SearchZeros(KeyResiduals residuals, ParameterVector vector, IReadOnlyList<string> zeros, SimParameters start)
    {
        if (zeros.Count == 0)
            return start;
        SimParameters[] candidates = [.. Enumerable.Range(-Reach, (2 * Reach) + 1).Select(i => zeros.Aggregate(start, (rig, name) => rig.With(name, GridValue(vector, name, start[name], i))))];
        double[][] costs = residuals.SearchCostOfFingers(candidates);
        return zeros.Aggregate(start, (rig, name) =>
        {
            IReadOnlyList<int> own = PlayedFingers.FingersOf(_scene, ParameterSchema.Find(name).Section);
            int best = Enumerable.Range(0, candidates.Length).MinBy(c => own.Sum(finger => costs[c][finger]) + Doubt(c - Reach));
            return rig.With(name, GridValue(vector, name, start[name], best - Reach));
        });
    }

    // What the prior has against a point of the grid.
    private double Doubt(int i) => 0.5 * Math.Pow(i * _options.SearchRange / Reach, 2);

    // Where the piano answers the events best.
    private SimParameters Search(KeyResiduals residuals, ParameterVector vector, SimParameters start, CancellationToken cancellation)
    {
        SimParameters best = start;
        for (int sweep = 0; sweep < Sweeps; sweep++)
        {
            foreach (string name in Searched.Where(vector.Names.Contains))
            {
                cancellation.ThrowIfCancellationRequested();
                SimParameters basis = best;
                SimParameters[] candidates = [.. Enumerable.Range(-Reach, (2 * Reach) + 1).Select(i => basis.With(name, GridValue(vector, name, start[name], i)))];
                double[] costs = [.. residuals.SearchCost(candidates).Select((cost, c) => cost + Doubt(c - Reach))];
                best = candidates[Array.IndexOf(costs, costs.Min())];
            }
        }
        return best;
    }
}
