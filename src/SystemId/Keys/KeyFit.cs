using Legato.Sim.Parameters;
using Legato.Sim.Scene;
using Legato.SystemId.Fitting;
using Legato.SystemId.Parameters;

namespace Legato.SystemId.Keys;

/// <summary>What a fit of keys and piano found.</summary>
/// <param name="Parameters">The start's parameters with everything that was fitted.</param>
/// <param name="Fit">Estimates, intervals, correlations.</param>
/// <param name="Frozen">What the recordings say nothing about; it is at the start's value.</param>
/// <param name="Events">Heard events that were compared.</param>
/// <param name="UnansweredBefore">How many of them the start does not answer.</param>
/// <param name="Unanswered">How many of them the estimate does not answer.</param>
/// <param name="EventNoise">Standard deviation of the others' times, s.</param>
public sealed record KeyFitResult(
    SimParameters Parameters, FitResult Fit, IReadOnlyList<string> Frozen, int Events, int UnansweredBefore, int Unanswered, double EventNoise);

/// <summary>Fits keys and piano to key events together with joint traces, with drives that are known.</summary>
/// <remarks>
/// A heard key counts by how much earlier or later its simulated counterpart passes the depth at which it sounds, a key that only one of the two
/// presses by a bounded misfit that still leads the way. First the piano is looked for on a grid, one direction after the other, by events alone;
/// then everything is fitted to events and joints, both weighted by what the first step leaves of them. A press and a release tell latency (both late)
/// from height (one early, one late); what cannot be told apart is frozen and named. Immutable; one fit uses several threads.
/// </remarks>
public sealed class KeyFit
{
    // In this order: height decides whether keys are reached at all, then y which.
    private static readonly string[] Searched = ["piano.z", "piano.y", "piano.x"];

    private const int Sweeps = 2;

    // Grid points to either side.
    private const int Reach = 4;

    private readonly PianoScene _scene;
    private readonly KeyFitOptions _options;

    /// <summary>Creates a fit.</summary>
    /// <param name="scene">The scene without parameters, with contacts. It stays the caller's.</param>
    /// <param name="options">What to fit.</param>
    /// <exception cref="ArgumentException">There is nothing to fit.</exception>
    public KeyFit(PianoScene scene, KeyFitOptions? options = null)
    {
        (_scene, _options) = (scene, options ?? new KeyFitOptions());
        if (_options.Names.Count == 0)
            throw new ArgumentException("there is nothing to fit", nameof(options));
    }

    /// <summary>Fits the parameters to all records at once.</summary>
    /// <param name="records">Motions with keys, in the scene's order; each is one continuous stretch.</param>
    /// <param name="start">The rig with its drives fitted; first values, and the means of the priors.</param>
    /// <exception cref="InputException">A record belongs to another robot, is too short, or heard nothing; or a parameter is unknown or chosen twice.</exception>
    public KeyFitResult Fit(IReadOnlyList<KeyRecord> records, SimParameters start)
    {
        ParameterVector vector = ParameterVector.Of(_options.Names, start);
        var residuals = new KeyResiduals(_scene, records, _options);
        SimParameters near = Search(residuals, vector, start);
        FitOptions coarse = _options.Solver with { MaxIterations = 6, CostTolerance = 0.01 };
        FitResult first = new LevenbergMarquardt(vector.Variables, coarse)
            .Minimise(points => residuals.Of([.. points.Select(p => vector.Write(near, p))]), vector.Read(near));
        near = vector.Write(near, first.Estimate);

        KeyResiduals weighted = residuals.Reweighted(near);
        InformedFit fit = InformedFit.Minimise(vector, near, _options.Solver, weighted.Of);
        return new KeyFitResult(fit.Parameters, fit.Fit, fit.Frozen, residuals.EventCount,
            residuals.Unanswered(start), residuals.Unanswered(fit.Parameters), weighted.EventNoise);
    }

    // Where the piano answers the events best.
    private SimParameters Search(KeyResiduals residuals, ParameterVector vector, SimParameters start)
    {
        SimParameters best = start;
        for (int sweep = 0; sweep < Sweeps; sweep++)
        {
            foreach (string name in Searched.Where(vector.Names.Contains))
            {
                ParameterDefinition definition = ParameterSchema.Find(name);
                double range = _options.SearchRange * vector.Priors[vector.Names.ToList().IndexOf(name)].Sd;
                SimParameters basis = best;
                SimParameters[] candidates = [.. Enumerable.Range(-Reach, (2 * Reach) + 1).Select(i => start[name] + (i * range / Reach)).Append(best[name])
                    .Select(value => basis.With(name, Math.Clamp(value, definition.Min, definition.Max)))];
                double[] costs = residuals.SearchCost(candidates);
                best = candidates[Array.IndexOf(costs, costs.Min())];
            }
        }
        return best;
    }
}
