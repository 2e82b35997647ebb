using Legato.RobotDriver.Chaos;
using Legato.Runtime.Cli;
using Legato.Sim.Configuration;

namespace Legato.Runtime.Hil;

/// <summary>Reads scenarios from YAML; every key is in <c>hardware/config/scenario.schema.json</c> and <c>docs/hil.md</c>. Stateless.</summary>
internal static class ScenarioReader
{
    private const string Any = "any";

    // Joints overshoot their commands by a tenth or so, as in a run in which nothing goes wrong.
    private const double UsualSpeed = 1.5;

    /// <summary>Every kind of fault.</summary>
    public static IReadOnlyList<FaultKind> Kinds { get; } = [.. FaultCatalogue.Kinds, .. RigFaults.Kinds];

    /// <summary>Names of the phases, in the order of <see cref="ChaosPhase"/>.</summary>
    public static IReadOnlyList<string> Phases { get; } = [.. Enum.GetNames<ChaosPhase>().Select(n => n.ToLowerInvariant())];

    /// <summary>Reads a file.</summary>
    public static Scenario Read(string path)
    {
        YamlMap map = StrictYaml.ReadFile(path);
        IReadOnlyList<Fault> faults = [.. map.Maps("faults").Select(ReadFault)];
        var scenario = new Scenario
        {
            File = path,
            Name = Path.GetFileNameWithoutExtension(path),
            Description = map.RequireText("description"),
            Pain = map.Has("pain") ? map.Integer("pain", 0, 1, 10) : throw map.Error("pain", "is missing; give the number of a row of docs/hil.md"),
            IsHazard = map.Flag("hazard", false),
            IsShort = map.Flag("short", false),
            Piece = ReadPiece(map.Map("play")),
            Faults = faults,
            Expect = ReadExpectations(map.Map("expect")),
        };
        if (faults.FirstOrDefault(f => f is not RigFault) is { } inside && scenario.IsOfProcess)
            throw map.Error("faults", $"has '{inside.Kind}', which happens inside 'legato play', beside a signal to that process; make two scenarios of it");
        map.RejectUnknown();
        return scenario;
    }

    private static ScenarioPiece ReadPiece(YamlMap map)
    {
        ScenarioPiece usual = ScenarioPiece.Default;
        string? song = map.Has("song") ? map.RequireText("song") : null;
        double seconds = map.Number("seconds", usual.Seconds, 0.2, 60);
        if (song is not null && map.Has("notes"))
            throw map.Error("notes", "stands beside 'song'; give one of them");
        IReadOnlyList<int> notes = map.Has("notes") ? [.. map.Texts("notes").Select(Note)] : usual.Notes;
        map.RejectUnknown();
        return new ScenarioPiece(song, song is null ? notes : [], seconds);

        int Note(string text) => int.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out int note) && note is >= 21 and <= 108
            ? note
            : throw map.Error("notes", $"has '{text}', must be MIDI notes 21..108");
    }

    private static Fault ReadFault(YamlMap map)
    {
        string name = map.RequireText("kind");
        if (Kinds.FirstOrDefault(k => k.Name == name) is not { } kind)
        {
            string? near = Suggestion.For(name, Kinds.Select(k => k.Name));
            throw map.Error("kind", $"is '{name}'{(near is null ? "" : $"; did you mean '{near}'?")} (kinds: {string.Join(", ", Kinds.Select(k => k.Name))})");
        }
        string phase = map.Choice("in", "playing", [.. Phases]);
        var window = new FaultWindow(
            Enum.Parse<ChaosPhase>(phase, ignoreCase: true),
            TimeSpan.FromSeconds(map.Number("after", 0, 0, 600)),
            map.Has("for") ? TimeSpan.FromSeconds(map.Number("for", 0, 0.001, 600)) : null);
        Fault fault = kind.Read(map, window);
        map.RejectUnknown();
        return fault;
    }

    private static Expectations ReadExpectations(YamlMap map)
    {
        string ended = map.RequireText("ended");
        // A run that never began has moved nothing and recorded nothing.
        bool moves = ended != ScenarioFacts.Refused;
        var expect = new Expectations
        {
            Ended = ended == Any ? null : ended,
            Exit = ended == ScenarioFacts.Killed || map.Text("exit", "") == Any ? null : map.Integer("exit", ended == Experiments.PlayReport.Completed ? 0 : 1, 0, 255),
            Says = map.Texts("says"),
            SafeWithin = Number(map, "safe_within", null, 60),
            Lifted = Flag(map, "lifted", moves),
            KeysUp = Flag(map, "keys_up", true),
            Speed = Number(map, "speed", moves ? UsualSpeed : null, 1000),
            Tracking = Number(map, "tracking", null, 10),
            F1 = Number(map, "f1", null, 1),
            Clamped = Flag(map, "clamped", null),
            Recording = map.Choice("recording", moves ? "whole" : "none", "whole", "cut", "none", Any) switch
            {
                "whole" => RecordingState.Whole,
                "cut" => RecordingState.Cut,
                "none" => RecordingState.None,
                _ => null,
            },
            Replays = Flag(map, "replays", null),
            Quality = map.Texts("quality"),
        };
        map.RejectUnknown();
        return expect;
    }

    private static bool? Flag(YamlMap map, string key, bool? fallback) =>
        map.Choice(key, fallback switch { true => "true", false => "false", null => Any }, "true", "false", Any) switch
        {
            "true" => true,
            "false" => false,
            _ => null,
        };

    private static double? Number(YamlMap map, string key, double? fallback, double max) =>
        !map.Has(key) ? fallback : map.Text(key, "") == Any ? null : map.Number(key, 0, 0, max);
}
