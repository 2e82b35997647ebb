using Legato.Runtime.Safety;

namespace Legato.Runtime.Loop;

/// <summary>How a run ended.</summary>
/// <param name="State"><see cref="RunState.Stopped"/> or <see cref="RunState.Faulted"/>.</param>
/// <param name="Cause">Why the run ended.</param>
/// <param name="StoppedBy">Who asked to stop, where someone did.</param>
/// <param name="StepsPlayed">Steps of the policy that were sent.</param>
/// <param name="Timing">Time and memory from the first step to the end of the lift.</param>
/// <param name="Guard">What the guard changed, from the first command to the last.</param>
/// <param name="GuardShare">Share of all targets that it changed, 0..1.</param>
/// <param name="RealTime">What the system granted, in one line.</param>
/// <param name="Failure">The first exception of the run, where there was one.</param>
public sealed record LoopReport(
    RunState State,
    RunCause Cause,
    string? StoppedBy,
    int StepsPlayed,
    LoopTimingReport Timing,
    GuardCounts Guard,
    double GuardShare,
    string RealTime,
    Exception? Failure);
