using Legato.Policy.Bundles;
using Legato.Policy.Planning;
using Legato.Runtime.Experiments;

namespace Legato.Runtime.Improvement;

/// <summary>The planner as a learner: every plan is made anew.</summary>
/// <param name="seconds">Budget per song, s.</param>
/// <param name="seed">Seed of all random numbers.</param>
public sealed class PlanLearner(double seconds, int seed) : ILearner
{
    /// <summary>Its word on the command line.</summary>
    public const string Word = "plan";

    /// <inheritdoc/>
    public Trained Train(TrainRequest request, CancellationToken stop)
    {
        PlannerOptions options = PlannerOptions.For(request.Robust) with { Seconds = seconds, Seed = seed, Limits = request.Model.PlanningLimits };
        (PolicyBundle bundle, string folder) = NominalPolicy.FindOrPlan(request.Model.Scene, request.Song, request.Model.Parameters.Hash, request.Policies, options, progress: null, stop);
        return new Trained(folder, bundle.Manifest.Evaluation.F1);
    }
}
