using Legato.RobotDriver;
using Legato.Runtime.Recording;

namespace Legato.Runtime.Experiments;

/// <summary>A clock behind the stamps of a run, against this machine's UNIX time.</summary>
/// <param name="Source">Whose clock: <c>host</c>, <c>joint_states</c>, <c>keyboard</c>.</param>
/// <param name="OffsetUs">Its time minus the host's, microseconds.</param>
/// <param name="ErrorUs">How far that may be off, microseconds.</param>
/// <param name="DriftPpm">How much faster it runs, parts per million; null where that is not known.</param>
/// <param name="Samples">Readings behind it.</param>
/// <param name="Method">How it was estimated.</param>
public sealed record ClockSummary(string Source, double OffsetUs, double ErrorUs, double? DriftPpm, long Samples, string Method)
{
    private const double PerMicrosecond = 1000;

    /// <summary>The host's own clocks first, then those of the robot's streams.</summary>
    /// <param name="robot">Clocks of the robot, against its monotonic time.</param>
    /// <param name="host">From the robot's time to UNIX time.</param>
    public static IReadOnlyList<ClockSummary> Of(IReadOnlyList<ClockOffset> robot, LogClock host) =>
    [
        new("host", 0, host.UncertaintyNs / PerMicrosecond, null, LogClock.Readings, "UNIX time between two readings of the monotonic clock, the closest pair"),
        .. robot.Select(clock => new ClockSummary(clock.Source, OffsetOf(clock, host) / PerMicrosecond, clock.ErrorNs / PerMicrosecond, clock.DriftPpm, clock.Samples, clock.Method)),
    ];

    // A clock that is the robot's own has no offset from it; any other one counts UNIX time.
    private static long OffsetOf(ClockOffset clock, LogClock host) => clock.OffsetNs == 0 ? 0 : clock.OffsetNs - host.OffsetNs;
}
