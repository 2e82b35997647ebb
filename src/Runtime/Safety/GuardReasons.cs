namespace Legato.Runtime.Safety;

/// <summary>Why the guard sent something other than the target of an actuator.</summary>
[Flags]
public enum GuardReasons : byte
{
    /// <summary>The target was sent as it was.</summary>
    None = 0,

    /// <summary>The target was not a finite number: the last sent value was the target instead.</summary>
    NotFinite = 1,

    /// <summary>Outside the actuator's range.</summary>
    Position = 2,

    /// <summary>Too far from where the joint was measured.</summary>
    Following = 4,

    /// <summary>The hands would come closer than they may.</summary>
    Separation = 8,

    /// <summary>Faster than the actuator may go.</summary>
    Velocity = 16,

    /// <summary>A change of velocity above the limit, or too fast to stop before the range ends.</summary>
    Acceleration = 32,

    /// <summary>In the robot's model a hand would come too near the other one or the piano's frame.</summary>
    Clearance = 64,
}

/// <summary>What the guard did so far, counted in actuator-cycles.</summary>
/// <param name="Clamped">Targets that were sent changed.</param>
/// <param name="Refused">Targets that were no numbers and were not sent at all.</param>
public readonly record struct GuardCounts(long Clamped, long Refused);
