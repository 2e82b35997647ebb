using Legato.Runtime.Statistics;
using Legato.Sim;
using Legato.Sim.Parameters;
using Legato.Sim.Scene;
using Legato.SystemId.Checks;
using Legato.SystemId.Rollouts;

namespace Legato.Runtime.Calibration;

/// <summary>Compares fitted parameters with those that were believed before, on runs that the fit did not see.</summary>
/// <param name="time">Dates the evidence.</param>
public sealed class ValidateSession(TimeProvider time)
{
    // Stretches that are compared; as long as what a hand does in them is settled by the drives, not by the start.
    private const double SegmentLength = 4;

    /// <summary>Validates.</summary>
    /// <param name="calibration">Folder with the fitted <c>params.yaml</c>; receives <c>validation.json</c>.</param>
    /// <param name="baseline">What was believed before.</param>
    /// <param name="runs">The hold-out runs.</param>
    /// <exception cref="InputException">A run was fitted, too, or the motions are too short.</exception>
    public ValidationEvidence Run(string calibration, SimParameters baseline, IReadOnlyList<RunImport> runs)
    {
        var fitted = CheckFile.Load(calibration);
        if (runs.FirstOrDefault(r => fitted.Runs.Any(f => f.Sha256 == r.Hash)) is { } seen)
            throw new InputException($"{seen.Folder}: the fit has seen this run; hold-out runs must be others");
        var parameters = SimParameters.Load(Path.Combine(calibration, ParameterStore.ParametersFile));
        double settle = 0.5 + Math.Max(baseline["right_hand.report_lag"], parameters["right_hand.report_lag"]);
        var errors = new List<(double Before, double After)>();
        foreach (RunImport run in runs)
        {
            using PianoScene scene = PianoScene.Build(run.Scene with { Contacts = run.Keys.Count > 0 ? ContactSet.Full : ContactSet.None });
            errors.AddRange(JointResiduals.BySegment(scene, run.Recording.ToMotion(), new ReplayOptions { SegmentLength = SegmentLength, Settle = settle }, baseline, parameters));
        }
        Estimate gain = Resampling.Mean([.. errors.Select(e => e.Before - e.After)], seed: 0);
        var evidence = new ValidationEvidence(
            time.GetUtcNow(), parameters.Hash, baseline.Hash,
            new HoldOut(errors.Average(e => e.Before), errors.Average(e => e.After), gain.Low, gain.High, errors.Count),
            [.. runs.Select(r => new EvidenceFile(r.Folder, r.Hash))]);
        evidence.Save(calibration);
        return evidence;
    }
}
