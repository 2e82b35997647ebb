using Legato.Sim.Drives;
using Legato.Sim.Parameters;
using Legato.Sim.Piano;
using Legato.Sim.Scene;
using Legato.SystemId.Rollouts;

namespace Legato.SystemId.Keys;

/// <summary>What a simulated rig would have done with the keys of a record.</summary>
/// <param name="Lateness">How much later than heard each event comes, s; by the whole window and more where it does not come.</param>
/// <param name="Unanswered">Number of heard events that do not come within their windows.</param>
/// <param name="Stray">For each segment how deep keys go that nobody heard: 0 not below their activation, 1 for one down to its stop.</param>
/// <param name="Readings">For each sample of the replay the reading of each joint, one after the other. NaN where the simulation diverged.</param>
/// <param name="Answered">For each event whether it comes within its window.</param>
public sealed record KeyPrediction(double[] Lateness, int Unanswered, double[] Stray, double[] Readings, bool[] Answered);

/// <summary>Plays recorded commands against simulated keys, by multiple shooting.</summary>
/// <remarks>
/// A key that is heard when a segment begins begins at its stop, as nothing measures its depth, and rises to its finger while the segment settles. The time at which a key passes its activation is interpolated
/// between physics steps, so that it changes smoothly with the parameters. The same input gives the same bits for any number of threads. Thread-safe.
/// </remarks>
public sealed class KeyReplay
{
    // Keys come to rest within this time of their events, s.
    private const double Rest = 0.15;

    private readonly PianoScene _scene;
    private readonly KeyRecord _record;
    private readonly ReplayOptions _options;
    private readonly MotionPlayer _player;
    private readonly HeardEvent[] _events;
    private readonly (int First, int Count)[] _eventsOf;

    /// <summary>Prepares a record.</summary>
    /// <param name="scene">The scene without parameters, with contacts; it stays the caller's and must outlive the replay.</param>
    /// <param name="record">Motions, commands and keys.</param>
    /// <param name="options">How to replay.</param>
    /// <param name="window">Largest distance between a heard event and its answer, s. Default 0.12.</param>
    /// <exception cref="InputException">The record belongs to another robot, is too short for its options, or heard nothing that is predicted.</exception>
    public KeyReplay(PianoScene scene, KeyRecord record, ReplayOptions? options = null, double window = 0.12)
        : this(scene, record, options ??= new ReplayOptions(), Chosen(scene, [record], options)[0], window)
    {
        if (_events.Length == 0)
            throw new InputException("no key was heard in the recorded motion after its simulation has settled; record key presses, and leave half a second before the first");
    }

    /// <summary>Prepares some segments of a record; what was heard in them may be nothing.</summary>
    internal KeyReplay(PianoScene scene, KeyRecord record, ReplayOptions options, IReadOnlyList<MotionSegment> segments, double window = 0.12)
    {
        (_scene, _record, _options, Segments) = (scene, record, options, segments);
        _player = new MotionPlayer(scene, record.Motion, _options.Noise);
        double[] times = record.Motion.MeasuredTimes;
        Samples = [.. Segments.SelectMany(s => Enumerable.Range(s.First, s.Last - s.First + 1))];
        HeardEvent[] all = HeardEvent.Of(record, window);
        // An event belongs to the segment that predicts the time of its earliest answer.
        int[][] own = [.. Segments.Select(s => Enumerable.Range(0, all.Length).Where(i => all[i].From >= times[s.First] && (s.Last + 1 == times.Length ? all[i].To <= times[^1] : all[i].From < times[s.Last + 1])).ToArray())];
        _events = [.. own.SelectMany(indices => indices.Select(i => all[i]))];
        _eventsOf = [.. own.Select((indices, s) => (own.Take(s).Sum(before => before.Length), indices.Length))];
    }

    /// <summary>Of each record those segments in which, over all records, the keys that are heard are most various.</summary>
    /// <param name="scene">The scene without parameters.</param>
    /// <param name="records">The records.</param>
    /// <param name="options">How long segments are, and all that are chosen together.</param>
    internal static IReadOnlyList<MotionSegment>[] Chosen(PianoScene scene, IReadOnlyList<KeyRecord> records, ReplayOptions options)
    {
        var variety = new PressVariety(scene, records);
        (int Record, MotionSegment Segment)[] all = [.. records.SelectMany((record, r) => MotionSegment.Cut(record.Motion, options.SegmentLength, options.Settle).Select(segment => (r, segment)))];
        IReadOnlyList<int> chosen = MotionSegment.Choose(
            [.. all.Select(s => s.Segment.Length(records[s.Record].Motion.MeasuredTimes))], [.. all.Select(s => variety.In(s.Record, s.Segment))], options.MaxSeconds);
        return [.. records.Select((_, r) => chosen.Where(s => all[s].Record == r).Select(s => all[s].Segment).ToArray())];
    }

