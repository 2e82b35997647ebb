using Legato.Sim.Parameters;
using Legato.Sim.Scene;
using Legato.Sim.World;
using Legato.SystemId.Fitting;
using Legato.SystemId.Rollouts;

namespace Legato.SystemId.Keys;

/// <summary>What records and simulation differ in, in standard deviations: events first, then stray keys, then readings of drives.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
internal sealed class KeyResiduals
{
    // How many standard deviations a key counts that goes down to its stop unheard.
    private const double StrayWeight = 10;

    // Most that an event counts, in standard deviations: as much as one that does not come.
    private const double Bound = 4;

    // How much wider events are looked at on the way to the estimate.
    private const double Width = 3;

    // Of an event's time while the piano is looked for, s: everything within a note's reach counts.
    private const double SearchNoise = 0.02;

    // What no parameter explains lasts: so many neighbouring readings err together.
    private const double Alike = 20;

    // Numbers of parts: events belong to fingers, then come stray keys and each drive's readings.
    private const int StrayPart = 100, FirstDrive = 101;

    private readonly PianoScene _scene;
    private readonly (KeyRecord Record, KeyReplay Replay, int[] Drives)[] _parts;
    private readonly int[][] _fingersOf;
    private readonly DriveSensors _sensors;
    private readonly double _eventNoise;
    private readonly double[] _driveNoise;
    private readonly double[]? _doubt;

    public KeyResiduals(PianoScene scene, IReadOnlyList<KeyRecord> records, KeyFitOptions options)
    {
        var replay = new ReplayOptions
        {
            SegmentLength = options.SegmentLength,
            Settle = options.Settle,
            MaxSeconds = options.MaxSeconds,
            Noise = options.Noise,
            Threads = options.Threads,
        };
        var parts = records.Zip(KeyReplay.Chosen(scene, records, replay), (record, segments) => (Record: record, Replay: new KeyReplay(scene, record, replay, segments), Drives: Moved(record.Motion)));
        _parts = [.. parts.Where(part => part.Replay.EventCount > 0)];
        if (_parts.Length == 0)
            throw new InputException("no key was heard in the recorded motions after their simulation has settled; record key presses, and leave half a second before the first");
        _sensors = new DriveSensors(scene, options.Noise);
        _driveNoise = [.. _sensors.Noise.Select(noise => noise * Math.Sqrt(Alike))];
        (_scene, _eventNoise) = (scene, options.EventNoise);
        using var world = new PianoWorld(scene);
        _fingersOf = [.. _parts.Select(p => p.Replay.Events.Select(e => PlayedFingers.At(world, p.Record.Motion, e.Key, e.Time)).ToArray())];

        int[] Moved(MotionRecord motion) => [.. Enumerable.Range(0, scene.Actuators.Count).Where(a => motion.Moves(a, options.Noise))];
    }

    private KeyResiduals(KeyResiduals other, double eventNoise, double[] driveNoise, double[]? doubt)
    {
        (_scene, _parts, _fingersOf, _sensors) = (other._scene, other._parts, other._fingersOf, other._sensors);
        (_eventNoise, _driveNoise, _doubt) = (eventNoise, driveNoise, doubt);
    }

    /// <summary>Standard deviation of an event's time, s.</summary>
    public double EventNoise => _eventNoise;

    /// <summary>Heard events that are compared.</summary>
    public int EventCount => _parts.Sum(p => p.Replay.EventCount);

    /// <summary>Of each part what each rig does; the same for all weights of one scene.</summary>
    public KeyPrediction[][] Predict(IReadOnlyList<SimParameters> rigs) => [.. _parts.Select(part => part.Replay.Predict(rigs))];

    public double[][] Of(KeyPrediction[][] predictions)
    {
        double[][] all = Gather(predictions, (part, prediction) => [.. Events(prediction, _eventNoise), .. Readings(part.Record, part.Replay, part.Drives, prediction)]);
        foreach (double[] residuals in _doubt is null ? [] : all)
        {
            for (int i = 0; i < residuals.Length; i++)
                residuals[i] /= _doubt![i];
        }
        return all;
    }

