using Legato.Policy.Networks;
using Legato.Sim.Tasks.Observations;

namespace Legato.Policy.Bundles;

/// <summary>What a bundle says of the network that corrects its plan; the weights are in <c>weights.safetensors</c>.</summary>
public sealed record ResidualManifest
{
    /// <summary>The learning task, as its YAML file has it: what is observed, and what an action means.</summary>
    public required string Task { get; init; }

    /// <summary>What the network observes, in order.</summary>
    public required IReadOnlyList<ObservationRange> Observation { get; init; }

    /// <summary>The network's layers.</summary>
    public required NetworkDescription Network { get; init; }

    /// <summary>SHA-256 of <c>weights.safetensors</c>.</summary>
    public required string WeightsHash { get; init; }

    /// <summary>Who trained it, e.g. <c>ppo</c>.</summary>
    public required string Learner { get; init; }

    /// <summary>How far rigs differed in training, 0..1.</summary>
    public required double Severity { get; init; }

    /// <summary>Control steps of training, with those of the policy that it began with.</summary>
    public required long EnvSteps { get; init; }

    /// <summary>Mean F1 of the plan alone on rigs that nobody trained on.</summary>
    public required double PlanF1 { get; init; }

    /// <summary>Mean F1 with the network on the same rigs.</summary>
    public required double PolicyF1 { get; init; }
}
