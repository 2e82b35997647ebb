using Legato.Policy.Feedforward;
using Legato.Policy.Kinematics;
using Legato.Sim.Piano;
using Legato.Sim.Scene;
using Legato.SystemId.Excitation;

namespace Legato.Runtime.Calibration;

/// <summary>Candidates for excitation that touch: single fingers tap a key at several places, slowly, fast, and not deep enough to sound.</summary>
/// <remarks>
/// White keys in their middle tell of height, springs and drives; a tap on the edge between two white keys puts both down, one later
/// than the other, and tells where the keyboard is along its length. On the front edge of a key the fingertip's curve makes depth of place: it tells where
/// the keyboard is across. A finger that reaches for a black key alone touches its neighbours, so that none is tapped. One thread at a time.
/// </remarks>
public sealed class TapMotions : IDisposable
{
    // How far beside the edge between two white keys the middle of a fingertip comes down, m.
    private const double EdgeOffset = 0.003;

    // How far before the front edge of a white key it does, m: where the tip slopes by half, well on the key for keyboards that are millimetres off.
    private const double FrontOffset = 0.002;

    private const double Hover = 0.025, Overdrive = 0.004, Force = 3, ShallowDepth = 0.5;

    // A fingertip that misses its place by more would tap something else, m.
    private const double Accuracy = 0.002;

    // Wrist and finger before the solver moves them, rad.
    private const double Wrist = 0.25, Knuckle = 0.5, Curl = 0.9, ThumbOpposition = 0.8;

    // Places of the right hand along the keyboard; the left one's are their mirror images, m.
    private static readonly double[] Places = [0.07, 0.27, 0.47];

    private readonly PianoScene _scene;
    private readonly ExcitationLimits _limits;
    private readonly double[] _rest;
    private readonly HandKinematics _kinematics;
    private readonly InverseKinematics _solver;
    private readonly PressForce _force;

    /// <summary>Prepares the motions of a rig.</summary>
    /// <param name="scene">The scene with the parameters as far as they are known; it stays the caller's.</param>
    /// <param name="limits">What they keep.</param>
    public TapMotions(PianoScene scene, ExcitationLimits limits)
    {
        (_scene, _limits, _rest) = (scene, limits, FreeMotions.RestPose(limits));
        _kinematics = new HandKinematics(scene);
        _solver = new InverseKinematics(_kinematics, new InverseKinematicsOptions { Iterations = 60, Posture = 1e-6, Wrist = 1e-5, Carriage = 1e-4, Depth = 1e-4, Smoothness = 0, Margin = 0.02 });
        _force = new PressForce(_kinematics);
    }

    /// <summary>All candidates that the fingers can reach.</summary>
    public IReadOnlyList<ExcitationBlock> Create()
    {
        var blocks = new List<ExcitationBlock>();
        for (int finger = 0; finger < _scene.Fingers.Count; finger++)
        {
            FingerSite site = _scene.Fingers[finger];
            // The little finger has nothing to tell that the others have not.
            if (site.Digit == 4)
                continue;
            for (int place = 0; place < Places.Length; place++)
            {
                double y = site.Side == HandSide.Right ? Places[place] : -Places[place];
                PianoKey white = PianoGeometry.Keys.Where(k => !k.IsBlack).MinBy(k => Math.Abs(k.Y - y))!;
                PianoKey next = PianoGeometry.Keys.Where(k => !k.IsBlack && k.Y > white.Y).MinBy(k => k.Y)!;
                (double X, double Y)[] places = site.Digit == 0
                    ? [(Middle(site), white.Y)]
                    : [(Middle(site), white.Y), (Middle(site), (0.5 * (white.Y + next.Y)) - EdgeOffset), (FrontEdge + FrontOffset, white.Y)];
                string name = _scene.Model.Name(MuJoCo.MjObject.Site, site.Site)![3..];
                if (Taps(finger, white, places, $"{site.Side.Prefix()}{name} taps white key {white.Index}", [.. Enumerable.Range(white.Index, next.Index - white.Index + 1)]) is { } block)
                    blocks.Add(block);
            }
        }
        return blocks;
    }

    /// <inheritdoc/>
    public void Dispose() => _kinematics.Dispose();

    private static double FrontEdge => PianoGeometry.White.X + (0.5 * PianoGeometry.White.Length);

    private static double Middle(FingerSite site) => site.Digit == 0 ? new KeystrokeStyle().ThumbWhiteX : new KeystrokeStyle().WhiteX;

