using Legato.Policy.Feedforward;
using Legato.Policy.Fingering;
using Legato.Policy.Kinematics;
using Legato.Sim.Limits;
using Legato.Sim.Scene;

namespace Legato.Policy.Planning;

/// <summary>What the hands should do: poses for every step, and the extra targets that push pressed keys down.</summary>
/// <param name="Tips">Fingertip targets.</param>
/// <param name="Poses">Actuator coordinates at the end of every step.</param>
/// <param name="Force">Target offsets that make fingers push.</param>
/// <param name="WorstError">Largest error of a pressing fingertip in the plan, across the key or above its target, m.</param>
public sealed record MotionReference(TipReference Tips, CommandTable Poses, CommandTable Force, double WorstError);

/// <summary>Turns a fingered song into poses: carriages first, then all joints over the whole song.</summary>
public static class ReferenceBuilder
{
    /// <summary>Builds the reference. The hands start open, as the robot's zero pose, and reach the keys within the lead-in.</summary>
    /// <remarks><paramref name="atStep"/> is called before each step of each iteration and may throw to break off.</remarks>
    public static MotionReference Build(HandKinematics kinematics, PlayingPosture posture, FingeringPlan fingering, int leadIn, int songSteps, KeystrokeStyle style, TrajectoryOptions options, MotionLimits? limits = null, Action<int>? atStep = null)
    {
        PianoScene scene = kinematics.Scene;
        int steps = leadIn + songSteps;
        double[][] carriages = CarriagePlanner.PlanBoth(scene, fingering, posture.Span, leadIn, songSteps);
        var poses = new CommandTable(scene.Actuators, steps);
        int right = scene.Actuators.Require("rh_forearm_tx"), left = scene.Actuators.Require("lh_forearm_tx");
        for (int t = 0; t < steps; t++)
        {
            posture.Pose.CopyTo(poses[t]);
            (poses[t][right], poses[t][left]) = (carriages[0][t], carriages[1][t]);
        }
        TipReference tips;
        using (var optimizer = new TrajectoryOptimizer(kinematics, posture, options, limits))
        {
            tips = new TipReference(scene, fingering, leadIn, songSteps, kinematics.TipRadius, style);
            optimizer.Solve(tips, carriages, poses, atStep);
            if (options.ReleaseEarly && PressFeasibility.ReleaseEarly(fingering, kinematics, tips, poses, leadIn) is { } released)
            {
                tips = new TipReference(scene, released, leadIn, songSteps, kinematics.TipRadius, style);
                optimizer.Solve(tips, carriages, poses, atStep);
            }
        }

        var force = new CommandTable(scene.Actuators, steps);
        var push = new PressForce(kinematics);
        var row = new TipTarget[scene.Fingers.Count];
        double worst = 0;
        for (int t = 0; t < steps; t++)
        {
            for (int f = 0; f < row.Length; f++)
                row[f] = tips[t, f];
            kinematics.SetPose(poses[t]);
            push.Add(row, force[t]);
            worst = Math.Max(worst, kinematics.WorstPressError(row));
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
