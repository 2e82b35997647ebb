using Legato.Sim.Parameters;
using Legato.Sim.Scene;
using Legato.Sim.World;
using Legato.SystemId.Fitting;
using Legato.SystemId.Rollouts;

namespace Legato.SystemId.Keys;

/// <summary>What heard and simulated keys differ in, in standard deviations: events first, then stray keys.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
internal sealed class KeyResiduals
{
    // How many standard deviations a key counts that goes down to its stop unheard.
    private const double StrayWeight = 10;

    // Of an event's time while the piano is looked for, s: everything within a note's reach counts.
    private const double SearchNoise = 0.02;

    // Number of the part that stray keys are; events belong to fingers.
    private const int StrayPart = 100;

    private readonly PianoScene _scene;
    private readonly (KeyRecord Record, KeyReplay Replay)[] _parts;
    private readonly double _eventNoise;

    public KeyResiduals(PianoScene scene, IReadOnlyList<KeyRecord> records, KeyFitOptions options)
    {
        double total = records.Sum(Seconds);
        _parts = [.. records.Select(record => (record, new KeyReplay(scene, record, Replay(record))))];
        (_scene, _eventNoise) = (scene, options.EventNoise);

        ReplayOptions Replay(KeyRecord record) => new()
        {
            SegmentLength = options.SegmentLength,
            Settle = options.Settle,
            MaxSeconds = options.MaxSeconds * Seconds(record) / total,
            Noise = options.Noise,
            Threads = options.Threads,
        };
    }

    private KeyResiduals(KeyResiduals other, double eventNoise) => (_scene, _parts, _eventNoise) = (other._scene, other._parts, eventNoise);

    /// <summary>Standard deviation of an event's time, s.</summary>
    public double EventNoise => _eventNoise;

    /// <summary>Heard events that are compared.</summary>
    public int EventCount => _parts.Sum(p => p.Replay.EventCount);

    public double[][] Of(IReadOnlyList<SimParameters> rigs) => Gather(rigs, _eventNoise);

    /// <summary>How badly rigs answer the events; bounded for each event.</summary>
    public double[] SearchCost(IReadOnlyList<SimParameters> rigs)
    {
        var loss = RobustLoss.Cauchy();
        return [.. Gather(rigs, SearchNoise).Select(all => all.Sum(loss.Cost))];
    }

    /// <summary>How late a rig answers those events that it answers, s, and how many it does not.</summary>
    public (IReadOnlyList<double> Lateness, int Unanswered) Answers(SimParameters rig)
    {
        KeyPrediction[] predictions = [.. _parts.Select(p => p.Replay.Predict([rig])[0])];
        return ([.. predictions.SelectMany(p => p.Lateness.Where((_, i) => p.Answered[i]))], predictions.Sum(p => p.Unanswered));
    }

    /// <summary>
    /// What is known of the residuals: segments err independently; the keyboard's latency moves events alone, a hand's delay those of its own fingers, and
    /// the zero of a finger's drive those of that finger. Stray keys, which are few, are left out for all of these.
    /// </summary>
    /// <param name="names">The parameters.</param>
    public ResidualStructure Structure(IEnumerable<string> names)
    {
        (List<int> stretches, List<int> parts, int first) = ([], [], 0);
        using var world = new PianoWorld(_scene);
        foreach ((KeyRecord record, KeyReplay replay) in _parts)
        {
            stretches.AddRange(replay.EventSegments.Concat(Enumerable.Range(0, replay.Segments.Count)).Select(s => first + s));
            parts.AddRange(replay.Events.Select(e => PlayedFingers.At(world, record.Motion, e.Key, e.Time)));
            parts.AddRange(Enumerable.Repeat(StrayPart, replay.Segments.Count));
            first += replay.Segments.Count;
        }
        var fingers = new PlayedFingers(_scene, []);
        return new ResidualStructure
        {
            Stretches = stretches,
            Parts = parts,
            Moves = names.Select(name => (Name: name, Fingers: FingersOf(ParameterSchema.Find(name), fingers))).Where(p => p.Fingers is not null).ToDictionary(p => p.Name, p => (IReadOnlySet<int>)p.Fingers!),
        };
    }

    // The fingers whose events alone a parameter moves; null for everything.
    private HashSet<int>? FingersOf(ParameterDefinition definition, PlayedFingers fingers) => definition.Key switch
    {
        "latency" => [.. Enumerable.Range(0, _scene.Fingers.Count)],
        "delay" when definition.Section != "rails" => [.. Enumerable.Range(0, _scene.Fingers.Count).Where(f => _scene.Fingers[f].Side.Prefix()[0] == definition.Section[0])],
        "offset" when ParameterSchema.Drives.Contains(definition.Section) && fingers.FingerOf(definition.Section) is { } finger => [finger],
        _ => null,
    };

    /// <summary>The same with the noise that events show, outliers aside; never less than a third of what was assumed.</summary>
    public KeyResiduals Reweighted(SimParameters rig)
    {
        double[] late = [.. Of([rig])[0].Take(EventCount).Select(Math.Abs).Order()];
        // The median of the absolute values as a standard deviation.
        return new KeyResiduals(this, _eventNoise * Math.Max(1.4826 * late[late.Length / 2], 1.0 / 3));
    }

    private double[][] Gather(IReadOnlyList<SimParameters> rigs, double noise)
    {
        KeyPrediction[][] predictions = [.. _parts.Select(part => part.Replay.Predict(rigs))];
        return [.. rigs.Select((_, r) => predictions.SelectMany(p => p[r].Lateness.Select(late => late / noise).Concat(p[r].Stray.Select(stray => stray * StrayWeight))).ToArray())];
    }

    private static double Seconds(KeyRecord record) => record.Motion.MeasuredTimes[^1] - record.Motion.MeasuredTimes[0];
}
