using Legato.Sim.Parameters;
using Legato.Sim.Scene;
using Legato.SystemId.Fitting;
using Legato.SystemId.Rollouts;

namespace Legato.SystemId.Keys;

/// <summary>What records and simulation differ in, in standard deviations: events first, then stray keys, then joint readings.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
internal sealed class KeyResiduals
{
    // How many standard deviations a key counts that goes down to its stop unheard.
    private const double StrayWeight = 10;

    // Of an event's time while the piano is looked for, s: everything within a note's reach counts.
    private const double SearchNoise = 0.02;

    private readonly (KeyRecord Record, KeyReplay Replay, int[][] Drives)[] _parts;
    private readonly double[] _jointNoise;
    private readonly double _eventNoise;
    private readonly int _joints;
    private readonly bool[] _isRight;

    public KeyResiduals(PianoScene scene, IReadOnlyList<KeyRecord> records, KeyFitOptions options)
    {
        double total = records.Sum(Seconds);
        _parts = [.. records.Select(record => (record, new KeyReplay(scene, record, Replay(record)), MovedDrives(scene, record.Motion, options.Noise)))];
        _isRight = [.. scene.Joints.Names.Select(name => name.StartsWith(HandSide.Right.Prefix(), StringComparison.Ordinal))];
        _jointNoise = [.. scene.Joints.Units.Select(options.Noise.Of)];
        (_eventNoise, _joints) = (options.EventNoise, scene.Joints.Count);

        ReplayOptions Replay(KeyRecord record) => new()
        {
            SegmentLength = options.SegmentLength,
            Settle = options.Settle,
            MaxSeconds = options.MaxSeconds * Seconds(record) / total,
            Noise = options.Noise,
            Threads = options.Threads,
        };
    }

    private KeyResiduals(KeyResiduals other, double eventScale, double jointScale)
    {
        (_parts, _joints, _isRight) = (other._parts, other._joints, other._isRight);
        (_eventNoise, _jointNoise) = (other._eventNoise * eventScale, [.. other._jointNoise.Select(noise => noise * jointScale)]);
    }

    /// <summary>Standard deviation of an event's time, s.</summary>
    public double EventNoise => _eventNoise;

    /// <summary>Heard events that are compared.</summary>
    public int EventCount => _parts.Sum(p => p.Replay.EventCount);

    public double[][] Of(IReadOnlyList<SimParameters> rigs) => Gather(rigs, (part, prediction) =>
        [
            .. prediction.Lateness.Select(late => late / _eventNoise),
            .. prediction.Stray.Select(stray => stray * StrayWeight),
            .. JointResiduals(part.Record, part.Replay, part.Drives, prediction.Readings),
        ]);

    /// <summary>How badly rigs answer the events, whatever their joints do; bounded for each event.</summary>
    public double[] SearchCost(IReadOnlyList<SimParameters> rigs)
    {
        var loss = RobustLoss.Cauchy();
        return [.. Gather(rigs, (_, prediction) => [.. prediction.Lateness.Select(late => late / SearchNoise), .. prediction.Stray.Select(stray => stray * StrayWeight)])
            .Select(all => all.Sum(loss.Cost))];
    }

    /// <summary>How late a rig answers those events that it answers, s, and how many it does not.</summary>
    public (IReadOnlyList<double> Lateness, int Unanswered) Answers(SimParameters rig)
    {
        KeyPrediction[] predictions = [.. _parts.Select(p => p.Replay.Predict([rig])[0])];
        return ([.. predictions.SelectMany(p => p.Lateness.Where((_, i) => p.Answered[i]))], predictions.Sum(p => p.Unanswered));
    }

    /// <summary>
    /// What is known of the residuals: segments err independently; the keyboard's latency moves events alone, and report lags the readings of one hand.
    /// </summary>
    public ResidualStructure Structure()
    {
        (List<int> stretches, List<int> parts, int first) = ([], [], 0);
        foreach ((KeyRecord _, KeyReplay replay, int[][] drives) in _parts)
        {
            stretches.AddRange(replay.EventSegments.Concat(Enumerable.Range(0, replay.Segments.Count)).Select(s => first + s));
            parts.AddRange(Enumerable.Repeat(0, replay.EventCount + replay.Segments.Count));
            for (int s = 0; s < replay.Segments.Count; s++)
            {
                for (int sample = replay.Segments[s].First; sample <= replay.Segments[s].Last; sample++)
                {
                    stretches.AddRange(drives.Select(_ => first + s));
                    parts.AddRange(drives.Select(joints => _isRight[joints[0]] ? 1 : 2));
                }
            }
            first += replay.Segments.Count;
        }
        return new ResidualStructure
        {
            Stretches = stretches,
            Parts = parts,
            Moves = new Dictionary<string, IReadOnlySet<int>>
            {
                ["keyboard.latency"] = new HashSet<int> { 0 },
                ["right_hand.report_lag"] = new HashSet<int> { 1 },
                ["left_hand.report_lag"] = new HashSet<int> { 2 },
            },
        };
    }

    /// <summary>The same with the noise of each kind of measurement that these residuals show; never less than a third of what was assumed.</summary>
    public KeyResiduals Reweighted(SimParameters rig)
    {
        var (events, joints) = (new List<double>(), new List<double>());
        foreach ((KeyRecord record, KeyReplay replay, int[][] own) in _parts)
        {
            KeyPrediction prediction = replay.Predict([rig])[0];
            events.AddRange(prediction.Lateness.Select(late => late / _eventNoise));
            joints.AddRange(JointResiduals(record, replay, own, prediction.Readings));
        }
        return new KeyResiduals(this, Spread(events), Spread(joints));
    }

    private double[][] Gather(IReadOnlyList<SimParameters> rigs, Func<(KeyRecord Record, KeyReplay Replay, int[][] Drives), KeyPrediction, IEnumerable<double>> residuals)
    {
        double[][] all = [.. rigs.Select(_ => Array.Empty<double>())];
        foreach ((KeyRecord Record, KeyReplay Replay, int[][] Drives) part in _parts)
        {
            KeyPrediction[] predictions = part.Replay.Predict(rigs);
            for (int r = 0; r < all.Length; r++)
                all[r] = [.. all[r], .. residuals(part, predictions[r])];
        }
        return all;
    }

    // Of what each drive's own sensor sees: how a coupled finger shares its travel between J1 and J2 is a matter of chance under load.
    private IEnumerable<double> JointResiduals(KeyRecord record, KeyReplay replay, int[][] drives, double[] readings) =>
        replay.Samples.SelectMany((sample, s) => drives.Select(joints =>
            joints.Sum(j => readings[(s * _joints) + j] - record.Motion.Measured[sample][j]) / (_jointNoise[joints[0]] * Math.Sqrt(joints.Length))));

    private static double Seconds(KeyRecord record) => record.Motion.MeasuredTimes[^1] - record.Motion.MeasuredTimes[0];

    private static int[][] MovedDrives(PianoScene scene, MotionRecord motion, EncoderNoise noise) =>
        [.. Enumerable.Range(0, scene.Actuators.Count).Where(a => motion.Moves(a, noise)).Select(a => scene.JointsOf(a).ToArray())];

    // The median of the absolute values as a standard deviation: outliers do not count.
    private static double Spread(List<double> residuals)
    {
        double[] sizes = [.. residuals.Select(Math.Abs).Order()];
        return sizes.Length == 0 ? 1 : Math.Max(1.4826 * sizes[sizes.Length / 2], 1.0 / 3);
    }
}
