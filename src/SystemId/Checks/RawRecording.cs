using Legato.Sim;
using Legato.SystemId.Rollouts;

namespace Legato.SystemId.Checks;

/// <summary>A recording as it came, whatever is wrong with it.</summary>
/// <remarks>Immutable as long as nobody changes its arrays; thread-safe then. All times are of one clock, in seconds.</remarks>
public sealed record RawRecording
{
    /// <summary>What findings call it.</summary>
    public required string Name { get; init; }

    /// <summary>Names and units of the targets.</summary>
    public required JointLayout Actuators { get; init; }

    /// <summary>When each command was sent, s.</summary>
    public required double[] CommandTimes { get; init; }

    /// <summary>Targets as sent, per command, rad or m.</summary>
    public required double[][] Targets { get; init; }

    /// <summary>How late each cycle began, s.</summary>
    public required double[] Lateness { get; init; }

    /// <summary>Names and units of the joints.</summary>
    public required JointLayout Joints { get; init; }

    /// <summary>When each state was reported, s: stamps of the robot.</summary>
    public required double[] MeasuredTimes { get; init; }

    /// <summary>When each state was read, s: not before it was reported.</summary>
    public required double[] ReadTimes { get; init; }

    /// <summary>Joint positions as reported, per state, rad or m.</summary>
    public required double[][] Measured { get; init; }

    /// <summary>What the recording itself says is missing from it, one line each.</summary>
    public IReadOnlyList<string> Losses { get; init; } = [];

    /// <summary>Grade of the run as a measurement, A to F; null if nobody gave one.</summary>
    public string? Grade { get; init; }

    /// <summary>Why it is not better.</summary>
    public string? GradeReason { get; init; }

    /// <summary>The motion in it. States that carry the stamp of the one before are left out: they say nothing new.</summary>
    /// <exception cref="InputException">It cannot be replayed: too short, times that run backwards, values that are no numbers.</exception>
    public MotionRecord ToMotion()
    {
        int[] fresh = [.. Enumerable.Range(0, MeasuredTimes.Length).Where(i => i == 0 || MeasuredTimes[i] != MeasuredTimes[i - 1])];
        return new MotionRecord(Actuators, CommandTimes, Targets, Joints, [.. fresh.Select(i => MeasuredTimes[i])], [.. fresh.Select(i => Measured[i])]);
    }
}