    /// <summary>The segments, in order.</summary>
    public IReadOnlyList<MotionSegment> Segments { get; }

    /// <summary>The record's samples that are predicted, in order.</summary>
    public IReadOnlyList<int> Samples { get; }

    /// <summary>Number of heard events that are compared; those while the first segment settles are not.</summary>
    public int EventCount => _events.Length;

    /// <summary>The events that are compared.</summary>
    internal IReadOnlyList<HeardEvent> Events => _events;

    /// <summary>The index of the segment of each event.</summary>
    internal IEnumerable<int> EventSegments => _eventsOf.SelectMany((own, s) => Enumerable.Repeat(s, own.Count));

    /// <summary>Predicts for several rigs at once.</summary>
    /// <param name="rigs">Their parameters.</param>
    public KeyPrediction[] Predict(IReadOnlyList<SimParameters> rigs)
    {
        int joints = _scene.Joints.Count;
        double[][] lateness = New(_events.Length), stray = New(Segments.Count), readings = New(Samples.Count * joints);
        bool[][] answered = [.. rigs.Select(_ => new bool[_events.Length])];
        int[] offsets = [.. Segments.Select((_, s) => Segments.Take(s).Sum(before => before.Last - before.First + 1) * joints)];
        RigPool.ForEach(_scene, rigs, Segments.Count, _options.Threads, (world, rig, s) =>
        {
            MotionSegment segment = Segments[s];
            (int first, int count) = _eventsOf[s];
            Replay(world, rigs[rig], segment, _events.AsSpan(first, count), lateness[rig].AsSpan(first, count), answered[rig].AsSpan(first, count), out stray[rig][s],
                readings[rig].AsSpan(offsets[s], (segment.Last - segment.First + 1) * joints));
        });
        return [.. rigs.Select((_, r) => new KeyPrediction(lateness[r], answered[r].Count(a => !a), stray[r], readings[r], answered[r]))];

        double[][] New(int length) => [.. rigs.Select(_ => new double[length])];
    }

    private void Replay(DrivenWorld world, SimParameters parameters, MotionSegment segment, ReadOnlySpan<HeardEvent> events, Span<double> lateness, Span<bool> answered, out double stray, Span<double> readings)
    {
        double[] times = _record.Motion.MeasuredTimes;
        double step = _scene.Model.Timestep, latency = parameters["keyboard.latency"];
        double end = times[segment.Last];
        foreach (HeardEvent e in events)
            end = Math.Max(end, e.To);
        int[] heard = [.. events.ToArray().Select(e => e.Key).Distinct()];
        var depths = heard.ToDictionary(key => key, _ => new double[(int)Math.Ceiling((end - segment.Start) / step) + 2]);

        PianoScene rig = world.World.Scene;
        var excess = new double[PianoGeometry.KeyCount];
        SimulatedReadings simulated = _player.Play(world, parameters, segment.Start, end, k =>
        {
            Span<double> q = world.World.Data.Qpos;
            for (int key = 0; k == 0 && key < PianoGeometry.KeyCount; key++)
            {
                if (_record.IsDown(key, segment.Start + latency, 0))
                    q[rig.KeyQposAddresses[key]] = rig.KeyTravel[key];
            }
            foreach ((int key, double[] depth) in depths)
                depth[k] = q[rig.KeyQposAddresses[key]] / rig.KeyActivation[key];
            double now = segment.Start + (k * step) + latency;
            if (now < times[segment.First] || now > times[segment.Last])
                return;
            ReadOnlySpan<bool> down = world.World.KeysDown;
            for (int key = 0; key < down.Length; key++)
            {
                if (down[key] && !_record.IsDown(key, now, Rest))
                    excess[key] = Math.Max(excess[key], (q[rig.KeyQposAddresses[key]] - rig.KeyActivation[key]) / (rig.KeyTravel[key] - rig.KeyActivation[key]));
            }
        });

        for (int i = 0; i < events.Length; i++)
            (lateness[i], answered[i]) = events[i].Answer(depths[events[i].Key], segment.Start + latency, step);
        // Each stray key counts, but smoothly, and not for more than its stop.
        stray = Math.Sqrt(excess.Sum(e => Math.Min(e, 1) * Math.Min(e, 1)));
        int joints = _scene.Joints.Count;
        for (int sample = segment.First; sample <= segment.Last; sample++)
        {
            for (int j = 0; j < joints; j++)
                readings[((sample - segment.First) * joints) + j] = simulated[j, times[sample]];
        }
    }
}
