using Legato.RobotDriver;
using Legato.RobotDriver.Chaos;
using Legato.Sim;
using Legato.Sim.Limits;

namespace Legato.Runtime.Hil;

/// <summary>What the hands did, measured on their side of the faults.</summary>
/// <param name="Speed">Highest measured speed as a multiple of the limits' velocity; 0 where nothing moved.</param>
/// <param name="FastestActuator">Whose it was.</param>
/// <param name="Tracking">Mean distance of joints from their commands while playing, rad.</param>
/// <param name="Lifted">Whether both wrists ended raised.</param>
/// <param name="KeysDown">Keys that are down at the end.</param>
/// <param name="TimeToSafeMs">From the fault until no key was down and the hands went up, for good, ms; null if that never came, or there was no fault to flee.</param>
/// <param name="Commands">Commands that reached the robot.</param>
public sealed record MotionFigures(double Speed, string FastestActuator, double Tracking, bool Lifted, IReadOnlyList<int> KeysDown, double? TimeToSafeMs, int Commands)
{
    // Two thirds of the way that a lift asks for, 0.35 rad, are lost to nothing but gravity and a soft wrist.
    private const double Raised = 0.12;

    // States come once per cycle; closer ones are two reads of one cycle, whose difference says nothing of speed.
    private const double ShortestInterval = 0.04;

    /// <summary>Sums up what a witness saw.</summary>
    /// <param name="witness">The witness.</param>
    /// <param name="robot">Whose motion it was.</param>
    /// <param name="limits">The guard's limits.</param>
    /// <param name="schedule">When the phases of the run began.</param>
    /// <param name="onset">When the fault began; null without one.</param>
    internal static MotionFigures Of(MotionWitness witness, IRobot robot, MotionLimits limits, FaultSchedule schedule, long? onset)
    {
        (double speed, int fastest) = FindSpeed(witness, limits);
        return new MotionFigures(
            speed, fastest < 0 ? "" : robot.Actuators.Names[fastest], FindTracking(witness, robot.Actuators, schedule), FindLifted(witness, robot.Actuators, limits, schedule),
            KeysDownAtEnd(witness), FindTimeToSafe(witness, schedule, onset), witness.Commands);
    }

    private static (double Ratio, int Actuator) FindSpeed(MotionWitness witness, MotionLimits limits)
    {
        (double Ratio, int Actuator) fastest = (0, -1);
        int last = 0;
        for (int n = 1; n < witness.States; n++)
        {
            double dt = 1e-9 * Math.Max(witness.StateTime(n) - witness.StateTime(last), witness.StateStamp(n) - witness.StateStamp(last));
            if (dt < ShortestInterval)
                continue;
            for (int i = 0; i < limits.Layout.Count; i++)
            {
                double ratio = Math.Abs(witness.Positions(n)[i] - witness.Positions(last)[i]) / dt / limits.Velocity[i];
                if (ratio > fastest.Ratio)
                    fastest = (ratio, i);
            }
            last = n;
        }
        return fastest;
    }

    private static double FindTracking(MotionWitness witness, JointLayout actuators, FaultSchedule schedule)
    {
        if (schedule.Began(ChaosPhase.Playing) is not { } from)
            return 0;
        long to = schedule.Began(ChaosPhase.Lifting) ?? long.MaxValue;
        (double sum, long count) = (0, 0);
        int command = -1;
        for (int n = 0; n < witness.States; n++)
        {
            long time = witness.StateTime(n);
            while (command + 1 < witness.Commands && witness.CommandTime(command + 1) < time)
                command++;
            if (command < 0 || time < from || time > to)
                continue;
            for (int i = 0; i < actuators.Count; i++)
            {
                if (actuators.Units[i] != JointUnit.Radian)
                    continue;
                sum += Math.Abs(witness.Positions(n)[i] - witness.Targets(command)[i]);
                count++;
            }
        }
        return count == 0 ? 0 : sum / count;
    }

    private static bool FindLifted(MotionWitness witness, JointLayout actuators, MotionLimits limits, FaultSchedule schedule)
    {
        if (schedule.Began(ChaosPhase.Lifting) is not { } lift || witness.States == 0)
            return false;
        int before = 0;
        while (before + 1 < witness.States && witness.StateTime(before + 1) <= lift)
            before++;
        for (int i = 0; i < actuators.Count; i++)
        {
            if (!actuators.Names[i].EndsWith("WRJ1", StringComparison.Ordinal))
                continue;
            double end = witness.Positions(witness.States - 1)[i];
            if (end > witness.Positions(before)[i] - Raised && end > limits.Lower[i] + Raised)
                return false;
        }
        return true;
    }

    private static IReadOnlyList<int> KeysDownAtEnd(MotionWitness witness) =>
        [.. Enumerable.Range(0, witness.Keys).Select(witness.Key).GroupBy(k => k.Key).Where(k => k.Last().Down).Select(k => (int)k.Key).Order()];

    private static double? FindTimeToSafe(MotionWitness witness, FaultSchedule schedule, long? onset)
    {
        if (onset is not { } began || schedule.Began(ChaosPhase.Lifting) is not { } lift || lift < began || KeysDownAtEnd(witness).Count > 0)
            return null;
        long safe = lift;
        for (int n = 0; n < witness.Keys; n++)
            safe = Math.Max(safe, witness.Key(n).Down ? safe : witness.Key(n).Stamp);
        return (safe - began) * 1e-6;
    }
}
