using Legato.Music;
using Legato.RobotDriver;
using Legato.Runtime.Loop;
using Legato.Runtime.Passport;
using Legato.Runtime.Safety;

namespace Legato.Runtime.Experiments;

/// <summary>What <c>play --json</c> prints and <c>run.json</c> keeps.</summary>
public sealed record PlayReport
{
    /// <summary>How a run ended that was played to its end.</summary>
    public const string Completed = "completed";

    /// <summary>The word for a run that ended for a cause of its own; see <see cref="Ended"/>.</summary>
    public static string EndOf(RunCause cause) => cause.ToString().ToLowerInvariant();

    /// <summary>How a run ended, by whom it was stopped or for which cause; see <see cref="Ended"/>.</summary>
    public static string EndOf(LoopReport report) => report.StoppedBy is { } who ? $"stopped by {who}" : EndOf(report.Cause);

    /// <summary>Folder of the run.</summary>
    public required string Run { get; init; }

    /// <summary>Name of the song.</summary>
    public required string Song { get; init; }

    /// <summary>Name of the robot.</summary>
    public required string Robot { get; init; }

    /// <summary>Folder of the policy bundle.</summary>
    public required string Policy { get; init; }

    /// <summary>RoboPianist's precision.</summary>
    public required double Precision { get; init; }

    /// <summary>RoboPianist's recall.</summary>
    public required double Recall { get; init; }

    /// <summary>RoboPianist's F1.</summary>
    public required double F1 { get; init; }

    /// <summary>The same for pressing nothing.</summary>
    public required double F1Silent { get; init; }

    /// <summary>F1 over all steps together.</summary>
    public required double F1Micro { get; init; }

    /// <summary>Onset F1 within ±50 ms of the note trajectory, in which a repeated note begins one step late.</summary>
    public required double OnsetF1 { get; init; }

    /// <summary>Onset F1 within ±50 ms of the notes as written.</summary>
    public required double OnsetF1Written { get; init; }

    /// <summary>Timing of the onsets met.</summary>
    public required OnsetError OnsetErrorMs { get; init; }

    /// <summary>Steps scored.</summary>
    public required int Steps { get; init; }

    /// <summary>What the same plan scored in the simulator when it was made.</summary>
    public required double PredictedF1 { get; init; }

    /// <summary>What was expected before anything moved; null if nobody asked.</summary>
    public FlightPassport? Passport { get; init; }

    /// <summary>Whether F1 lies in the passport's interval; null without a passport.</summary>
    public bool? AsPredicted { get; init; }

    /// <summary>What was corrected by ear in the end, hand by hand; null where the plan was played row by row.</summary>
    public IReadOnlyList<HandFeedback>? Feedback { get; init; }

    /// <summary>How the run ended: <c>stopped</c> or <c>faulted</c>, and why.</summary>
    public required string Ended { get; init; }

    /// <summary>Timing and memory of the loop.</summary>
    public required LoopSummary Loop { get; init; }

    /// <summary>What the guard changed.</summary>
    public required GuardCounts Guard { get; init; }

    /// <summary>Messages lost per stream.</summary>
    public required IReadOnlyDictionary<string, long> Lost { get; init; }

    /// <summary>A to F.</summary>
    public required string Quality { get; init; }

    /// <summary>Why not better.</summary>
    public required string QualityReason { get; init; }

    /// <summary>The clocks behind the stamps.</summary>
    public IReadOnlyList<ClockSummary> Clocks { get; init; } = [];

    /// <summary>Wall-clock seconds of planning in this call, 0 when the plan was kept.</summary>
    public required double PlanningSeconds { get; init; }

