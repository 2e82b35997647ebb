using Legato.Policy.Fingering;

namespace Legato.Policy.Kinematics;

/// <summary>Which presses the solved poses can hold for as long as they are written.</summary>
internal static class PressFeasibility
{
    // Beyond this error across the key, m, a finger slides onto its neighbour.
    private const double Tolerance = 0.005;

    /// <summary>The fingering with presses ended before the hand would drag their fingers off the keys; null if all can be held.</summary>
    public static FingeringPlan? ReleaseEarly(FingeringPlan fingering, HandKinematics kinematics, TipReference tips, CommandTable poses, int leadIn)
    {
        FingeredPress[] presses = [.. fingering.Presses.Select(p => p with { Press = p.Press with { End = LastHeld(p, kinematics, tips, poses, leadIn) + 1 } })];
        return presses.SequenceEqual(fingering.Presses) ? null : fingering with { Presses = presses };
    }

    private static int LastHeld(FingeredPress p, HandKinematics kinematics, TipReference tips, CommandTable poses, int leadIn)
    {
        Span<double> tip = stackalloc double[3];
        for (int t = p.Press.Start + 1; t < p.Press.End; t++)
        {
            TipTarget target = tips[t + leadIn, p.Finger];
            // The schedule of strokes has already let go, in time for the next key.
            if (target.Key != p.Press.Key)
                break;
            kinematics.SetPose(poses[t + leadIn]);
            kinematics.Tip(p.Finger, tip);
            if (Math.Abs(tip[1] - target.Y) > Tolerance)
                return Math.Max(p.Press.Start, t - 2);
        }
        return p.Press.End - 1;
    }
}
