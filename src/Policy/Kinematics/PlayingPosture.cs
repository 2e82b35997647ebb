using Legato.Policy.Fingering;
using Legato.Sim.Limits;
using Legato.Sim.Piano;
using Legato.Sim.Scene;

namespace Legato.Policy.Kinematics;

/// <summary>The posture that fingers prefer, before it is fitted to the keys. Angles in radians, depth in metres.</summary>
public sealed record PostureOptions
{
    /// <summary>Wrist flexion WRJ1: high enough for the thumb, which lies below the fingers, to press.</summary>
    public double Wrist { get; init; } = 0.3;

    /// <summary>Knuckle flexion J3 of the fingers.</summary>
    public double Knuckle { get; init; } = 0.3;

    /// <summary>Curl J0 = J1 + J2 of the fingers.</summary>
    public double Curl { get; init; } = 1.2;

    /// <summary>Depth of the carriage, forearm_ty.</summary>
    public double Depth { get; init; }

    /// <summary>Thumb opposition THJ4.</summary>
    public double ThumbOpposition { get; init; } = 0.8;

    /// <summary>Thumb base rotation THJ5.</summary>
    public double ThumbRotation { get; init; }

    /// <summary>Thumb flexion THJ2 and THJ1.</summary>
    public double ThumbFlexion { get; init; } = 0.2;
}

/// <summary>The relaxed posture over the white keys, one finger per key, and the span of the hand measured around it.</summary>
public sealed class PlayingPosture
{
    // White keys lie 23.5 mm apart; a hand with its thumb takes 145 mm beside another one.
    private const double WhitePitch = 0.0235;
    private const double HandWidth = 0.145;

    private static readonly SceneMemo<PlayingPosture> Known = new();

    private PlayingPosture(double[] pose, HandSpan span)
    {
        Pose = pose;
        Span = span;
    }

    /// <summary>Actuator coordinates, carriages at zero; to read.</summary>
    public double[] Pose { get; }

    /// <summary>Offsets and slacks of the fingers.</summary>
    public HandSpan Span { get; }

    /// <summary>The same posture for hands that move and keep apart as a robot's limits want it.</summary>
    public PlayingPosture Within(MotionLimits limits) => new(Pose, Span.Within(limits));

    /// <summary>Solves the posture of a scene and measures its span; of a scene that is as one before, they are known.</summary>
    public static PlayingPosture Measure(HandKinematics kinematics, KeystrokeStyle style, PostureOptions options) =>
        Known.Of(kinematics.Scene, $"{style} {options}", () => MeasureAnew(kinematics, style, options));

    private static PlayingPosture MeasureAnew(HandKinematics kinematics, KeystrokeStyle style, PostureOptions options)
    {
        PianoScene scene = kinematics.Scene;
        var ik = new InverseKinematics(kinematics, new InverseKinematicsOptions { Iterations = 60, Carriage = 10, Wrist = 0.1, Smoothness = 0 });
        double[] guess = Guess(scene, options);
        var targets = new TipTarget[scene.Fingers.Count];
        for (int f = 0; f < targets.Length; f++)
            targets[f] = Over(kinematics, f, NaturalOffset(scene.Fingers[f]), style.Hover, style);
        double[] pose = [.. guess];
        ik.Solve(targets, guess, [0, 0], pose);

        return new PlayingPosture(pose, SpanOf(kinematics, new ReachMeasurement(kinematics, style, pose, targets), pose));
    }

    private static HandSpan SpanOf(HandKinematics kinematics, ReachMeasurement measurement, double[] pose)
    {
        IReadOnlyList<FingerSite> fingers = kinematics.Scene.Fingers;
        double[] offset = new double[5];
        Span<double> tip = stackalloc double[3];
        kinematics.SetPose(pose);
        for (int f = 0; f < fingers.Count; f++)
        {
            if (fingers[f].Side != HandSide.Right)
                continue;
            kinematics.Tip(f, tip);
            offset[fingers[f].Digit] = tip[1] - HandSide.Right.RootY();
        }
        // Both hands are measured at once, the left one as the right one's mirror image.
        Interval[] white = [.. offset.Select((o, digit) => measurement.Alone(digit, o, black: false))];
        Interval[] black = [.. offset.Select((o, digit) => measurement.Alone(digit, o, black: true))];
        FingerReach[] reach = [.. fingers.Select(f => f.Side == HandSide.Right
            ? new FingerReach(f.Side, f.Digit, offset[f.Digit], white[f.Digit], black[f.Digit])
            : new FingerReach(f.Side, f.Digit, -offset[f.Digit], white[f.Digit].Mirror(), black[f.Digit].Mirror()))];
        var pairs = new PairReach((first, second) => measurement.Together(first, second, offset[first.Digit], offset[second.Digit]));
        return new HandSpan(reach, HandWidth, pairs);
    }

    // Fingers on neighbouring white keys; thumbs inside.
    private static double NaturalOffset(FingerSite finger)
    {
        double right = finger.Digit == 0 ? -2.4 * WhitePitch : (finger.Digit - 2.5) * WhitePitch;
        return finger.Side == HandSide.Right ? right : -right;
    }

    private static TipTarget Over(HandKinematics kinematics, int finger, double offset, double clearance, KeystrokeStyle style)
    {
        FingerSite site = kinematics.Scene.Fingers[finger];
        double x = site.Digit == 0 ? style.ThumbWhiteX : style.WhiteX;
        double z = PianoGeometry.White.Top + kinematics.TipRadius[finger] + clearance;
        return new TipTarget(x, site.Side.RootY() + offset, z, 0.2, 1, 1, -1);
    }

    // A hand flexed at the wrist with curled fingers and the thumb swung under: near enough for the solver.
    private static double[] Guess(PianoScene scene, PostureOptions options)
    {
        var pose = new double[scene.Actuators.Count];
        for (int a = 0; a < pose.Length; a++)
        {
            string name = scene.Actuators.Names[a];
            double wish = name[(name.IndexOf('_', StringComparison.Ordinal) + 1)..] switch
            {
                "A_WRJ1" => options.Wrist,
                "A_THJ5" => options.ThumbRotation,
                "A_THJ4" => options.ThumbOpposition,
                "A_THJ2" or "A_THJ1" => options.ThumbFlexion,
                "forearm_ty" => options.Depth,
                string j when j.EndsWith("J3", StringComparison.Ordinal) && !j.Contains("TH", StringComparison.Ordinal) => options.Knuckle,
                string j when j.EndsWith("J0", StringComparison.Ordinal) => options.Curl,
                _ => 0,
            };
            pose[a] = Math.Clamp(wish, scene.ControlLow[a], scene.ControlHigh[a]);
        }
        return pose;
    }
}
