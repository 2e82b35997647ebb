using Legato.Sim.Parameters;
using Legato.Sim.Scene;

namespace Legato.Sim.Drives;

/// <summary>How what a rig reports of its joints differs from where they are: zeros that are off, and lags.</summary>
/// <remarks>In the order of the scene's joints. Stateless and thread-safe.</remarks>
public static class JointReports
{
    /// <summary>What is added to each joint, rad or m. Each sensor of a coupled finger shows half its drive's offset.</summary>
    /// <param name="scene">Names the joints; with parameters applied or without.</param>
    /// <param name="parameters">The rig's.</param>
    public static double[] Zeros(PianoScene scene, SimParameters parameters)
    {
        var zeros = new double[scene.Joints.Count];
        for (int a = 0; a < scene.Actuators.Count; a++)
        {
            IReadOnlyList<int> own = scene.JointsOf(a);
            double offset = parameters.Drive(SceneParameters.DriveName(scene.Actuators.Names[a])).Offset;
            foreach (int j in own)
                zeros[j] += offset / own.Count;
        }
        return zeros;
    }

    /// <summary>How old each joint's report is, s; rails report at once.</summary>
    /// <param name="scene">Names the joints; with parameters applied or without.</param>
    /// <param name="parameters">The rig's.</param>
    public static double[] Lags(PianoScene scene, SimParameters parameters)
    {
        double right = parameters["right_hand.report_lag"], left = parameters["left_hand.report_lag"];
        return [.. scene.Joints.Names.Select((name, j) => scene.Joints.Units[j] == JointUnit.Metre ? 0 : name.StartsWith(HandSide.Right.Prefix(), StringComparison.Ordinal) ? right : left)];
    }
}