    /// <summary>How badly rigs answer the events, whatever their joints do; bounded for each event.</summary>
    public double[] SearchCost(IReadOnlyList<SimParameters> rigs)
    {
        var loss = RobustLoss.Cauchy();
        return [.. Gather(Predict(rigs), (_, prediction) => Events(prediction, SearchNoise)).Select(all => all.Sum(loss.Cost))];
    }

    /// <summary>The same for the events of each finger.</summary>
    public double[][] SearchCostOfFingers(IReadOnlyList<SimParameters> rigs)
    {
        var loss = RobustLoss.Cauchy();
        double[][] costs = [.. rigs.Select(_ => new double[_scene.Fingers.Count])];
        foreach (((_, KeyReplay replay, _), int[] fingers) in _parts.Zip(_fingersOf))
        {
            KeyPrediction[] predictions = replay.Predict(rigs);
            for (int r = 0; r < costs.Length; r++)
            {
                for (int e = 0; e < fingers.Length; e++)
                    costs[r][fingers[e]] += loss.Cost(predictions[r].Lateness[e] / SearchNoise);
            }
        }
        return costs;
    }

    /// <summary>How late a rig answers those events that it answers, s, and how many it does not.</summary>
    public (IReadOnlyList<double> Lateness, int Unanswered) Answers(SimParameters rig)
    {
        KeyPrediction[] predictions = [.. _parts.Select(p => p.Replay.Predict([rig])[0])];
        return ([.. predictions.SelectMany(p => p.Lateness.Where((_, i) => p.Answered[i]))], predictions.Sum(p => p.Unanswered));
    }

    /// <summary>
    /// What is known of the residuals: segments err independently; the keyboard's latency moves events alone, a hand's delay events and readings of that
    /// hand, and the zero of a drive those of the fingers that it lifts. Stray keys, which are few, are left out for all of these.
    /// </summary>
    /// <param name="names">The parameters.</param>
    public ResidualStructure Structure(IEnumerable<string> names)
    {
        (List<int> stretches, List<int> parts, int first) = ([], [], 0);
        foreach (((_, KeyReplay replay, int[] drives), int[] own) in _parts.Zip(_fingersOf))
        {
            stretches.AddRange(replay.EventSegments.Concat(Enumerable.Range(0, replay.Segments.Count)).Select(s => first + s));
            parts.AddRange(own);
            parts.AddRange(Enumerable.Repeat(StrayPart, replay.Segments.Count));
            for (int s = 0; s < replay.Segments.Count; s++)
            {
                for (int sample = replay.Segments[s].First; sample <= replay.Segments[s].Last; sample++)
                {
                    stretches.AddRange(drives.Select(_ => first + s));
                    parts.AddRange(drives.Select(a => FirstDrive + a));
                }
            }
            first += replay.Segments.Count;
        }
        return new ResidualStructure
        {
            Stretches = stretches,
            Parts = parts,
            Moves = names.Select(name => (Name: name, Parts: PartsOf(ParameterSchema.Find(name)))).Where(p => p.Parts is not null).ToDictionary(p => p.Name, p => (IReadOnlySet<int>)p.Parts!),
        };
    }

    // The parts that alone a parameter moves; null for everything.
    private HashSet<int>? PartsOf(ParameterDefinition definition)
    {
        string[] drives = [.. _scene.Actuators.Names.Select(SceneParameters.DriveName)];
        IEnumerable<int> Fingers(Func<FingerSite, bool> isOwn) => Enumerable.Range(0, _scene.Fingers.Count).Where(f => isOwn(_scene.Fingers[f]));
        IEnumerable<int> Drives(Func<string, bool> isOwn) => Enumerable.Range(0, drives.Length).Where(a => isOwn(drives[a])).Select(a => FirstDrive + a);
        return definition.Key switch
        {
            "latency" => [.. Fingers(_ => true)],
            "delay" when definition.Section != "rails" => [.. Fingers(f => f.Side.Prefix()[0] == definition.Section[0]), .. Drives(d => d[0] == definition.Section[0])],
            "offset" when drives.Contains(definition.Section) && PlayedFingers.FingersOf(_scene, definition.Section) is { Count: > 0 } lifted =>
                [.. lifted, .. Drives(d => d == definition.Section || PlayedFingers.FingersOf(_scene, d).Intersect(lifted).Any())],
            _ => null,
        };
    }

