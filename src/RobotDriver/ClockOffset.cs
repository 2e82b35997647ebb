namespace Legato.RobotDriver;

/// <summary>How a clock that stamps something stands against the robot's monotonic clock, and how well that is known.</summary>
/// <param name="Source">Whose clock, for example <c>joint_states</c>.</param>
/// <param name="OffsetNs">Its time minus the robot's at the newest sample, ns.</param>
/// <param name="ErrorNs">How far the offset may be off for reasons that can be seen, ns; a delay that is the same for every message cannot.</param>
/// <param name="DriftPpm">How much faster it runs, parts per million; null where too little was heard.</param>
/// <param name="Samples">Stamps that it was estimated from.</param>
/// <param name="Method">How, in words.</param>
public sealed record ClockOffset(string Source, long OffsetNs, long ErrorNs, double? DriftPpm, long Samples, string Method);
