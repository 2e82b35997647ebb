using Legato.Policy;
using Legato.Runtime.Experiments;
using Legato.Sim;
using Legato.Sim.Scene;

namespace Legato.Runtime.Explain;

/// <summary>Takes out of a recording what was corrected by ear and by feel.</summary>
/// <remarks>
/// Corrections make up for errors of the rig. In the simulator, which has not got these, they would be errors themselves, and what commanded them would be blamed.
/// </remarks>
internal static class Uncorrected
{
    /// <summary>The run with the plan's rows for targets, and what the guard made of the corrected ones added to them. Measured joints stay.</summary>
    /// <param name="run">The recording.</param>
    /// <param name="plan">What was corrected.</param>
    public static RecordedRun Commands(RecordedRun run, CommandTable plan) => run with
    {
        Cycles = [.. run.Cycles.Select(c => c.Step < 0 ? c : c with { Target = plan[c.Step].ToArray(), Sent = [.. c.Sent.Zip(CorrectionOf(c, plan), (sent, by) => sent - by)] })],
    };

    /// <summary>The run with its hands carried where they would have been measured, had nothing carried them beside the plan.</summary>
    /// <remarks>A finger that strikes earlier to be in time is late without: what it made up for is joints that do not follow. A hand that plays aside follows its piano.</remarks>
    /// <param name="run">The recording.</param>
    /// <param name="plan">What was corrected.</param>
    /// <param name="scene">Says which actuators are rails.</param>
    public static RecordedRun Places(RecordedRun run, CommandTable plan, PianoScene scene)
    {
        int[] rails = [.. Enumerable.Range(0, scene.Actuators.Count).Where(a => scene.Actuators.Units[a] == JointUnit.Metre)];
        return run with { Cycles = [.. run.Cycles.Select(c => c.Step < 0 || c.Measured is null ? c : c with { Measured = Without(c, c.Measured) })] };

        double[] Without(RecordedCycle cycle, double[] measured)
        {
            double[] joints = [.. measured], by = CorrectionOf(cycle, plan);
            foreach (int a in rails)
                joints[scene.JointsOf(a)[0]] -= by[a];
            return joints;
        }
    }

    private static double[] CorrectionOf(RecordedCycle cycle, CommandTable plan)
    {
        double[] by = [.. cycle.Target];
        for (int a = 0; a < by.Length; a++)
            by[a] -= plan[cycle.Step][a];
        return by;
    }
}
