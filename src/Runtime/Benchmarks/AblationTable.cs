using Legato.Policy.Fingering;
using Legato.Policy.Planning;

namespace Legato.Runtime.Benchmarks;

/// <summary>The planner without one of its parts.</summary>
/// <param name="Name">What is missing.</param>
/// <param name="Options">The planner's options without it.</param>
public sealed record Ablation(string Name, PlannerOptions Options);

/// <summary>What each part of the planner is worth: the rows of <c>legato bench ablation</c>.</summary>
public static class AblationTable
{
    /// <summary>The whole planner first; then the planner without sampling, and that one without another part at a time.</summary>
    /// <param name="options">The whole planner.</param>
    public static IReadOnlyList<Ablation> Rows(PlannerOptions options)
    {
        PlannerOptions learning = options with { Sampling = null };
        return
        [
            new("everything", options),
            new("no sampling", learning),
            new("… no rehearsals", learning with { ContactRollouts = 1, Auditions = 1 }),
            new("… no learning without the piano", learning with { FreeRollouts = 0 }),
            new("… one fingering", learning with { Fingerings = [new BeamFingering(new FingeringCosts())] }),
            new("… greedy fingering", learning with { Fingerings = [new BeamFingering(new FingeringCosts(), beamWidth: 1)] }),
            new("… fingering by optimal transport", learning with { Fingerings = [new TransportFingering()] }),
            new("… no clearance", learning with { Trajectory = options.Trajectory with { Touch = 0 } }),
            new("… no early release", learning with { Trajectory = options.Trajectory with { ReleaseEarly = false } }),
            new("… no look-ahead", learning with { Trajectory = options.Trajectory with { Horizon = 1, LookAhead = 0 } }),
            new("… 1.1 N on a key", learning with { Style = options.Style with { Force = 1.1 } }),
        ];
    }
}
