using Legato.Sim;
using Legato.Sim.Parameters;
using Legato.Sim.Scene;
using Legato.SystemId.Rollouts;

namespace Legato.SystemId.Fitting;

/// <summary>What recorded and simulated joints differ in where drives move freely, in standard deviations of the encoders' noise.</summary>
/// <remarks>
/// Of what each drive's own sensor sees. Ordered by drives, then by records and time. Immutable and thread-safe.
/// </remarks>
internal sealed class DriveResiduals
{
    private readonly PianoScene _scene;
    private readonly IReadOnlyList<MotionRecord> _records;
    private readonly JointReplay[] _replays;
    private readonly DriveSensors _sensors;
    private readonly Row[] _rows;

    // Where a residual comes from: drive, record, index into the replay's samples, segment over all records.
    private readonly record struct Row(int Drive, int Record, int Sample, int Segment);

    private DriveResiduals(DriveResiduals other, Row[] rows) =>
        (_scene, _records, _replays, _sensors, _rows) = (other._scene, other._records, other._replays, other._sensors, rows);

    /// <summary>Prepares records: all samples of all drives that they command to move, where these are free.</summary>
    /// <param name="scene">The scene without parameters or contacts; it stays the caller's.</param>
    /// <param name="records">The motions.</param>
    /// <param name="replay">How to replay each.</param>
    /// <param name="maxSeconds">Most that is predicted of all records together, s.</param>
    /// <param name="clearance">Height from which fingers are free, m; null where nothing is ever touched.</param>
    public DriveResiduals(PianoScene scene, IReadOnlyList<MotionRecord> records, ReplayOptions replay, double maxSeconds, double? clearance)
    {
        double total = records.Sum(r => r.MeasuredTimes[^1] - r.MeasuredTimes[0]);
        _replays = [.. records.Select(r => new JointReplay(scene, r, replay with { MaxSeconds = maxSeconds * (r.MeasuredTimes[^1] - r.MeasuredTimes[0]) / total }))];
        (_scene, _records) = (scene, records);
        _sensors = new DriveSensors(scene, replay.Noise);
        FreeMotion?[] free = [.. records.Select(r => clearance is { } height ? FreeMotion.Of(scene, r, height) : null)];
        int[][] segments = [.. _replays.Select((r, i) => SegmentNumbers(r, _replays.Take(i).Sum(before => before.Segments.Count)))];
        var rows = new List<Row>();
        for (int a = 0; a < scene.Actuators.Count; a++)
        {
            for (int r = 0; r < records.Count; r++)
            {
                // A drive at rest shows where friction happened to stop it, and the error of its measured start stays for ever.
                if (!records[r].Moves(a, replay.Noise))
                    continue;
                for (int s = 0; s < _replays[r].Samples.Count; s++)
                {
                    if (free[r]?[_replays[r].Samples[s], a] ?? true)
                        rows.Add(new Row(a, r, s, segments[r][s]));
                }
            }
        }
        _rows = [.. rows];
    }

    /// <summary>Number of residuals.</summary>
    public int Count => _rows.Length;

    /// <summary>Names of the drives that have residuals, in the scene's order.</summary>
    public IReadOnlyList<string> Drives => [.. _rows.Select(row => row.Drive).Distinct().Order().Select(a => SceneParameters.DriveName(_scene.Actuators.Names[a]))];

    /// <summary>Those of drives that one of the parameters belongs to; of all drives where one belongs to none.</summary>
    public DriveResiduals Of(IEnumerable<string> names)
    {
        string[] own = [.. names.Where(name => ParameterSchema.Find(name).Kind != ParameterKind.Timing)];
        var drives = own.Length == 0 ? null : own.Select(DrivesOf).Aggregate(new HashSet<int>(), (all, some) => some is null ? [.. Enumerable.Range(0, _scene.Actuators.Count)] : [.. all, .. some]);
        return drives is null ? this : new DriveResiduals(this, [.. _rows.Where(row => drives.Contains(row.Drive))]);
    }

    /// <summary>The residuals of several rigs.</summary>
    public double[][] Of(IReadOnlyList<SimParameters> rigs)
    {
        double[][][] predicted = [.. _replays.Select(replay => replay.Predict(rigs))];
        int joints = _scene.Joints.Count;
        return [.. rigs.Select((_, p) => _rows.Select(row => Difference(row, predicted[row.Record][p].AsSpan(row.Sample * joints, joints)) / _sensors.Noise[row.Drive]).ToArray())];
    }

    private double Difference(Row row, ReadOnlySpan<double> predicted) =>
        _sensors.Difference(row.Drive, predicted, _records[row.Record].Measured[_replays[row.Record].Samples[row.Sample]]);

    /// <summary>What is known of them: segments err independently, and each parameter moves its own drives alone (through the masses of its neighbours hardly more).</summary>
    public ResidualStructure Structure(IEnumerable<string> names) => new()
    {
        Stretches = [.. _rows.Select(row => row.Segment)],
        Parts = [.. _rows.Select(row => row.Drive)],
        Moves = names.Select(name => (Name: name, Drives: DrivesOf(name))).Where(p => p.Drives is not null).ToDictionary(p => p.Name, p => (IReadOnlySet<int>)p.Drives!),
    };

    /// <summary>Root mean square of each drive's residuals; drives without any are left out.</summary>
    public IReadOnlyDictionary<string, double> DriveRms(double[] residuals) => _rows.Zip(residuals).GroupBy(p => p.First.Drive)
        .OrderBy(g => g.Key).ToDictionary(g => SceneParameters.DriveName(_scene.Actuators.Names[g.Key]), g => Math.Sqrt(g.Average(p => p.Second * p.Second)));

    // The drives that a parameter moves; null for all.
    private HashSet<int>? DrivesOf(string name)
    {
        string section = ParameterSchema.Find(name).Section;
        string[] drives = [.. _scene.Actuators.Names.Select(SceneParameters.DriveName)];
        Func<int, bool>? isOwn = section switch
        {
            "right_hand" => a => _scene.Actuators.Units[a] == JointUnit.Radian && drives[a].StartsWith(HandSide.Right.Prefix(), StringComparison.Ordinal),
            "left_hand" => a => _scene.Actuators.Units[a] == JointUnit.Radian && drives[a].StartsWith(HandSide.Left.Prefix(), StringComparison.Ordinal),
            _ when ParameterSchema.Groups.Contains(section) => a => ParameterSchema.GroupOf(drives[a]) == section,
            _ when ParameterSchema.Drives.Contains(section) => a => drives[a] == section,
            _ => null,
        };
        return isOwn is null ? null : [.. Enumerable.Range(0, drives.Length).Where(isOwn)];
    }

    private static int[] SegmentNumbers(JointReplay replay, int first) =>
        [.. replay.Segments.SelectMany((segment, s) => Enumerable.Repeat(first + s, segment.Last - segment.First + 1))];
}
