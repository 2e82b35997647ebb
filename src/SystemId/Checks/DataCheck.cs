using Legato.Sim.Parameters;
using Legato.Sim.Scene;
using Legato.SystemId.Parameters;
using Legato.SystemId.Rollouts;

namespace Legato.SystemId.Checks;

/// <summary>What a check of recordings says.</summary>
/// <param name="Findings">Everything found, errors first.</param>
/// <param name="Outlook">Which parameters the data determine; null where errors forbid to ask.</param>
public sealed record CheckResult(IReadOnlyList<Finding> Findings, Identifiability? Outlook)
{
    /// <summary>Whether the data may be fitted.</summary>
    public bool IsPassed => Findings.All(f => f.Severity != Severity.Error);
}

/// <summary>Checks recordings before anything is fitted to them: quality, mapping of joints, identifiability.</summary>
/// <remarks>Immutable; one check uses several threads.</remarks>
/// <param name="scene">The scene without parameters; it stays the caller's.</param>
/// <param name="replay">How identifiability replays the recordings.</param>
public sealed class DataCheck(PianoScene scene, ReplayOptions replay)
{
    // What free motion shows. A slew limit of 0 is none: there is nothing to differentiate.
    private static readonly string[] DefaultKeys = ["gain", "damping", "friction", "armature", "offset", "backlash", "deadband", "delay", "report_lag"];

    /// <summary>The parameters of all groups of drives and of both hands' timing.</summary>
    public static IReadOnlyList<string> DefaultParameters { get; } = [.. ParameterSchema.Definitions
        .Where(d => d.Inherits is null && d.Section is not ("piano" or "keys" or "keyboard" or "hands") && DefaultKeys.Contains(d.Key)).Select(d => d.Name)];

    /// <summary>Checks.</summary>
    /// <param name="recordings">The recordings.</param>
    /// <param name="acceptedLosses">Names of recordings that may be used in spite of their losses or grades.</param>
    /// <param name="parameters">What a fit is to determine.</param>
    /// <param name="prior">Everything else.</param>
    /// <exception cref="InputException">The recordings pass but are too short to be replayed, or a simulation diverges.</exception>
    public CheckResult Run(IReadOnlyList<RawRecording> recordings, IReadOnlySet<string> acceptedLosses, ParameterVector parameters, SimParameters prior)
    {
        var findings = new List<Finding>();
        var (quality, mapping) = (new QualityCheck(scene, replay.Noise), new MappingCheck(scene, replay.Noise));
        foreach (RawRecording recording in recordings)
        {
            IReadOnlyList<Finding> own = quality.Judge(recording, acceptedLosses.Contains(recording.Name), recordings);
            findings.AddRange(own);
            // Damaged numbers and times have no correlation.
            if (own.All(f => f.Severity != Severity.Error || f.Code is "loss" or "grade" or "frozen" or "gap"))
                findings.AddRange(mapping.Judge(recording));
        }
        Identifiability? outlook = null;
        if (findings.All(f => f.Severity != Severity.Error))
        {
            var residuals = new JointResiduals(scene, [.. recordings.Select(r => r.ToMotion())], replay);
            outlook = Identifiability.Predict(parameters, residuals.For(parameters, prior));
            findings.AddRange(outlook.Parameters.Where(p => p.Frozen is not null).Select(p => new Finding(Severity.Note, "frozen-at-prior", $"{p.Name} stays at its prior: {p.Frozen}")));
            findings.AddRange(outlook.Pairs.Select(p => new Finding(Severity.Note, "entangled", FormattableString.Invariant($"{p.First} and {p.Second} are hard to tell apart (correlation {p.Correlation:0.000})"))));
            if (outlook.Identifiable.Count == 0)
                findings.Add(new Finding(Severity.Error, "nothing-identifiable", "the recordings determine none of the parameters; record the motions of 'calibrate plan'"));
        }
        return new CheckResult([.. findings.OrderByDescending(f => f.Severity)], outlook);
    }
}
