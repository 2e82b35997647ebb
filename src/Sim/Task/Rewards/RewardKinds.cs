using Legato.Sim.Scene;

namespace Legato.Sim.Tasks.Rewards;

/// <summary>A number that a reward can be set with.</summary>
/// <param name="Key">Its key in the YAML file.</param>
/// <param name="Default">The value where the key is absent.</param>
/// <param name="Min">Smallest value allowed.</param>
/// <param name="Max">Largest value allowed.</param>
public sealed record RewardParameter(string Key, double Default, double Min, double Max);

/// <summary>A term of a task's reward.</summary>
/// <param name="Name">Its kind, from <see cref="RewardKinds.Names"/>.</param>
/// <param name="Weight">What its value is multiplied with.</param>
/// <param name="Values">One value per <see cref="RewardParameter"/> of its kind, in that order; empty for their defaults.</param>
public sealed record RewardSettings(string Name, double Weight, params IReadOnlyList<double> Values);

/// <summary>What terms are made from.</summary>
/// <param name="Scene">Ranges and fingers.</param>
/// <param name="Song">What is to be played.</param>
/// <param name="DemoTips">The demonstration's fingertips, if there are any.</param>
public sealed record RewardContext(PianoScene Scene, TaskSong Song, TipTable? DemoTips);

/// <summary>Every reward term by name.</summary>
/// <remarks>Stateless and thread-safe.</remarks>
public static class RewardKinds
{
    private static readonly (string Name, RewardParameter[] Parameters, Func<RewardContext, IReadOnlyList<double>, RewardTerm> Make)[] Kinds =
    [
        ("action_rate", [], static (_, _) => new ActionRateReward()),
        ("action_size", [], static (_, _) => new ActionSizeReward()),
        ("command_rate", [], static (c, _) => new CommandRateReward(c.Scene)),
        ("energy", [new("rails", 1, 0, 10)], static (c, v) => new EnergyReward(c.Scene, v[0])),
        ("fingering", [], static (c, _) => new FingeringReward(c.Scene, c.Song)),
        ("hands_apart", [], static (_, _) => new HandsApartReward()),
        ("key_press", [], static (_, _) => new KeyPressReward()),
        ("mimic", [], static (c, _) => new MimicReward(c.Scene, c.DemoTips)),
        ("press_cases", [], static (_, _) => new PressCasesReward()),
        ("sliding", [new("factor", 3, 0, 1000)], static (_, v) => new SlidingReward(v[0])),
        ("sustain", [], static (_, _) => new SustainReward()),
        ("transport", [], static (c, _) => new MeanTransportReward(c.Scene)),
        ("transport_sum", [new("falloff", Math.Round(Math.Log(10) / 0.01, 3), 0.01, 100_000)], static (c, v) => new SumTransportReward(c.Scene, v[0])),
    ];

    /// <summary>All names, ascending.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Kinds.Select(k => k.Name)];

    /// <summary>What a kind can be set with.</summary>
    /// <exception cref="InputException">There is no such kind.</exception>
    public static IReadOnlyList<RewardParameter> ParametersOf(string name) => Find(name).Parameters;

    /// <summary>Makes a term.</summary>
    /// <exception cref="InputException">There is no such kind, it has another number of values, or what it needs is not there.</exception>
    public static RewardTerm Create(RewardSettings settings, RewardContext context)
    {
        (_, RewardParameter[] parameters, Func<RewardContext, IReadOnlyList<double>, RewardTerm> make) = Find(settings.Name);
        if (settings.Values.Count != 0 && settings.Values.Count != parameters.Length)
            throw new InputException($"reward '{settings.Name}' has {settings.Values.Count} values; expected {parameters.Length}");
        return make(context, settings.Values.Count == 0 ? [.. parameters.Select(p => p.Default)] : settings.Values);
    }

    private static (string Name, RewardParameter[] Parameters, Func<RewardContext, IReadOnlyList<double>, RewardTerm> Make) Find(string name)
    {
        int i = Array.FindIndex(Kinds, k => k.Name == name);
        return i >= 0 ? Kinds[i] : throw new InputException($"no reward '{name}'; there are {string.Join(", ", Names)}");
    }
}
