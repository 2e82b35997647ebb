namespace Legato.Runtime.Watchdog;

/// <summary>What a watchdog did, for <c>watchdog.json</c> in the folder of the run. Times are milliseconds since the last sign of life.</summary>
public sealed record WatchdogNote
{
    /// <summary>Name of the file.</summary>
    public const string FileName = "watchdog.json";

    /// <summary>Why it took over.</summary>
    public required TakeoverReason Reason { get; init; }

    /// <summary>Process that was deposed.</summary>
    public required int ControlProcess { get; init; }

    /// <summary>When, UTC.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>Last sign of life of the control thread, ns of the monotonic clock.</summary>
    public required long LastBeatNs { get; init; }

    /// <summary>When the watchdog decided to take over.</summary>
    public required double DecidedMs { get; init; }

    /// <summary>When the first command of the lift was handed to DDS; null if nothing was sent.</summary>
    public double? FirstCommandMs { get; init; }

    /// <summary>When the first motion upwards was measured; null if none was.</summary>
    public double? FirstMotionMs { get; init; }

    /// <summary>When everything that is raised was measured at four fifths of its way; null if it never was.</summary>
    public double? RaisedMs { get; init; }

    /// <summary>Whether the lift began from the measured pose; otherwise from the last command, as no measured state was fresh.</summary>
    public bool FromMeasured { get; init; }

    /// <summary>Whether the raised pose itself was commanded in the end; a finger that is held keeps the guard from it.</summary>
    public bool RaisedCommanded { get; init; }

    /// <summary>Whether the control process was in the middle of a send.</summary>
    public bool WasSending { get; init; }

    /// <summary>Whether it was killed therefore.</summary>
    public bool WasKilled { get; init; }

    /// <summary>Commands of the lift, the hold included.</summary>
    public int Commands { get; init; }

    /// <summary>Commands that DDS refused.</summary>
    public int Failed { get; init; }

    /// <summary>Commands of the lift that the guard changed, counted per actuator.</summary>
    public long Clamped { get; init; }

    /// <summary>What the operator should know, in one line.</summary>
    public string Describe()
    {
        string why = Reason == TakeoverReason.Dead
            ? $"the control process {ControlProcess} has ended in the middle of a motion"
            : FormattableString.Invariant($"the control process {ControlProcess} gave no sign of life for {DecidedMs:0} ms");
        if (FirstCommandMs is null)
            return $"{why}; it had sent nothing yet, so nothing is lifted";
        string from = FromMeasured ? "from where they were measured" : "from the last command, as no measured state was fresh";
        string seen = RaisedMs is { } raised ? FormattableString.Invariant($"raised after {raised:0} ms") : "but were NOT SEEN to rise: look at them";
        string after = WasKilled ? "it was killed in the middle of a send" : Reason == TakeoverReason.Silent ? "it may not command any more: look at the rig, then end it" : "look at the rig";
        return FormattableString.Invariant($"{why}: the hands were lifted {from}, first command after {FirstCommandMs:0} ms, {seen}, and hold; {after}");
    }
}
