using System.Globalization;
using System.Text;

using Legato.Sim.Configuration;
using Legato.Sim.Tasks.Observations;
using Legato.Sim.Tasks.Rewards;

namespace Legato.Sim.Tasks;

/// <summary>A learning task without its song: what is observed, what an action means, what earns reward, when an episode ends.</summary>
/// <remarks>
/// Immutable and thread-safe. Files are in <c>hardware/config/tasks</c>. Keys, all but <c>observations</c> and <c>rewards</c> optional:
/// <code>
/// lookahead: 10                 # control steps that the goal looks ahead, 0..100
/// privileged: false             # true: joints, tips and keys as they are, not as the rig reports them
/// observations: [goal, ...]     # ObservationKinds
/// action: {kind: canonical, factor: 0.03, pedal: policy, hold: 1}     # or residual; song; hold 1..20 control steps
/// rewards:
///   key_press: {weight: 1}      # RewardKinds; weight defaults to 1
/// episode: {max_steps: 0, random_start: 0, end_on_wrong_press: false}
/// </code>
/// </remarks>
public sealed record TaskDefinition
{
    private const int MostLookahead = 100, MostSteps = 1_000_000, MostHold = 20;

    /// <summary>Control steps that the goal looks ahead, 0..100.</summary>
    public int Lookahead { get; init; } = 10;

    /// <summary>Whether joints, tips and keys are observed as they are, not as the rig reports them.</summary>
    public bool Privileged { get; init; }

    /// <summary>Names of what is observed, in any order; the vector has its own (<see cref="ObservationLayout"/>).</summary>
    public required IReadOnlyList<string> Observations { get; init; }

    /// <summary>What an action means.</summary>
    public ActionSettings Action { get; init; } = new();

    /// <summary>Terms of the reward, added up with their weights.</summary>
    public required IReadOnlyList<RewardSettings> Rewards { get; init; }

    /// <summary>Most steps of an episode; 0 for the whole song.</summary>
    public int MaxSteps { get; init; }

    /// <summary>Share of episodes, 0..1, that start anywhere in the song, at rest where the plan is then.</summary>
    public double RandomStart { get; init; }

    /// <summary>Whether a key that sounds and should not ends the episode, with nothing to come (RoboPianist's <c>wrong_press_termination</c>).</summary>
    public bool EndOnWrongPress { get; init; }

    /// <summary>Reads a file.</summary>
    /// <exception cref="ConfigurationException">Unknown key or name, value out of range, or no YAML: one line with file and line.</exception>
    public static TaskDefinition Load(string path) => Read(StrictYaml.ReadFile(path));

    /// <summary>Reads a text; <paramref name="file"/> is the name that errors carry.</summary>
    /// <exception cref="ConfigurationException">As <see cref="Load"/>.</exception>
    public static TaskDefinition Parse(string text, string file) => Read(StrictYaml.Parse(text, file));

    /// <summary>The file that <see cref="Load"/> reads.</summary>
    public string ToYaml()
    {
        var text = new StringBuilder();
        IFormatProvider invariant = CultureInfo.InvariantCulture;
        text.Append(invariant, $"lookahead: {Lookahead}\nprivileged: {Word(Privileged)}\nobservations:\n");
        foreach (string name in Observations)
            text.Append(invariant, $"  - {name}\n");
        text.Append(invariant, $"action: {{kind: {Word(Action.Kind)}, factor: {Action.Factor:R}, pedal: {Word(Action.Pedal)}, hold: {Action.Hold}}}\nrewards:\n");
        foreach (RewardSettings reward in Rewards)
        {
            string values = string.Concat(RewardKinds.ParametersOf(reward.Name).Zip(reward.Values, (p, value) => string.Create(invariant, $", {p.Key}: {value:R}")));
            text.Append(invariant, $"  {reward.Name}: {{weight: {reward.Weight:R}{values}}}\n");
        }
        text.Append(invariant, $"episode: {{max_steps: {MaxSteps}, random_start: {RandomStart:R}, end_on_wrong_press: {Word(EndOnWrongPress)}}}\n");
        return text.ToString();
    }

    private static TaskDefinition Read(YamlMap map)
    {
        YamlMap episode = map.Map("episode");
        var definition = new TaskDefinition
        {
            Lookahead = map.Integer("lookahead", 10, 0, MostLookahead),
            Privileged = map.Flag("privileged", false),
            Observations = ReadObservations(map),
            Action = ReadAction(map.Map("action")),
            Rewards = ReadRewards(map),
            MaxSteps = episode.Integer("max_steps", 0, 0, MostSteps),
            RandomStart = episode.Number("random_start", 0, 0, 1),
            EndOnWrongPress = episode.Flag("end_on_wrong_press", false),
        };
        episode.RejectUnknown();
        map.RejectUnknown();
        return definition;
    }

    private static IReadOnlyList<string> ReadObservations(YamlMap map)
    {
        IReadOnlyList<string> names = map.Texts("observations");
        if (names.Count == 0)
            throw map.Error("observations", $"must name what is observed, some of {string.Join(", ", ObservationKinds.Names)}");
        if (names.FirstOrDefault(name => !ObservationKinds.Names.Contains(name)) is { } unknown)
            throw map.Error("observations", $"names '{unknown}', must be some of {string.Join(", ", ObservationKinds.Names)}");
        if (names.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw map.Error("observations", $"names '{twice.Key}' twice");
        return names;
    }

    private static ActionSettings ReadAction(YamlMap map)
    {
        var settings = new ActionSettings
        {
            Kind = map.Choice("kind", "canonical", "canonical", "residual") == "residual" ? ActionKind.Residual : ActionKind.Canonical,
            Factor = map.Number("factor", new ActionSettings().Factor, 1e-6, 1),
            Pedal = map.Choice("pedal", "policy", "policy", "song") == "song" ? PedalSource.Song : PedalSource.Policy,
            Hold = map.Integer("hold", 1, 1, MostHold),
        };
        map.RejectUnknown();
        return settings;
    }

    private static RewardSettings[] ReadRewards(YamlMap map)
    {
        YamlMap rewards = map.Map("rewards");
        var terms = new List<RewardSettings>();
        foreach (string name in RewardKinds.Names)
        {
            if (!rewards.Has(name))
                continue;
            YamlMap term = rewards.Map(name);
            terms.Add(new RewardSettings(name, term.Number("weight", 1), [.. RewardKinds.ParametersOf(name).Select(p => term.Number(p.Key, p.Default, p.Min, p.Max))]));
            term.RejectUnknown();
        }
        rewards.RejectUnknown();
        return terms.Count > 0 ? [.. terms] : throw map.Error("rewards", $"must have at least one of {string.Join(", ", RewardKinds.Names)}");
    }

    // Enumerations and flags are lower case in files.
    private static string Word<T>(T value) => $"{value}".ToLowerInvariant();
}
