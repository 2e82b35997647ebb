using Legato.Policy.Fingering;
using Legato.Sim.Scene;
using Legato.Sim.Tasks;
using Legato.Sim.Tasks.Rewards;

namespace Legato.Runtime.Benchmarks;

/// <summary>Learning without one of its parts, or with another in its place.</summary>
/// <param name="Name">What is missing.</param>
/// <param name="Task">What is observed, done and rewarded.</param>
public sealed record LearningAblation(string Name, TaskDefinition Task)
{
    /// <summary>Whether a network learns; otherwise the plan plays alone.</summary>
    public bool Learns { get; init; } = true;

    /// <summary>Whether rigs of training differ from the simulator.</summary>
    public bool Randomizes { get; init; } = true;

    /// <summary>How many fingers each hand has.</summary>
    public Embodiment Embodiment { get; init; } = Embodiment.FiveFingers;

    /// <summary>Fingering of the plan; null for the planner's own choice.</summary>
    public IFingeringStrategy? Fingering { get; init; }
}

/// <summary>What each part of learning is worth: the rows of <c>legato bench learning</c>.</summary>
public static class LearningAblationTable
{
    private const string Fingering = "fingering", Mimic = "mimic", Transport = "transport";

    /// <summary>Name of the row that the others are compared with.</summary>
    public const string Full = "full";

    /// <summary>All parts first; then without one at a time.</summary>
    /// <param name="task">A correction of a plan whose reward has the terms <c>fingering</c> and <c>mimic</c>.</param>
    /// <exception cref="InputException">It has not, so that leaving them out would change nothing.</exception>
    public static IReadOnlyList<LearningAblation> Rows(TaskDefinition task)
    {
        if (task.Action.Kind != ActionKind.Residual)
            throw new InputException("the task's actions correct no plan: without the network nothing would play; take a task with action.kind residual");
        return
        [
            new(Full, task),
            new("no residual: the plan alone", task) { Learns = false },
            new("no fingering term", Without(task, Fingering)),
            new("fingers by optimal transport in place of the fingering term", Replace(task, Fingering, r => new RewardSettings(Transport, r.Weight))),
            new("fingers of the plan by optimal transport", task) { Fingering = new TransportFingering() },
            new("no mimic term", Without(task, Mimic)),
            new("four fingers", task) { Embodiment = Embodiment.FourFingers },
            new("no randomisation", task) { Randomizes = false },
        ];
    }

    private static TaskDefinition Without(TaskDefinition task, string term) => Replace(task, term, _ => null);

    private static TaskDefinition Replace(TaskDefinition task, string term, Func<RewardSettings, RewardSettings?> by) => task.Rewards.Any(r => r.Name == term)
        ? task with { Rewards = [.. task.Rewards.Select(r => r.Name == term ? by(r) : r).OfType<RewardSettings>().OrderBy(r => r.Name, StringComparer.Ordinal)] }
        : throw new InputException($"the task's reward has no term '{term}' to leave out; give it one, or take hardware/config/tasks/ablation.yaml");
}
