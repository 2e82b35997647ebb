namespace Legato.Policy.Feedback;

/// <summary>Draws wrist and fingers to where the plan's own roll-out had them, from where they are measured: proportional feedback around a feedforward.</summary>
/// <remarks>
/// Weak, slow, rubbing or heavy drives leave joints behind, and a finger that has slipped off or jammed is off its way; a target beyond the plan's pulls them back.
/// A finger that presses is only ever helped to press harder: where the key stops it is the piano's doing, and drawing it back would let go of the key.
/// One thread at a time; nothing is allocated after construction.
/// </remarks>
/// <param name="model">Joints of the actuators, the plan's motion and which way fingers press; without motion nothing is ever corrected.</param>
/// <param name="leadIn">Control steps before the song: a robot may begin anywhere, not where the simulator did, and catches up with the plan in them.</param>
internal sealed class JointFeel(FeedbackModel model, int leadIn)
{
    // Part of an error that is added to the target: at twice as much, drives with little damping and late reports begin to swing.
    private const double Gain = 0.5;

    // Errors are taken to be this large at most, rad.
    private const double Most = 0.2;

    // Smaller errors are noise of encoders or of arithmetic, rad.
    private const double Least = 1e-4;

    private readonly double[] _corrections = new double[model.Motion?.Actuators.Count ?? 0];

    /// <summary>What to add to an actuator's target, rad: ±0.1 at most; 0 for rails.</summary>
    /// <param name="actuator">Its place in a row of the plan.</param>
    public double Correction(int actuator) => _corrections.Length == 0 ? 0 : _corrections[actuator];

    /// <summary>Forgets everything.</summary>
    public void Reset() => Array.Clear(_corrections);

    /// <summary>Takes in where joints were around the end of a step.</summary>
    /// <param name="end">When they were measured: 3.5 is in the middle of the step after the third's end.</param>
    /// <param name="joints">Measured positions, in the order of the scene's joints, NaN where one is missing; empty if nothing is measured.</param>
    public void Feel(double end, ReadOnlySpan<double> joints)
    {
        int before = (int)Math.Ceiling(end) - 1;
        if (joints.IsEmpty || model.Motion is not { } motion || before < leadIn || before + 1 >= motion.Steps)
            return;
        for (int a = 0; a < model.FingerJoints.Count; a++)
        {
            int[] own = model.FingerJoints[a];
            if (own.Length == 0)
                continue;
            double from = motion[before][a], error = from + ((end - before) * (motion[before + 1][a] - from));
            foreach (int joint in own)
                error -= joints[joint];
            // A gap in the measurements must not end up in a command.
            if (!double.IsFinite(error))
                continue;
            bool letsGo = model.PerNewton is { } perNewton && error * perNewton[before + 1][a] < 0;
            _corrections[a] = letsGo || Math.Abs(error) < Least ? 0 : Gain * Math.Clamp(error, -Most, Most);
        }
    }
}
