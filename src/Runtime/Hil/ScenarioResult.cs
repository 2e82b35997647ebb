namespace Legato.Runtime.Hil;

/// <summary>What a scenario was found to be.</summary>
public enum ScenarioVerdict
{
    /// <summary>Everything was as expected.</summary>
    Passed,

    /// <summary>Something was not.</summary>
    Failed,

    /// <summary>It was not run.</summary>
    Skipped,
}

/// <summary>A scenario that was run, or not.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Repeat">0 for the first time.</param>
/// <param name="Verdict">What it was found to be.</param>
/// <param name="Reasons">What was not as expected, or why it was not run; one line each.</param>
/// <param name="Seconds">Wall-clock time.</param>
/// <param name="Facts">What came of it; null if it was not run.</param>
public sealed record ScenarioResult(string Name, int Repeat, ScenarioVerdict Verdict, IReadOnlyList<string> Reasons, double Seconds, ScenarioFacts? Facts)
{
    /// <summary>A scenario that is not run.</summary>
    public static ScenarioResult Skip(Scenario scenario, string reason) => new(scenario.Name, 0, ScenarioVerdict.Skipped, [reason], 0, null);
}

/// <summary>A row of <c>hil --json</c>.</summary>
/// <param name="Name">Name of the scenario.</param>
/// <param name="Repeat">0 for the first time.</param>
/// <param name="Verdict">Passed, failed, skipped.</param>
/// <param name="Reasons">Why not passed.</param>
/// <param name="Seconds">Wall-clock time.</param>
/// <param name="Ended">How the run ended.</param>
/// <param name="TimeToSafeMs">From the fault until no key was down and the hands went up.</param>
/// <param name="Speed">Highest measured speed as a multiple of its limit.</param>
/// <param name="Run">Folder of the run.</param>
public sealed record HilRow(string Name, int Repeat, ScenarioVerdict Verdict, IReadOnlyList<string> Reasons, double Seconds, string? Ended, double? TimeToSafeMs, double? Speed, string? Run);

/// <summary>What came of all scenarios.</summary>
/// <param name="Robot">Name of the robot.</param>
/// <param name="Started">When they began.</param>
/// <param name="Results">One per scenario and repeat, in the order of running.</param>
public sealed record HilReport(string Robot, DateTimeOffset Started, IReadOnlyList<ScenarioResult> Results)
{
    /// <summary>How many have a verdict.</summary>
    public int Count(ScenarioVerdict verdict) => Results.Count(r => r.Verdict == verdict);

    /// <summary>Wall-clock time of all, s.</summary>
    public double Seconds => Results.Sum(r => r.Seconds);

    /// <summary>The longest time to a safe state among those that were measured; null if none was.</summary>
    public ScenarioResult? Worst => Results.Where(r => r.Facts?.TimeToSafeMs is not null).MaxBy(r => r.Facts!.TimeToSafeMs);

    /// <summary>What <c>hil --json</c> prints.</summary>
    public object ToJson() => new
    {
        Robot,
        Scenarios = Results.Count,
        Passed = Count(ScenarioVerdict.Passed),
        Failed = Count(ScenarioVerdict.Failed),
        Skipped = Count(ScenarioVerdict.Skipped),
        WorstTimeToSafeMs = Worst?.Facts!.TimeToSafeMs,
        WorstScenario = Worst?.Name,
        Seconds,
        Results = Results.Select(r => new HilRow(r.Name, r.Repeat, r.Verdict, r.Reasons, r.Seconds, r.Facts?.Ended, r.Facts?.TimeToSafeMs, r.Facts?.Motion?.Speed, r.Facts?.Run)),
    };
}