    /// <summary>Notes of the song that are not played, and why.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>Prints the report for people.</summary>
    public void Print(TextWriter writer)
    {
        writer.WriteLine(FormattableString.Invariant($"{Song} on {Robot}: F1 {F1:0.000} (precision {Precision:0.000}, recall {Recall:0.000}; pressing nothing {F1Silent:0.000}), onset F1 {OnsetF1:0.000}"));
        writer.WriteLine(FormattableString.Invariant($"  predicted {PredictedF1:0.000}; {Steps} steps; onsets {OnsetErrorMs.Median:0.0} ms median, {OnsetErrorMs.P95:0.0} ms p95; {Ended}"));
        if (Passport is { } passport)
            writer.WriteLine($"  passport: F1 {passport.F1}: {(AsPredicted == true ? "came true" : "did not come true")}");
        foreach (HandFeedback hand in Feedback?.Where(h => h.IsCorrected) ?? [])
            writer.WriteLine(FormattableString.Invariant($"  by ear: {hand.Hand} hand strikes {hand.OnsetMs:0} ms and lets go {hand.ReleaseMs:0} ms earlier than planned, its rail goes {hand.RailMs:0} ms earlier and {hand.AsideMm:0.#} mm beside, fingers press {hand.ForceN:0.#} N harder"));
        writer.WriteLine(FormattableString.Invariant($"  loop: {Loop.Overruns} overruns, late {Loop.LatenessUs.P50:0} us p50, {Loop.LatenessUs.P99:0} us p99, {Loop.LatenessUs.Max:0} us max, {Loop.AllocatedBytes} bytes, {Loop.GcCount} collections; {Loop.RealTime}"));
        Loop.PrintMissed(writer);
        writer.WriteLine(FormattableString.Invariant($"  guard: {Guard.Clamped} clamped, {Guard.Refused} refused; lost: {Lost.Values.Sum()}; quality {Quality} ({QualityReason})"));
        writer.WriteLine($"  {Run}");
    }
}

/// <summary>How a hand was commanded beside its plan in the end, because of what was heard.</summary>
/// <param name="Hand"><c>right</c> or <c>left</c>.</param>
/// <param name="OnsetMs">How much earlier it struck keys, ms.</param>
/// <param name="ReleaseMs">How much earlier it let go of them, ms.</param>
/// <param name="RailMs">How much earlier the rail along the keyboard was commanded, ms.</param>
/// <param name="AsideMm">How far it was moved towards higher notes (larger y), mm.</param>
/// <param name="ForceN">How much harder each of its fingers pressed, N.</param>
public sealed record HandFeedback(string Hand, double OnsetMs, double ReleaseMs, double RailMs, double AsideMm, double ForceN)
{
    /// <summary>Whether anything was corrected.</summary>
    internal bool IsCorrected => (OnsetMs, ReleaseMs, RailMs, AsideMm, ForceN) != (0, 0, 0, 0, 0);
}

/// <summary>Timing and memory of the control loop.</summary>
public sealed record LoopSummary(long Cycles, long Overruns, long Skipped, LatencySummary LatenessUs, long AllocatedBytes, int GcCount, string RealTime, IReadOnlyList<SectionReport> Sections)
{
    // More are in run.json.
    private const int MissedLines = 5;

    /// <summary>Intervals between commands, policy evaluations, and cycles handed to the recorder.</summary>
    public IReadOnlyList<CadenceReport> Cadences { get; init; } = [];

    /// <summary>The newest missed deadlines, oldest first.</summary>
    public IReadOnlyList<MissedDeadline> Missed { get; init; } = [];

    /// <summary>Age of the states that cycles acted on, microseconds.</summary>
    public LatencySummary StateAgeUs { get; init; }

    /// <summary>Cycles whose state was older than a period.</summary>
    public long AgedStates { get; init; }

    /// <summary>Share of the guard's following distance that 99 % of the cycles stay within.</summary>
    public double Following { get; init; }

    /// <summary>Takes what a report says of the loop.</summary>
    public static LoopSummary Of(LoopReport report) => new(
        report.Timing.Cycles, report.Timing.Overruns, report.Timing.Skipped, report.Timing.LatenessUs,
        report.Timing.AllocatedBytes, report.Timing.GcCount, report.RealTime, report.Timing.Sections)
    {
        Cadences = report.Timing.Cadences,
        Missed = report.Timing.Missed,
        StateAgeUs = report.Timing.StateAgeUs,
        AgedStates = report.Timing.AgedStates,
        Following = report.Timing.Following,
    };

    /// <summary>Prints the newest missed deadlines, one line each with the section to blame.</summary>
    public void PrintMissed(TextWriter writer)
    {
        foreach (MissedDeadline m in Missed.TakeLast(MissedLines))
            writer.WriteLine(FormattableString.Invariant($"  missed: cycle {m.Cycle} ended {m.LateUs / 1000:0.0} ms late, {m.Section.ToString().ToLowerInvariant()} took {m.SectionUs / 1000:0.0} ms, {m.LeftOut} cycles left out"));
    }
}
