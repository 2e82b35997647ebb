using System.Globalization;

namespace Legato.Runtime.Hil;

/// <summary>Compares what came of a scenario with what had to. Stateless.</summary>
public static class ExpectationCheck
{
    private const int ToldKept = 300;

    /// <summary>What differs, one line each; empty if the scenario is passed. What was expected and nobody measured differs, too.</summary>
    public static IReadOnlyList<string> Find(Expectations expect, ScenarioFacts facts)
    {
        var found = new List<string>();
        Require(expect.Ended is null || facts.Ended.StartsWith(expect.Ended, StringComparison.Ordinal), $"ended '{facts.Ended}', not '{expect.Ended}'");
        Require(expect.Exit is null || facts.Exit == expect.Exit, $"exit code {facts.Exit}, not {expect.Exit}");
        foreach (string text in expect.Says)
            Require(facts.Told.Contains(text, StringComparison.OrdinalIgnoreCase), $"the operator was not told '{text}', but: {Tail(facts.Told)}");
        if (expect.SafeWithin is { } limit)
            Require(facts.TimeToSafeMs <= limit * 1000, facts.TimeToSafeMs is { } ms ? $"safe after {Text(ms)} ms, not within {Text(limit * 1000)} ms" : "never came to a safe state");
        if (expect.KeysUp is { } up)
            Require(facts.KeysDown is { } down && (down.Count == 0) == up, facts.KeysDown is { } keys ? $"keys down at the end: {(keys.Count == 0 ? "none" : string.Join(", ", keys))}" : "nobody knows which keys are down");
        // Nothing of the motion can be known where the process that saw it is gone; a scenario of that kind asks the rig instead.
        CheckMotion(expect, facts.Motion);
        if (expect.F1 is { } f1)
            Require(facts.Report?.F1 >= f1, $"F1 {Text(facts.Report?.F1 ?? 0)}, below {Text(f1)}");
        if (expect.Clamped is { } clamped)
            Require(facts.Report is { } report && (report.Guard.Clamped > 0) == clamped, $"the guard clamped {facts.Report?.Guard.Clamped ?? 0} targets");
        Require(expect.Recording is null || facts.Recording == expect.Recording, $"the recording is {Word(facts.Recording)}, not {Word(expect.Recording)}");
        Require(expect.Replays is null || facts.Replays == expect.Replays, facts.Replays == true ? "the recording was re-simulated" : "the recording cannot be re-simulated");
        Require(expect.Quality.Count == 0 || expect.Quality.Contains(facts.Report?.Quality ?? ""), $"quality {facts.Report?.Quality ?? "unknown"} ({facts.Report?.QualityReason}), not {string.Join(" or ", expect.Quality)}");
        return found;

        void Require(bool holds, string otherwise)
        {
            if (!holds)
                found.Add(otherwise);
        }

        void CheckMotion(Expectations wanted, MotionFigures? motion)
        {
            if (wanted.Lifted is { } lifted)
                Require(motion?.Lifted == lifted, motion is null ? "nobody saw whether the hands were lifted" : motion.Lifted ? "the hands were lifted" : "the hands were not lifted");
            if (wanted.Speed is { } speed)
                Require(motion?.Speed <= speed, motion is null ? "nobody saw how fast the hands were" : $"{motion.FastestActuator} moved at {Text(motion.Speed)} times its limit, above {Text(speed)}");
            if (wanted.Tracking is { } tracking)
                Require(motion?.Tracking <= tracking, $"joints were {Text(motion?.Tracking ?? double.NaN)} rad from their commands, more than {Text(tracking)}");
            if (wanted.Ended == ScenarioFacts.Refused)
                Require(motion is null or { Commands: 0 }, $"{motion?.Commands} commands reached the robot, although the run was refused");
        }
    }

    private static string Text(double value) => value.ToString("0.###", CultureInfo.InvariantCulture);

    private static string Word(RecordingState? state) => state.ToString()!.ToLowerInvariant();

    private static string Tail(string told) => (told.Length > ToldKept ? "…" + told[^ToldKept..] : told).ReplaceLineEndings(" | ");
}
