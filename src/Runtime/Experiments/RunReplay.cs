using Legato.RobotDriver;
using Legato.Sim;
using Legato.Sim.Scene;

namespace Legato.Runtime.Experiments;

/// <summary>Where a re-simulation first left the recording.</summary>
/// <param name="Cycle">Index of the recorded cycle.</param>
/// <param name="Step">The policy's step, or −1.</param>
/// <param name="Seconds">Since the first cycle.</param>
/// <param name="Joint">Name of the joint.</param>
/// <param name="Error">Simulated minus measured, rad or m.</param>
public sealed record Divergence(int Cycle, int Step, double Seconds, string Joint, double Error);

/// <summary>How a re-simulation compares with a recording.</summary>
/// <param name="Cycles">Cycles compared.</param>
/// <param name="MaxJointErrorRad">Largest error of any hinge, rad.</param>
/// <param name="MaxRailErrorM">Largest error of any carriage, m.</param>
/// <param name="FirstDivergence">First error above the tolerance, or null.</param>
/// <param name="Tolerance">The tolerance, rad or m.</param>
/// <param name="Bitwise">Every joint position and key event has the recorded bits.</param>
/// <param name="KeyEvents">Key events recorded and re-simulated.</param>
/// <param name="Warnings">What is missing from the recording.</param>
public sealed record ReplayReport(int Cycles, double MaxJointErrorRad, double MaxRailErrorM, Divergence? FirstDivergence, double Tolerance, bool Bitwise, IReadOnlyList<int> KeyEvents, IReadOnlyList<string> Warnings);

/// <summary>Re-simulates a recorded run: its commands at their times, from its initial state.</summary>
public static class RunReplay
{
    /// <summary>Replays.</summary>
    /// <param name="run">The recording.</param>
    /// <param name="scene">The scene with the chosen parameters.</param>
    /// <param name="fromRest">True when the run was simulated from the world's start, so that its time is the world's own.</param>
    /// <param name="tolerance">Error that counts as a divergence, rad or m.</param>
    /// <exception cref="InputException">The run's actuators or joints are not those of the scene.</exception>
    public static async Task<ReplayReport> ReplayAsync(RecordedRun run, PianoScene scene, bool fromRest, double tolerance)
    {
        await using var robot = new SimRobot("replay", scene);
        Require(run.Actuators, robot.Actuators, "actuators");
        Require(run.Joints, robot.Joints, "joints");
        await robot.ConnectAsync(CancellationToken.None);
        long origin = 0;
        if (!fromRest)
        {
            RecordedCycle first = run.Cycles.FirstOrDefault(c => c.Measured is not null)
                ?? throw new InputException("the recording has no measured joint state to start from");
            origin = run.Cycles[0].Woke;
            robot.World.SetJoints(first.Measured);
        }

        var state = new RobotState(robot.Joints);
        double joint = 0, rail = 0;
        bool bitwise = true;
        Divergence? divergence = null;
        var keys = new List<KeyEvent>();
        for (int i = 0; i < run.Cycles.Count; i++)
        {
            RecordedCycle cycle = run.Cycles[i];
            robot.Clock.SleepUntil(cycle.Woke - origin);
            bool fresh = robot.TryRead(state);
            while (robot.TryReadKey(out KeyEvent key))
                keys.Add(key);
            if (cycle.Measured is { } measured)
            {
                bitwise &= fresh;
                for (int j = 0; j < measured.Length; j++)
                {
                    double error = state.Positions[j] - measured[j];
                    bitwise &= BitConverter.DoubleToInt64Bits(state.Positions[j]) == BitConverter.DoubleToInt64Bits(measured[j]);
                    bool isRail = run.Joints.Units[j] == JointUnit.Metre;
                    joint = isRail ? joint : Math.Max(joint, Math.Abs(error));
                    rail = isRail ? Math.Max(rail, Math.Abs(error)) : rail;
                    if (divergence is null && Math.Abs(error) > tolerance)
                        divergence = new Divergence(i, cycle.Step, (cycle.Woke - run.Cycles[0].Woke) * 1e-9, run.Joints.Names[j], error);
                }
            }
            robot.Write(cycle.Sent, cycle.Pedal);
        }

        bitwise &= fromRest && keys.SequenceEqual(run.Keys);
        return new ReplayReport(run.Cycles.Count, joint, rail, divergence, tolerance, bitwise, [run.Keys.Count, keys.Count], run.Loss is null ? [] : [run.Loss]);
    }

    private static void Require(JointLayout recorded, JointLayout own, string what)
    {
        if (!recorded.Equals(own))
            throw new InputException($"the run's {what} are not those of this scene ({recorded.Count} recorded, {own.Count} simulated); choose the robot that it was made with");
    }
}
