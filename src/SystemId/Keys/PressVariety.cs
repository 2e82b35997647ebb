using Legato.Music;
using Legato.Sim.Piano;
using Legato.Sim.Scene;
using Legato.Sim.World;
using Legato.SystemId.Rollouts;

namespace Legato.SystemId.Keys;

/// <summary>How many events of each kind a stretch of a record has: of each key, of each finger, and at each place of a key.</summary>
/// <remarks>
/// Songs are played in the middle of keys, again and again; what little there is from front edges and sides of keys alone tells where the keyboard is.
/// Places are those of a piano where the scene believes it. Immutable and thread-safe.
/// </remarks>
internal sealed class PressVariety
{
    // Distances behind a key's front edge at which places part, m.
    private static readonly double[] Along = [0.005, 0.015, 0.03];

    // The middle of a white key, in its widths, to either side.
    private const double Across = 0.25;

    private const int Sides = 3;

    private readonly IReadOnlyList<KeyRecord> _records;
    private readonly int[][][] _kinds;
    private readonly int _count;

    /// <summary>Looks at records.</summary>
    /// <param name="scene">The scene without parameters.</param>
    /// <param name="records">Motions and keys.</param>
    public PressVariety(PianoScene scene, IReadOnlyList<KeyRecord> records)
    {
        (_records, _count) = (records, PianoGeometry.KeyCount + scene.Fingers.Count + Along.Length + 1 + Sides);
        using var world = new PianoWorld(scene);
        _kinds = [.. records.Select(record => record.Events.Select(e => KindsOf(world, record.Motion, e)).ToArray())];
    }

    /// <summary>The numbers of events, one for each kind.</summary>
    /// <param name="record">Index of the record.</param>
    /// <param name="segment">A segment of it.</param>
    public double[] In(int record, MotionSegment segment)
    {
        var counts = new double[_count];
        double[] times = _records[record].Motion.MeasuredTimes;
        foreach ((TimedKeyEvent e, int[] kinds) in _records[record].Events.Zip(_kinds[record]))
        {
            if (e.Time < times[segment.First] || e.Time > times[segment.Last])
                continue;
            foreach (int kind in kinds)
                counts[kind]++;
        }
        return counts;
    }

    private static int[] KindsOf(PianoWorld world, MotionRecord motion, TimedKeyEvent e)
    {
        int finger = PlayedFingers.At(world, motion, e.Key, e.Time);
        ReadOnlySpan<double> tip = world.Data.SiteXPos.Slice(3 * world.Scene.Fingers[finger].Site, 3);
        PianoKey key = PianoGeometry.Keys[e.Key];
        double behind = key.Shape.X + (0.5 * key.Shape.Length) - tip[0], beside = (tip[1] - key.Y) / PianoGeometry.White.Width;
        int fingers = PianoGeometry.KeyCount, along = fingers + world.Scene.Fingers.Count, across = along + Along.Length + 1;
        return [e.Key, fingers + finger, along + Along.Count(edge => behind > edge), across + (beside < -Across ? 0 : beside > Across ? 1 : 2)];
    }
}
