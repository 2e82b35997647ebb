using Legato.Policy.Kinematics;
using Legato.Sim.Parameters;
using Legato.Sim.Piano;
using Legato.Sim.Scene;

namespace Legato.Tests.SystemId.Keys;

/// <summary>Taps of both hands on white keys, one finger after the other, while the rails carry them from key to key.</summary>
internal sealed class Taps
{
    /// <summary>Time before the first tap and between two, s.</summary>
    private const double Lead = 0.5, Period = 0.5;

    // From key to key and a fraction: fingertips come down on the middle of keys and on their edges.
    private const double Stride = 0.0173;

    private const double Hover = 0.010, Press = -0.020;

    private readonly Dictionary<string, int> _drives;
    private readonly double[] _over;
    private readonly double[][] _down;

    /// <summary>Solves the poses over and on the keys of the piano that the simulator believes in.</summary>
    public Taps(PianoScene scene)
    {
        _drives = Enumerable.Range(0, scene.Actuators.Count).ToDictionary(a => SceneParameters.DriveName(scene.Actuators.Names[a]));
        using var kinematics = new HandKinematics(scene);
        var ik = new InverseKinematics(kinematics, new InverseKinematicsOptions { Iterations = 60, Carriage = 10, Wrist = 0.1, Smoothness = 0 });
        double[] guess = [.. scene.Actuators.Names.Select(name => Guess(SceneParameters.DriveName(name)[3..]))];
        _over = [.. guess];
        ik.Solve(Targets(kinematics, digit: -1), guess, [0, 0], _over);
        _down = [.. Enumerable.Range(1, 3).Select(digit =>
        {
            double[] pose = [.. _over];
            ik.Solve(Targets(kinematics, digit), _over, [0, 0], pose);
            return pose;
        })];
    }

    /// <summary>Target of a drive at a time.</summary>
    public double Target(string drive, double time)
    {
        int a = _drives[drive];
        int tap = Math.Max(0, (int)Math.Floor((time - Lead) / Period));
        double since = time - Lead - (tap * Period);
        if (drive.EndsWith("forearm_tx", StringComparison.Ordinal))
        {
            double before = Stride * Math.Max(0, tap - 1), to = Stride * tap;
            return _over[a] + ((drive[0] == 'r' ? 1 : -0.9) * (before + ((to - before) * Math.Clamp(since / 0.15, 0, 1))));
        }
        if (since is < 0.24 or > 0.42)
            return _over[a];
        // Fast taps and slow ones tell height from latency.
        double depth = tap % 2 == 0 ? 1 : Math.Clamp((since - 0.19) / 0.15, 0, 1);
        return _over[a] + (depth * (_down[tap % 3][a] - _over[a]));
    }

    private static TipTarget[] Targets(HandKinematics kinematics, int digit) => [.. kinematics.Scene.Fingers.Select((finger, f) =>
    {
        bool isThumb = finger.Digit == 0;
        double offset = 0.0235 * (isThumb ? -2.4 : finger.Digit - 2.5);
        double height = finger.Digit == digit ? Press : isThumb ? Hover + 0.01 : Hover;
        return new TipTarget(isThumb ? 0.055 : 0.042, finger.Side.RootY() + (finger.Side == HandSide.Right ? offset : -offset),
            PianoGeometry.White.Top + kinematics.TipRadius[f] + height, 0.2, 1, 1, -1);
    })];

    private static double Guess(string drive) => drive switch
    {
        "WRJ1" => 0.3,
        "THJ4" => 0.8,
        "THJ2" or "THJ1" => 0.2,
        "FFJ3" or "MFJ3" or "RFJ3" or "LFJ3" => 0.3,
        _ when drive.EndsWith("J0", StringComparison.Ordinal) => 1.2,
        _ => 0,
    };
}
