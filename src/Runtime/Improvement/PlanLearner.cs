using Legato.Policy.Bundles;
using Legato.Policy.Planning;
using Legato.Runtime.Experiments;

namespace Legato.Runtime.Improvement;

/// <summary>The planner as a learner.</summary>
/// <param name="seconds">Budget per song, s.</param>
/// <param name="seed">Seed of all random numbers.</param>
public sealed class PlanLearner(double seconds, int seed) : ILearner
{
    /// <summary>Its word on the command line.</summary>
    public const string Word = "plan";

    /// <inheritdoc/>
    public Trained Train(PlayableSong song, RobotSetup model, bool robust, string policies, CancellationToken stop)
    {
        PlannerOptions options = PlannerOptions.For(robust) with { Seconds = seconds, Seed = seed, Limits = model.PlanningLimits };
        (PolicyBundle bundle, string folder) = NominalPolicy.FindOrPlan(model.Scene, song, model.Parameters.Hash, policies, options, progress: null, stop);
        return new Trained(folder, bundle.Manifest.Evaluation.F1);
    }
}
