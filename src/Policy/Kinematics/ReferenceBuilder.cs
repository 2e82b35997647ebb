using Legato.Policy.Feedforward;
using Legato.Policy.Fingering;
using Legato.Policy.Planning;
using Legato.Sim;
using Legato.Sim.Scene;

namespace Legato.Policy.Kinematics;

/// <summary>What the hands should do: poses for every step, and the extra targets that push pressed keys down.</summary>
/// <param name="Tips">Fingertip targets.</param>
/// <param name="Poses">Actuator coordinates at the end of every step.</param>
/// <param name="Force">Target offsets that make fingers push.</param>
/// <param name="WorstError">Largest error of a pressing fingertip in the plan, m.</param>
public sealed record MotionReference(TipReference Tips, CommandTable Poses, CommandTable Force, double WorstError);

/// <summary>Turns a fingered song into poses: carriage first, then inverse kinematics step by step.</summary>
public static class ReferenceBuilder
{
    private const int SettlingIterations = 10;

    /// <summary>Builds the reference. The hands start open, as the robot's zero pose, and reach the keys within the lead-in.</summary>
    public static MotionReference Build(HandKinematics kinematics, PlayingPosture posture, FingeringPlan fingering, int leadIn, int songSteps, KeystrokeStyle style, InverseKinematicsOptions options)
    {
        PianoScene scene = kinematics.Scene;
        int steps = leadIn + songSteps, fingers = scene.Fingers.Count;
        var tips = new TipReference(scene, fingering, leadIn, songSteps, kinematics.TipRadius, style);
        double[][] carriages = CarriagePlanner.PlanBoth(scene, fingering, posture.Span, leadIn, songSteps);
        var ik = new InverseKinematics(kinematics, options);
        var push = new PressForce(kinematics);
        var poses = new CommandTable(scene.Actuators, steps);
        var force = new CommandTable(scene.Actuators, steps);
        double[] pose = [.. posture.Pose];
        pose[scene.Actuators.Require("rh_forearm_tx")] = carriages[0][0];
        pose[scene.Actuators.Require("lh_forearm_tx")] = carriages[1][0];
        var row = new TipTarget[fingers];
        double worst = 0;
        for (int t = -SettlingIterations; t < steps; t++)
        {
            int step = Math.Max(t, 0);
            for (int f = 0; f < fingers; f++)
                row[f] = tips[step, f];
            double error = ik.Solve(row, posture.Pose, [carriages[0][step], carriages[1][step]], pose);
            if (t < 0)
                continue;
            worst = Math.Max(worst, error);
            pose.CopyTo(poses[t]);
            push.Add(row, force[t]);
        }
        BlendFromOpenHand(poses, leadIn);
        return new MotionReference(tips, poses, force, worst);
    }

    // Most of the lead-in goes into moving, the rest into coming to rest over the keys.
    private static void BlendFromOpenHand(CommandTable poses, int leadIn)
    {
        int blend = Math.Max(1, leadIn * 3 / 5);
        for (int t = 0; t < blend; t++)
        {
            double s = (t + 1) / (double)blend;
            s = s * s * (3 - (2 * s));
            foreach (ref double value in poses[t])
                value *= s;
        }
    }
}
