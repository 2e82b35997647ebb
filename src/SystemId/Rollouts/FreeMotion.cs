using Legato.Sim.Parameters;
using Legato.Sim.Piano;
using Legato.Sim.Scene;
using Legato.Sim.World;

namespace Legato.SystemId.Rollouts;

/// <summary>Which drives of a record move freely when: those whose fingers are too high above the piano to touch it.</summary>
/// <remarks>
/// Judged from measured joints and the piano where the simulator believes it, with room for what both may be off. A finger that may touch
/// binds its own drives, and wrist and rails of its hand. Immutable and thread-safe.
/// </remarks>
internal sealed class FreeMotion
{
    // How long a drive is still off from where it was pushed, and how much earlier contact may begin, s.
    private const double Before = 0.06, After = 0.4;

    // From the tip's site down to its skin, at most, m.
    private const double Thickness = 0.01;

    private readonly bool[][] _free;

    private FreeMotion(bool[][] free) => _free = free;

    /// <summary>Whether a drive is free at a sample.</summary>
    public bool this[int sample, int actuator] => _free[sample][actuator];

    /// <summary>Judges a record.</summary>
    /// <param name="scene">The scene without parameters.</param>
    /// <param name="record">The motion.</param>
    /// <param name="clearance">Height of a fingertip's underside above the keys from which it cannot touch, m.</param>
    public static FreeMotion Of(PianoScene scene, MotionRecord record, double clearance)
    {
        using var world = new PianoWorld(scene);
        int[][] drivesOf = [.. scene.Fingers.Select(finger => (int[])[.. DrivesOf(scene, finger), .. Carriers(scene, finger)])];
        double[] times = record.MeasuredTimes;
        bool[][] touches = [.. times.Select(_ => new bool[scene.Actuators.Count])];
        for (int i = 0; i < times.Length; i++)
        {
            world.SetJoints(record.Measured[i]);
            for (int f = 0; f < drivesOf.Length; f++)
            {
                ReadOnlySpan<double> tip = world.Data.SiteXPos.Slice(3 * scene.Fingers[f].Site, 3);
                // Black keys end 75 mm before the front edge of the white ones: in front of them there is nothing that high.
                double top = tip[0] > BlackFront + clearance ? PianoGeometry.White.Top : PianoGeometry.Black.Top;
                if (tip[2] - Thickness - top >= clearance)
                    continue;
                foreach (int a in drivesOf[f])
                    touches[i][a] = true;
            }
        }
        return new FreeMotion(Widened(times, touches));
    }

    private static double BlackFront => PianoGeometry.Black.X + (0.5 * PianoGeometry.Black.Length);

    /// <summary>A finger's own drives: neither wrist nor rails.</summary>
    public static int[] DrivesOf(PianoScene scene, FingerSite finger) =>
        Drives(scene, drive => drive.StartsWith(finger.DrivePrefix, StringComparison.Ordinal));

    private static int[] Carriers(PianoScene scene, FingerSite finger) => Drives(scene, drive =>
        drive.StartsWith(finger.Side.Prefix() + "WR", StringComparison.Ordinal) || drive.StartsWith(finger.Side.Prefix() + "forearm", StringComparison.Ordinal));

    private static int[] Drives(PianoScene scene, Predicate<string> isOwn) =>
        [.. Enumerable.Range(0, scene.Actuators.Count).Where(a => isOwn(SceneParameters.DriveName(scene.Actuators.Names[a])))];

    private static bool[][] Widened(double[] times, bool[][] touches)
    {
        bool[][] free = [.. touches.Select(row => new bool[row.Length])];
        int drives = touches[0].Length;
        for (int a = 0; a < drives; a++)
        {
            double last = double.NegativeInfinity;
            for (int i = 0; i < times.Length; i++)
            {
                last = touches[i][a] ? times[i] : last;
                free[i][a] = times[i] - last > After;
            }
            double next = double.PositiveInfinity;
            for (int i = times.Length - 1; i >= 0; i--)
            {
                next = touches[i][a] ? times[i] : next;
                free[i][a] &= next - times[i] > Before;
            }
        }
        return free;
    }
}
