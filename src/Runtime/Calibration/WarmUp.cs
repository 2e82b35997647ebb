using Legato.Runtime.Experiments;
using Legato.Runtime.Statistics;
using Legato.Sim.Parameters;
using Legato.Sim.Scene;
using Legato.SystemId.Checks;
using Legato.SystemId.Rollouts;

using Serilog;

namespace Legato.Runtime.Calibration;

/// <summary>A drive that does not do any more what it did after the calibration.</summary>
/// <param name="Drive">Name of the drive.</param>
/// <param name="Before">Its error in the first warm-up, in standard deviations of the encoders' noise.</param>
/// <param name="Now">Its error now.</param>
/// <param name="Probability">Of such a change by chance, adjusted for all drives.</param>
public sealed record DriftedDrive(string Drive, double Before, double Now, double Probability);

/// <summary>What a warm-up found.</summary>
/// <param name="Robot">Name of the robot.</param>
/// <param name="Run">Folder of the recorded run.</param>
/// <param name="IsFirst">True if it is the one that later ones are compared with.</param>
/// <param name="Drives">Number of drives that moved.</param>
/// <param name="Drifted">Those that drifted, the worst first.</param>
public sealed record WarmUpReport(string Robot, string Run, bool IsFirst, int Drives, IReadOnlyList<DriftedDrive> Drifted);

/// <summary>How long a warm-up takes and what it is compared by.</summary>
public sealed record WarmUpOptions
{
    /// <summary>Motion, s. Default 30.</summary>
    public double Seconds { get; init; } = 30;

    /// <summary>Windows that are compared one by one, s. Default 2.5.</summary>
    public double Window { get; init; } = 2.5;

    /// <summary>How many times as large an error must have become to count. Default 1.3.</summary>
    public double Ratio { get; init; } = 1.3;

    /// <summary>Largest probability of chance at which it counts. Default 0.05.</summary>
    public double Significance { get; init; } = 0.05;
}

/// <summary>Watches for drift: plays the same random motions before every session, and compares each drive's error against its model with that of the first time.</summary>
/// <remarks>
/// Motions and first errors belong to one robot and one set of parameters: after a calibration the first warm-up becomes the new measure. Windows of the same
/// motion are compared pair by pair, by the logarithm of the ratio of their errors (Fisher's permutation test, Holm's adjustment). One call at a time per robot.
/// </remarks>
/// <param name="root">Folder of all calibrations.</param>
/// <param name="runs">Folder of all runs.</param>
/// <param name="time">Wall clock and timers.</param>
/// <param name="log">Receives what the operator should know.</param>
/// <param name="options">How long and how strict; null are the defaults.</param>
public sealed class WarmUp(string root, string runs, TimeProvider time, ILogger log, WarmUpOptions? options = null)
{
    private const string ErrorsFile = "errors.json";

    // A drive's start is forgotten to within the noise, s.
    private const double Settle = 1;

    private readonly WarmUpOptions _options = options ?? new WarmUpOptions();

    /// <summary>Plays, records, compares.</summary>
    /// <param name="setup">The robot, with the parameters that are current; its stand-in, if it has one, is running.</param>
    /// <param name="progress">Told what is going on; may be null.</param>
    /// <param name="stop">Ends it early: the hands lift.</param>
    /// <exception cref="InputException">Nothing safe can be played, the run ended early or lost data, or what was kept is damaged.</exception>
    public async Task<WarmUpReport> RunAsync(RobotSetup setup, IProgress<string>? progress, CancellationToken stop)
    {
        string folder = Path.Combine(root, "warm-up", $"{setup.Robot.Name}-{setup.Parameters.Hash[..12]}");
        ExcitationBundle motions = FindOrPlan(setup, folder, progress, stop);
        progress?.Report("warming up");
        ExcitationReport played = await new ExcitationSession(runs, time, log).RunAsync(setup, motions, folder, stop);
        stop.ThrowIfCancellationRequested();
        var run = RunImport.Load(played.Run);
        if (played.Ended != PlayReport.Completed || run.Recording.Losses.Count > 0)
            throw new InputException($"{played.Run}: the warm-up {(played.Ended != PlayReport.Completed ? $"ended early ({played.Ended})" : run.Recording.Losses[0])}; see to the robot, then warm up again");
        IReadOnlyDictionary<string, double[]> now = ErrorsOf(setup, run);
        string kept = Path.Combine(folder, ErrorsFile);
        if (File.Exists(kept))
            return new WarmUpReport(setup.Robot.Name, played.Run, IsFirst: false, now.Count, Drifted(CalibrationFiles.Read<Dictionary<string, double[]>>(kept, "delete it, and warm up on a robot that is as it was calibrated"), now));
        CalibrationFiles.Write(kept, System.Text.Json.JsonSerializer.Serialize(now, CalibrationFiles.Json) + "\n");
        return new WarmUpReport(setup.Robot.Name, played.Run, IsFirst: true, now.Count, []);
    }

    private ExcitationBundle FindOrPlan(RobotSetup setup, string folder, IProgress<string>? progress, CancellationToken stop)
    {
        if (!ExcitationBundle.Exists(folder))
        {
            progress?.Report("looking for safe motions");
            var planner = new ExcitationPlanner(setup.Scene.Options, setup.Parameters, setup.Limits, progress);
            ExcitationBundle.Of(planner.Random(_options.Seconds, seed: 0, stop), setup.Scene.Actuators, setup.Parameters.Hash).Save(folder);
        }
        return ExcitationBundle.Load(folder);
    }

    private IReadOnlyDictionary<string, double[]> ErrorsOf(RobotSetup setup, RunImport run)
    {
        using PianoScene free = PianoScene.Build(run.Scene with { Contacts = ContactSet.None });
        double lag = Math.Max(setup.Parameters["right_hand.report_lag"], setup.Parameters["left_hand.report_lag"]);
        return DriveErrors.Of(free, run.Recording.ToMotion(), setup.Parameters, new ReplayOptions { Settle = Settle + lag }, _options.Window);
    }

    private DriftedDrive[] Drifted(Dictionary<string, double[]> before, IReadOnlyDictionary<string, double[]> now)
    {
        (string Drive, double Before, double Now, double Change, double P)[] all =
        [
            .. now.Where(drive => before.ContainsKey(drive.Key)).Select(drive =>
            {
                (double Before, double Now)[] pairs = [.. before[drive.Key].Zip(drive.Value).Where(p => double.IsFinite(p.First) && double.IsFinite(p.Second) && p.First > 0 && p.Second > 0)];
                double[] changes = [.. pairs.Select(p => Math.Log(p.Now / p.Before))];
                return changes.Length == 0
                    ? (drive.Key, 0, 0, 0, 1)
                    : (drive.Key, Rms(pairs.Select(p => p.Before)), Rms(pairs.Select(p => p.Now)), changes.Average(), Resampling.PairedTest(changes, seed: 0));
            }),
        ];
        IReadOnlyList<double> adjusted = Resampling.Holm([.. all.Select(d => d.P)]);
        return
        [
            .. all.Zip(adjusted, (drive, p) => (drive, p)).Where(d => d.drive.Change >= Math.Log(_options.Ratio) && d.p <= _options.Significance)
                .OrderByDescending(d => d.drive.Change).Select(d => new DriftedDrive(d.drive.Drive, d.drive.Before, d.drive.Now, d.p)),
        ];
    }

    private static double Rms(IEnumerable<double> values) => Math.Sqrt(values.Average(v => v * v));
}
