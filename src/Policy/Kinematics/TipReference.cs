using Legato.Policy.Fingering;
using Legato.Sim.Piano;
using Legato.Sim.Scene;

namespace Legato.Policy.Kinematics;

/// <summary>Where a fingertip's centre should be at the end of a control step, and how much each axis matters.</summary>
/// <param name="X">m, world.</param>
/// <param name="Y">m, world.</param>
/// <param name="Z">m, world.</param>
/// <param name="WeightX">0..1.</param>
/// <param name="WeightY">0..1.</param>
/// <param name="WeightZ">0..1.</param>
/// <param name="Key">The key that the finger holds down, or −1.</param>
/// <param name="Push">Force that it pushes down with, N.</param>
public readonly record struct TipTarget(double X, double Y, double Z, double WeightX, double WeightY, double WeightZ, int Key, double Push = 0)
{
    /// <summary>True while the finger holds a key down.</summary>
    public bool Pressing => Key >= 0;
}

/// <summary>Numbers that shape a keystroke. Lengths in metres.</summary>
public sealed record KeystrokeStyle
{
    /// <summary>Fingers that lean on a key before they strike it: late and weak strokes still sound in time.</summary>
    public static KeystrokeStyle Firm { get; } = new() { PreTouch = 0.6, Lean = 1.5, Repeat = 0.5 };

    /// <summary>Where fingers press white keys, x.</summary>
    public double WhiteX { get; init; } = 0.042;

    /// <summary>Where thumbs press white keys, x.</summary>
    public double ThumbWhiteX { get; init; } = 0.055;

    /// <summary>Where fingers press black keys, x.</summary>
    public double BlackX { get; init; } = 0.002;

    /// <summary>Height of a waiting fingertip over the keys.</summary>
    public double Hover { get; init; } = 0.012;

    /// <summary>Part of the travel taken one step before the onset: deep enough to be in time, not deep enough to sound.</summary>
    public double PreTouch { get; init; } = 0.4;

    /// <summary>Force on the key one step before the onset, N; about 0.8 holds a white key halfway.</summary>
    public double Lean { get; init; }

    /// <summary>Clearance over the key one step after the release.</summary>
    public double Release { get; init; } = 0.004;

    /// <summary>Part of the travel to which a fingertip rises when its key is repeated at once; negative lies above the key.</summary>
    public double Repeat { get; init; } = -0.5;

    /// <summary>How far beyond the key's stop a pressing fingertip aims.</summary>
    public double Overdrive { get; init; } = 0.004;

    /// <summary>Force that a pressing finger is told to push with, N. About 1.1 holds a white key at its stop where fingers press it; the rest is for weak drives, stiff keys and fingers that share their hand.</summary>
    public double Force { get; init; } = 3;
}

/// <summary>Fingertip targets for every control step of a fingered song.</summary>
/// <remarks>Immutable after construction. Steps are counted from the start of the lead-in.</remarks>
public sealed class TipReference
{
    // From one key to its neighbour: up, across, down.
    private const int StepsToChange = 2;

    private readonly TipTarget[] _targets;
    private readonly int _fingers;

    /// <summary>Creates the targets.</summary>
    public TipReference(PianoScene scene, FingeringPlan fingering, int leadIn, int songSteps, double[] tipRadius, KeystrokeStyle style)
    {
        _fingers = scene.Fingers.Count;
        Steps = leadIn + songSteps;
        _targets = new TipTarget[Steps * _fingers];
        for (int f = 0; f < _fingers; f++)
        {
            KeyPress[] presses = WithTimeToChange([.. fingering.Presses.Where(p => p.Finger == f).Select(p => p.Press)]);
            int begun = 0;
            for (int t = 0; t < Steps; t++)
            {
                while (begun < presses.Length && presses[begun].Start <= t - leadIn)
                    begun++;
                KeyPress? last = begun > 0 ? presses[begun - 1] : null, next = begun < presses.Length ? presses[begun] : null;
                _targets[(t * _fingers) + f] = Target(scene.Fingers[f], last, next, t - leadIn, tipRadius[f], style);
            }
        }
    }

