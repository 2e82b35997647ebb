using Legato.Sim.Parameters;

namespace Legato.Policy.Robustness;

/// <summary>Rigs to keep in mind while planning: how the real one may differ from the simulator.</summary>
public static class RigDoubts
{
    /// <summary>Small errors that every rig has; a plan that lives on the edge of a key falls over one of them.</summary>
    public static IReadOnlyList<SimParameters> Small { get; } =
    [
        SimParameters.Nominal.With("flexion.gain", 0.95).With("coupled.gain", 0.95).With("wrist.gain", 0.95).With("keys.stiffness", 1.1),
        SimParameters.Nominal.With("flexion.damping", 1.1).With("coupled.damping", 1.1).With("spread.damping", 1.1).With("rails.damping", 0.95).With("piano.y", 0.001),
    ];

    /// <summary>Rigs to learn from. A key that sounds too late is what most errors have in common, so this one is slow, weak and late.</summary>
    public static IReadOnlyList<SimParameters> Learning { get; } = [Slow()];

    /// <summary>Rigs to judge by: those to learn from, and some that are off in everything at once.</summary>
    public static IReadOnlyList<SimParameters> Wide { get; } = [.. Learning, .. Enumerable.Range(1, 4).Select(seed => ParameterDoubts.Draw(seed, 0.3))];

    private static SimParameters Slow()
    {
        SimParameters slow = SimParameters.Nominal.With("keys.stiffness", 1.2);
        foreach (string motors in ParameterSchema.Groups.Where(group => group != "rails"))
            slow = slow.With($"{motors}.damping", 1.35).With($"{motors}.gain", 0.9);
        return slow.With("right_hand.delay", 0.024).With("left_hand.delay", 0.024).With("rails.delay", 0.024);
    }
}
