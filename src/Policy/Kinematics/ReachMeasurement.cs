using Legato.Policy.Fingering;
using Legato.Sim.Piano;
using Legato.Sim.Scene;

namespace Legato.Policy.Kinematics;

/// <summary>
/// Measures by inverse kinematics which keys the fingers of a hand can press: each finger while the hand stays, and two fingers wherever the hand is.
/// </summary>
/// <remarks>
/// Both hands are measured at once, as mirror images; the worse one counts. Other fingers rest anywhere over the keys.
/// Deterministic; one thread per instance.
/// </remarks>
internal sealed class ReachMeasurement
{
    private const double Step = 0.004;

    // The wrist's yaw carries fingers farther, m, but all of them, and no faster than the carriage would.
    private const double Farthest = 0.04;

    // What a pressing fingertip may miss: along the keyboard and in depth, and along the key, m.
    private const double Tolerance = 0.003;
    private const double ToleranceX = 0.012;

    private readonly HandKinematics _kinematics;
    private readonly KeystrokeStyle _style;
    private readonly double[] _posture;
    private readonly InverseKinematics _fixed;
    private readonly InverseKinematics _free;
    private readonly TipTarget[] _rest;

    /// <summary>Creates a measurement around a posture.</summary>
    /// <param name="kinematics">The hands.</param>
    /// <param name="style">Where fingers press.</param>
    /// <param name="posture">Actuator coordinates, carriages at zero.</param>
    /// <param name="rest">Targets of the fingers in the posture.</param>
    public ReachMeasurement(HandKinematics kinematics, KeystrokeStyle style, double[] posture, TipTarget[] rest)
    {
        (_kinematics, _style, _posture) = (kinematics, style, posture);
        var options = new InverseKinematicsOptions { Iterations = 12, Smoothness = 0 };
        _fixed = new InverseKinematics(kinematics, options with { Carriage = 10 });
        _free = new InverseKinematics(kinematics, options with { Carriage = 1e-3 });
        _rest = [.. rest.Select(t => t with { WeightX = 0.01, WeightY = 0, WeightZ = 0.1, Key = -1 })];
    }

    /// <summary>How far a finger of the right hand can stray from its offset on keys of a colour, the hand staying where it is.</summary>
    public Interval Alone(int digit, double offset, bool black)
    {
        double high = Farther(1), low = -Farther(-1);
        return low > high ? Interval.Empty : new Interval(low, high);

        double Farther(int sign) => Reach(_fixed, stray => [(digit, offset + (sign * stray), black)]);
    }

    /// <summary>How far apart two digits, the first below the second, can press at once.</summary>
    public Interval Together((int Digit, bool Black) first, (int Digit, bool Black) second, double firstOffset, double secondOffset)
    {
        double middle = 0.5 * (firstOffset + secondOffset), half = 0.5 * (secondOffset - firstOffset);
        double high = Farther(1), low = -Farther(-1);
        return low > high ? Interval.Empty : new Interval((2 * half) + (2 * low), (2 * half) + (2 * high));

        double Farther(int sign) => Reach(_free, stray =>
        [
            (first.Digit, middle - half - (sign * stray), first.Black),
            (second.Digit, middle + half + (sign * stray), second.Black),
        ]);
    }

    // The last stray that works, in steps from the posture outwards; each solution is the start of the next.
    private double Reach(InverseKinematics ik, Func<double, (int Digit, double Offset, bool Black)[]> presses)
    {
        double[] pose = [.. _posture];
        double reached = double.NegativeInfinity;
        for (int i = 0; i * Step <= Farthest; i++)
        {
            if (!CanPress(ik, presses(i * Step), pose))
                break;
            reached = i * Step;
        }
        return reached;
    }

    private bool CanPress(InverseKinematics ik, (int Digit, double Offset, bool Black)[] presses, double[] pose)
    {
        TipTarget[] targets = [.. _rest];
        for (int f = 0; f < targets.Length; f++)
        {
            FingerSite finger = _kinematics.Scene.Fingers[f];
            foreach ((int digit, double offset, bool black) in presses)
            {
                if (finger.Digit == digit)
                    targets[f] = Press(f, finger.Side == HandSide.Right ? offset : -offset, black);
            }
        }
        ik.Solve(targets, _posture, [0, 0], pose);
        _kinematics.SetPose(pose);
        Span<double> tip = stackalloc double[3];
        for (int f = 0; f < targets.Length; f++)
        {
            TipTarget t = targets[f];
            if (!t.Pressing)
                continue;
            _kinematics.Tip(f, tip);
            if (Math.Abs(tip[0] - t.X) > ToleranceX || Math.Abs(tip[1] - t.Y) > Tolerance || tip[2] - t.Z > Tolerance)
                return false;
        }
        return true;
    }

    private TipTarget Press(int finger, double offset, bool black)
    {
        FingerSite site = _kinematics.Scene.Fingers[finger];
        // Any key of the colour: heights do not depend on where along the keyboard it is.
        PianoKey key = PianoGeometry.Keys[black ? 1 : 0];
        double x = TipReference.PressX(site, key, _style);
        double z = KeySurface.Height(key, x, 1) + _kinematics.TipRadius[finger] - _style.Overdrive;
        return new TipTarget(x, site.Side.RootY() + offset, z, 0.15, 1, 1, key.Index);
    }
}
