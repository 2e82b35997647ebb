using Legato.Sim.Parameters;

namespace Legato.Runtime.Benchmarks;

/// <summary>A way in which a rig may differ from the simulator.</summary>
/// <param name="Name">For tables.</param>
/// <param name="Parameters">The rig's parameters.</param>
public sealed record Perturbation(string Name, SimParameters Parameters);

/// <summary>The errors that a plan has to live with: each one alone, then all of them together.</summary>
public static class PerturbationTable
{
    // Zero offsets are random but the same in every run.
    private const int Seed = 1;

    private static readonly string[] Motors = ["wrist", "thumb", "spread", "flexion", "coupled"];
    private static readonly string[] Rails = ["rails"];

    /// <summary>The rows; the first one is the simulator itself.</summary>
    public static IReadOnlyList<Perturbation> Rows { get; } =
    [
        new("nominal", SimParameters.Nominal),
        .. Scaled("key stiffness", "keys.stiffness", 0.5, 1.5, 2),
        .. Scaled("key damping", "keys.damping", 3),
        .. Scaled("finger gain", Motors, "gain", 0.75, 0.9, 1.1, 1.5),
        .. Scaled("rail gain", Rails, "gain", 0.75, 1.5),
        .. Scaled("finger damping", Motors, "damping", 0.3, 0.7, 1.5, 3),
        .. Scaled("rail damping", Rails, "damping", 0.5, 1.5),
        .. Scaled("joint friction", "hands.joint_friction", 0, 3),
        .. Scaled("contact friction", "keys.grip", 0.5, 1.5),
        .. Scaled("hand mass", "hands.mass", 1.2),
        .. Moved("y", 3, 5, 8),
        .. Moved("x", 5),
        .. Moved("z", 2, -2, -4),
        Offsets(0.01),
        Offsets(0.03),
        new("delay 50 ms", WithDelay(SimParameters.Nominal, 0.05)),
        new("all at half", All(0.5)),
        new("all", All(1)),
    ];

    private static IEnumerable<Perturbation> Scaled(string what, string name, params double[] scales) =>
        scales.Select(s => new Perturbation(FormattableString.Invariant($"{what} ×{s}"), SimParameters.Nominal.With(name, s)));

    private static IEnumerable<Perturbation> Scaled(string what, string[] groups, string key, params double[] scales) =>
        scales.Select(s => new Perturbation(FormattableString.Invariant($"{what} ×{s}"), WithGroups(SimParameters.Nominal, groups, key, s)));

    private static IEnumerable<Perturbation> Moved(string axis, params double[] millimetres) =>
        millimetres.Select(mm => new Perturbation(FormattableString.Invariant($"piano {axis} {mm:+0;−0} mm"), SimParameters.Nominal.With($"piano.{axis}", 0.001 * mm)));

    private static Perturbation Offsets(double deviation) =>
        new(FormattableString.Invariant($"zero offsets {deviation} rad"), WithOffsets(SimParameters.Nominal, deviation));

    private static SimParameters All(double strength)
    {
        SimParameters all = SimParameters.Nominal
            .With("keys.stiffness", 1 + (0.3 * strength))
            .With("hands.joint_friction", 1 + strength)
            .With("piano.y", 0.004 * strength)
            .With("piano.z", -0.001 * strength);
        all = WithGroups(all, [.. Motors, .. Rails], "gain", 1 - (0.15 * strength));
        all = WithGroups(all, [.. Motors, .. Rails], "damping", 1 + (0.5 * strength));
        return WithDelay(WithOffsets(all, 0.015 * strength), 0.05 * strength);
    }

    private static SimParameters WithGroups(SimParameters parameters, string[] groups, string key, double value) =>
        groups.Aggregate(parameters, (p, group) => p.With($"{group}.{key}", value));

    private static SimParameters WithDelay(SimParameters parameters, double seconds) =>
        ((string[])["right_hand", "left_hand", "rails"]).Aggregate(parameters, (p, section) => p.With($"{section}.delay", seconds));

    private static SimParameters WithOffsets(SimParameters parameters, double deviation)
    {
        var noise = new GaussianNoise(Seed);
        return ParameterSchema.Drives.Where(drive => ParameterSchema.GroupOf(drive) != "rails")
            .Aggregate(parameters, (p, drive) => p.With($"{drive}.offset", deviation * noise.Next()));
    }
}