    /// <summary>Number of control steps, lead-in included.</summary>
    public int Steps { get; }

    /// <summary>Target of a finger at the end of a step.</summary>
    public TipTarget this[int step, int finger] => _targets[(step * _fingers) + finger];

    /// <summary>Whether a finger is in the first two steps of a press.</summary>
    public bool HasJustBegun(int step, int finger)
    {
        int key = this[step, finger].Key;
        return key >= 0 && (step < 2 || this[step - 1, finger].Key != key || this[step - 2, finger].Key != key);
    }

    // A finger that goes from key to key without a rest would drag across them: it lets go early instead.
    private static KeyPress[] WithTimeToChange(KeyPress[] presses)
    {
        for (int i = 0; i + 1 < presses.Length; i++)
        {
            if (presses[i].Key != presses[i + 1].Key)
                presses[i] = presses[i] with { End = Math.Max(presses[i].Start + 1, Math.Min(presses[i].End, presses[i + 1].Start - StepsToChange)) };
        }
        return presses;
    }

    private static TipTarget Target(FingerSite finger, KeyPress? last, KeyPress? next, int step, double radius, KeystrokeStyle style)
    {
        if (last is not null && step < last.End)
            return Stroke(last, 1, -style.Overdrive, 1, true) with { Push = style.Force };
        if (next is not null && step == next.Start - 1)
        {
            // A key that is repeated at once must come up in between.
            return last is not null && last.Key == next.Key && last.End >= step
                ? Stroke(next, style.Repeat, 0, 1, false)
                : Stroke(next, style.PreTouch, 0, 0.7, false) with { Push = style.Lean };
        }
        if (last is not null && step == last.End)
            return Stroke(last, 0, style.Release, 0.7, false);
        return Waiting(finger, last, next, step, radius, style, Stroke);

        TipTarget Stroke(KeyPress press, double depth, double clearance, double weight, bool pressing)
        {
            PianoKey key = PianoGeometry.Keys[press.Key];
            double x = PressX(finger, key, style);
            return new TipTarget(x, key.Y, KeySurface.Height(key, x, depth) + radius + clearance, 0.15 * weight, weight, weight, pressing ? press.Key : -1);
        }
    }

    private static TipTarget Waiting(FingerSite finger, KeyPress? last, KeyPress? next, int step, double radius, KeystrokeStyle style, Func<KeyPress, double, double, double, bool, TipTarget> stroke)
    {
        double home = finger.Digit == 0 ? style.ThumbWhiteX : style.WhiteX;
        double hover = KeySurface.Under(home) + radius + style.Hover;
        if (next is null)
            return new TipTarget(home, 0, hover, 0.005, 0, 0.2, -1);
        TipTarget goal = stroke(next, 0, style.Hover, 1, false);
        // The nearer the onset, the more it matters to be over the key already.
        int ahead = next.Start - step;
        double weight = ahead <= 6 ? 0.5 * (7 - ahead) / 6 : 0.02;
        double z = Math.Max(goal.Z, hover);
        if (last is not null && step - last.End < 3)
            z = Math.Max(z, stroke(last, 0, style.Hover, 1, false).Z);
        return goal with { Z = z, WeightX = 0.05 * weight, WeightY = weight, WeightZ = 0.3 };
    }

    /// <summary>Where along a key a finger presses it, x, m.</summary>
    internal static double PressX(FingerSite finger, PianoKey key, KeystrokeStyle style)
    {
        if (key.IsBlack)
            return finger.Digit == 0 ? style.BlackX + 0.004 : style.BlackX;
        return finger.Digit == 0 ? style.ThumbWhiteX : style.WhiteX;
    }
}