    // All places on one way, as the way to the keyboard and back takes longest; null if none can be reached.
    private ExcitationBlock? Taps(int finger, PianoKey key, (double X, double Y)[] places, string label, int[] keys)
    {
        BlockBuilder? builder = null;
        foreach ((double x, double y) in places)
        {
            if (Poses(finger, key, x, y) is not { } pose)
                continue;
            builder ??= new BlockBuilder(_limits, _rest);
            builder.MoveTo(pose.Above).Hold(0.1)
                .MoveTo(pose.Deep, 0.5).Hold(0.15).MoveTo(pose.Above, 0.4).Hold(0.1)
                .RampTo(pose.Deep).Hold(0.15).RampTo(pose.Above).Hold(0.15)
                .MoveTo(pose.Shallow, 0.2).Hold(0.15).MoveTo(pose.Above, 0.2);
        }
        return builder?.Build(label, ExcitationKind.Tap, keys);
    }

    private (double[] Above, double[] Shallow, double[] Deep)? Poses(int finger, PianoKey key, double x, double y)
    {
        double[] guess = Guess(_scene.Fingers[finger], y);
        if (Solve(finger, guess, x, y, KeySurface.Height(key, x, 0) + Hover) is not { } above
            || Solve(finger, above, x, y, KeySurface.Height(key, x, ShallowDepth)) is not { } shallow
            || Solve(finger, above, x, y, KeySurface.Height(key, x, 1) - Overdrive) is not { } deep)
            return null;
        AddForce(finger, x, y, key.Index, deep);
        return Keeps(above) && Keeps(shallow) && Keeps(deep) ? (above, shallow, deep) : null;
    }

    // Rest of the other hand; the wrist of this one lowered, its finger bent, its carriage before the key.
    private double[] Guess(FingerSite site, double y)
    {
        double[] pose = [.. _rest];
        string prefix = site.Side.Prefix(), digit = site.DigitName;
        Set($"{prefix}A_WRJ1", Wrist);
        Set($"{prefix}forearm_tx", y - site.Side.RootY());
        if (site.Digit == 0)
        {
            Set($"{prefix}A_THJ4", ThumbOpposition);
        }
        else
        {
            Set($"{prefix}A_{digit}J3", Knuckle);
            Set($"{prefix}A_{digit}J0", Curl);
        }
        return pose;

        void Set(string actuator, double value)
        {
            int a = _limits.Actuators.Require(actuator);
            pose[a] = Math.Clamp(value, _limits.Lower[a], _limits.Upper[a]);
        }
    }

    // The pose with the lower end of the fingertip at a place; null if it cannot be reached.
    private double[]? Solve(int finger, double[] from, double x, double y, double z)
    {
        var targets = new TipTarget[_scene.Fingers.Count];
        Array.Fill(targets, new TipTarget(0, 0, 0, 0, 0, 0, -1));
        targets[finger] = new TipTarget(x, y, z + _kinematics.TipRadius[finger], 1, 1, 1, -1);
        double[] pose = [.. from];
        double[] carriages = [from[_limits.Actuators.Require("rh_forearm_tx")], from[_limits.Actuators.Require("lh_forearm_tx")]];
        _solver.Solve(targets, from, carriages, pose);
        Span<double> tip = stackalloc double[3];
        _kinematics.SetPose(pose);
        _kinematics.Tip(finger, tip);
        // The solver leaves both hands where their control ranges have a margin; the other hand's rest is its own.
        for (int a = 0; a < pose.Length; a++)
        {
            if (!_limits.Actuators.Names[a].StartsWith(_scene.Fingers[finger].Side.Prefix(), StringComparison.Ordinal))
                pose[a] = _rest[a];
        }
        TipTarget goal = targets[finger];
        double missed = Math.Max(Math.Abs(tip[0] - goal.X), Math.Max(Math.Abs(tip[1] - goal.Y), Math.Abs(tip[2] - goal.Z)));
        return missed <= Accuracy ? pose : null;
    }

    private void AddForce(int finger, double x, double y, int key, double[] pose)
    {
        var targets = new TipTarget[_scene.Fingers.Count];
        Array.Fill(targets, new TipTarget(0, 0, 0, 0, 0, 0, -1));
        targets[finger] = new TipTarget(x, y, 0, 1, 1, 1, key, Force);
        _kinematics.SetPose(pose);
        _force.Add(targets, pose);
        for (int a = 0; a < pose.Length; a++)
            pose[a] = Math.Clamp(pose[a], _limits.Lower[a], _limits.Upper[a]);
    }

    private bool Keeps(double[] pose)
    {
        for (int a = 0; a < pose.Length; a++)
        {
            if (!(pose[a] >= _limits.Lower[a] && pose[a] <= _limits.Upper[a]))
                return false;
        }
        return true;
    }
}