    /// <summary>The same with events that may come much earlier or later.</summary>
    public KeyResiduals Wide() => new(this, Width * _eventNoise, _driveNoise, _doubt);

    /// <summary>The same, but residuals count the less the more they change with what is not known.</summary>
    /// <param name="predictions">Of the rig as it is believed to be, and of others that are as likely.</param>
    public KeyResiduals Doubting(KeyPrediction[][] predictions)
    {
        double[][] all = Of(predictions);
        if (all.Length == 1)
            return this;
        return new KeyResiduals(this, _eventNoise, _driveNoise, [.. all[0].Select((r, i) => Math.Sqrt(1 + all.Skip(1).Average(other => (other[i] - r) * (other[i] - r))))]);
    }

    /// <summary>The same with the noise that these residuals show: of each drive, as what no parameter explains must not outweigh the rest, and of events.</summary>
    /// <param name="predictions">Of the rig where residuals are looked at; further rigs do not count.</param>
    /// <param name="events">Whether events' noise changes, too, outliers aside; never to less than a third of what was assumed.</param>
    public KeyResiduals Reweighted(KeyPrediction[][] predictions, bool events)
    {
        double[] all = Of(predictions)[0];
        double[] late = [.. _parts.Zip(Starts()).SelectMany(p => all.Skip(p.Second).Take(p.First.Replay.EventCount)).Select(Math.Abs).Order()];
        var (squares, counts) = (new double[_driveNoise.Length], new int[_driveNoise.Length]);
        foreach (((KeyRecord Record, KeyReplay Replay, int[] Drives) part, int start) in _parts.Zip(Starts()))
        {
            int readings = start + part.Replay.EventCount + part.Replay.Segments.Count;
            for (int i = 0; i < part.Replay.Samples.Count * part.Drives.Length; i++)
            {
                int drive = part.Drives[i % part.Drives.Length];
                squares[drive] += all[readings + i] * all[readings + i];
                counts[drive]++;
            }
        }
        double[] driveNoise = [.. _driveNoise.Select((noise, a) => noise * Math.Sqrt(Math.Max(Alike * squares[a] / Math.Max(1, counts[a]), 1)))];
        // The median of the absolute values as a standard deviation.
        double spread = events ? Math.Max(1.4826 * late[late.Length / 2], 1.0 / 3) : 1;
        return new KeyResiduals(this, _eventNoise * spread, driveNoise, _doubt);
    }

    // Where each part's residuals begin.
    private IEnumerable<int> Starts()
    {
        int start = 0;
        foreach ((_, KeyReplay replay, int[] drives) in _parts)
        {
            yield return start;
            start += replay.EventCount + replay.Segments.Count + (replay.Samples.Count * drives.Length);
        }
    }

    private double[][] Gather(KeyPrediction[][] predictions, Func<(KeyRecord Record, KeyReplay Replay, int[] Drives), KeyPrediction, IEnumerable<double>> residuals) =>
        [.. predictions[0].Select((_, r) => _parts.SelectMany((part, p) => residuals(part, predictions[p][r])).ToArray())];

    private static IEnumerable<double> Events(KeyPrediction prediction, double noise) =>
        prediction.Lateness.Select(late => Bounded(late / noise)).Concat(prediction.Stray.Select(stray => Bounded(stray * StrayWeight)));

    // Half its square is Geman's and McClure's loss: a press that only just happens, or not, must not outweigh all others.
    private static double Bounded(double residual) => residual / Math.Sqrt(1 + (residual * residual / (Bound * Bound)));

    private IEnumerable<double> Readings(KeyRecord record, KeyReplay replay, int[] drives, KeyPrediction prediction)
    {
        int joints = _scene.Joints.Count;
        return replay.Samples.SelectMany((sample, s) => drives.Select(a => _sensors.Difference(a, prediction.Readings.AsSpan(s * joints, joints), record.Motion.Measured[sample]) / _driveNoise[a]));
    }
}
