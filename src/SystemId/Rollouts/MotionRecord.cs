using Legato.Sim;
using Legato.Sim.Scene;

namespace Legato.SystemId.Rollouts;

/// <summary>A recorded stretch of motion: what was commanded and what was measured.</summary>
/// <remarks>Immutable as long as nobody changes its arrays; thread-safe then. All times are of one clock, in seconds, rising.</remarks>
public sealed class MotionRecord
{
    /// <summary>Creates a record.</summary>
    /// <param name="actuators">Names and units of the targets.</param>
    /// <param name="commandTimes">When each command was sent, s.</param>
    /// <param name="targets">Targets as sent, rad or m, in what the sensors read.</param>
    /// <param name="joints">Names and units of the joints.</param>
    /// <param name="measuredTimes">When each state was reported, s.</param>
    /// <param name="measured">Joint positions as reported, rad or m.</param>
    /// <exception cref="InputException">Fewer than three states, lengths that differ, times that do not rise, or a measured value that is no number.</exception>
    public MotionRecord(JointLayout actuators, double[] commandTimes, double[][] targets, JointLayout joints, double[] measuredTimes, double[][] measured)
    {
        Check("commands", commandTimes, targets, actuators.Count, least: 1);
        Check("joint states", measuredTimes, measured, joints.Count, least: 3);
        if (measured.Any(row => row.Any(value => !double.IsFinite(value))))
            throw new InputException("a measured joint position is no finite number: the recording is damaged");
        (Actuators, CommandTimes, Targets) = (actuators, commandTimes, targets);
        (Joints, MeasuredTimes, Measured) = (joints, measuredTimes, measured);
    }

    /// <summary>Names and units of the targets.</summary>
    public JointLayout Actuators { get; }

    /// <summary>When each command was sent, s.</summary>
    public double[] CommandTimes { get; }

    /// <summary>Targets as sent, per command.</summary>
    public double[][] Targets { get; }

    /// <summary>Names and units of the joints.</summary>
    public JointLayout Joints { get; }

    /// <summary>When each state was reported, s.</summary>
    public double[] MeasuredTimes { get; }

    /// <summary>Joint positions as reported, per state.</summary>
    public double[][] Measured { get; }

    /// <summary>Refuses a scene with other joints or actuators, or another order.</summary>
    /// <exception cref="InputException">They differ.</exception>
    internal void RequireFit(PianoScene scene)
    {
        if (!Actuators.Equals(scene.Actuators) || !Joints.Equals(scene.Joints))
            throw new InputException($"the recording has {Actuators.Count} actuators and {Joints.Count} joints, the scene {scene.Actuators.Count} and {scene.Joints.Count}, or their order differs; use the scene of the recorded robot");
    }

    /// <summary>Whether an actuator is commanded to move by far more than the noise: at rest it shows where friction happened to stop it.</summary>
    internal bool Moves(int actuator, EncoderNoise noise)
    {
        double[] targets = [.. Targets.Select(command => command[actuator])];
        return targets.Max() - targets.Min() >= 20 * noise.Of(Actuators.Units[actuator]);
    }

    /// <summary>How much each actuator is commanded to move in a segment: the sum of the squared steps of its target.</summary>
    internal double[] MovementIn(MotionSegment segment)
    {
        var movement = new double[Actuators.Count];
        for (int c = 1; c < CommandTimes.Length; c++)
        {
            if (CommandTimes[c] < MeasuredTimes[segment.First] || CommandTimes[c] > MeasuredTimes[segment.Last])
                continue;
            for (int a = 0; a < movement.Length; a++)
                movement[a] += (Targets[c][a] - Targets[c - 1][a]) * (Targets[c][a] - Targets[c - 1][a]);
        }
        return movement;
    }

    private static void Check(string what, double[] times, double[][] rows, int width, int least)
    {
        if (times.Length != rows.Length || times.Length < least || rows.Any(row => row.Length != width))
            throw new InputException($"{times.Length} times and {rows.Length} {what}; expected as many, at least {least}, of {width} values each");
        for (int i = 1; i < times.Length; i++)
        {
            if (!(times[i] > times[i - 1]))
                throw new InputException($"times of {what} must rise; number {i} does not");
        }
    }
}
