using Legato.Sim;
using Legato.Sim.Parameters;
using Legato.Sim.Piano;
using Legato.Sim.Scene;
using Legato.Sim.World;
using Legato.SystemId.Rollouts;

namespace Legato.SystemId.Keys;

/// <summary>Which finger played what was heard, by the measured joints, and the drives whose zeros its key events show best.</summary>
/// <remarks>
/// The zero of a sensor shows nowhere in the readings of a drive that moves freely, but it lifts or lowers the fingertip: keys sound earlier or later
/// than they should. The wrist's lifts all fingers of a hand; of a finger, one drive is told apart from these and from the piano's height, the one that lifts
/// the tip most. Immutable and thread-safe.
/// </remarks>
internal sealed class PlayedFingers
{
    // Fingers with fewer events say too little of themselves.
    private const int Fewest = 2;

    // The wrist's drive that lifts and lowers the hand.
    private const string Nod = "WRJ1";

    private readonly PianoScene _scene;
    private readonly int[][] _drivesOf;
    private readonly double[,] _lift;
    private readonly int[] _count;

    /// <summary>Looks at records.</summary>
    /// <param name="scene">The scene without parameters.</param>
    /// <param name="records">Motions and keys.</param>
    public PlayedFingers(PianoScene scene, IReadOnlyList<KeyRecord> records)
    {
        _scene = scene;
        _drivesOf = [.. scene.Fingers.Select(finger => FreeMotion.DrivesOf(scene, finger))];
        (_lift, _count) = (new double[scene.Fingers.Count, scene.Actuators.Count], new int[scene.Fingers.Count]);
        using var world = new PianoWorld(scene);
        foreach (KeyRecord record in records)
        {
            foreach (var e in record.Events.Where(e => e.Down))
                Count(world, At(world, record.Motion, e.Key, e.Time));
        }
    }

    /// <summary>Names of the zeros of wrists whose fingers played often enough.</summary>
    public IReadOnlyList<string> WristOffsets =>
    [
        .. Enum.GetValues<HandSide>().Where(side => Enumerable.Range(0, _count.Length).Where(f => _scene.Fingers[f].Side == side).Sum(f => _count[f]) >= Fewest)
            .Select(side => $"{side.Prefix()}{Nod}.offset"),
    ];

    /// <summary>Names of the zeros that the events tell, of the fingers that played often enough.</summary>
    public IReadOnlyList<string> FingerOffsets =>
    [
        .. Enumerable.Range(0, _count.Length).Where(f => _count[f] >= Fewest)
            .Select(f => $"{SceneParameters.DriveName(_scene.Actuators.Names[_drivesOf[f].MaxBy(a => Math.Abs(_lift[f, a]))])}.offset"),
    ];

    /// <summary>The fingers that a drive lifts: one, or a hand's by its wrist; none by others.</summary>
    public static IReadOnlyList<int> FingersOf(PianoScene scene, string drive) =>
    [
        .. Enumerable.Range(0, scene.Fingers.Count).Where(f =>
            drive.StartsWith(scene.Fingers[f].DrivePrefix, StringComparison.Ordinal) || drive == scene.Fingers[f].Side.Prefix() + Nod),
    ];

    /// <summary>The finger whose tip is nearest to a key at a time.</summary>
    public static int At(PianoWorld world, MotionRecord motion, int key, double time)
    {
        int sample = Array.BinarySearch(motion.MeasuredTimes, time);
        sample = Math.Clamp(sample < 0 ? ~sample : sample, 0, motion.MeasuredTimes.Length - 1);
        world.SetJoints(motion.Measured[sample]);
        PianoKey played = PianoGeometry.Keys[key];
        return Enumerable.Range(0, world.Scene.Fingers.Count).MinBy(f =>
        {
            ReadOnlySpan<double> tip = world.Data.SiteXPos.Slice(3 * world.Scene.Fingers[f].Site, 3);
            // Of two that are over the key, the lower one plays.
            double beside = Math.Max(0, Math.Abs(tip[1] - played.Y) - (0.5 * played.Shape.Width));
            return (beside * beside) + (0.1 * tip[2] * tip[2]);
        });
    }

    // How much each own drive lifts the tip, in the posture that the world is in.
    private void Count(PianoWorld world, int finger)
    {
        _count[finger]++;
        var jacobian = new double[3 * _scene.Model.NV];
        world.Data.JacSite(_scene.Fingers[finger].Site, jacobian, []);
        foreach (int a in _drivesOf[finger])
        {
            foreach (int joint in _scene.JointsOf(a))
                _lift[finger, a] += jacobian[(2 * _scene.Model.NV) + _scene.JointDofAddresses[joint]] / _scene.JointsOf(a).Count;
        }
    }
}
