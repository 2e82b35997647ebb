namespace Legato.Runtime.Watchdog;

/// <summary>Why a watchdog takes over.</summary>
public enum TakeoverReason
{
    /// <summary>It does not.</summary>
    None,

    /// <summary>The control process has ended in the middle of a motion.</summary>
    Dead,

    /// <summary>The control thread gives no sign of life.</summary>
    Silent,
}

/// <summary>Decides whether a control process has to be deposed.</summary>
/// <param name="options">Times.</param>
/// <remarks>Pure; times are nanoseconds of the monotonic clock.</remarks>
public readonly struct SilenceRule(WatchdogOptions options)
{
    private readonly long _silence = options.Silence.Ticks * TimeSpan.NanosecondsPerTick;
    private readonly long _oversleep = options.Oversleep.Ticks * TimeSpan.NanosecondsPerTick;

    /// <summary>Judges.</summary>
    /// <param name="right">Who may command.</param>
    /// <param name="hasMoved">Whether anything was sent that moves: before, hands that nobody tends are where they were.</param>
    /// <param name="now">The time.</param>
    /// <param name="due">When this look was due: after a late one the other side gets one more poll, as it may have stood still with the machine.</param>
    /// <param name="beat">Last sign of life of the control thread.</param>
    /// <param name="hasEnded">Whether the control process has ended.</param>
    public TakeoverReason Judge(CommandRight right, bool hasMoved, long now, long due, long beat, bool hasEnded)
    {
        if (right is CommandRight.Standby or CommandRight.Deposed)
            return TakeoverReason.None;
        if (hasEnded)
            return TakeoverReason.Dead;
        return hasMoved && now - beat > _silence && now - due <= _oversleep ? TakeoverReason.Silent : TakeoverReason.None;
    }
}
