using System.Globalization;

using Legato.Sim;
using Legato.Sim.Parameters;
using Legato.Sim.Scene;
using Legato.SystemId.Fitting;
using Legato.SystemId.Keys;
using Legato.SystemId.Rollouts;

namespace Legato.SystemId.Calibration;

/// <summary>From recorded motions and keys to a simulator's parameters, in one call.</summary>
/// <remarks>
/// Stages: how coupled fingers share their travel; delays by correlation; groups of drives, then single drives around them, wherever they move freely; then keys, piano, keyboard and the hands'
/// delays from key events, with drives fixed. Joints alone show a hand's delay and report lag only as a sum, key events show the delay with the
/// keyboard's latency: together with what latencies usually are, these tell them apart. What data do not inform stays at its prior and
/// is named. Immutable; one fit uses several threads. The same input gives the same result for any number of them.
/// </remarks>
public sealed class CalibrationFit
{
    // Before a segment predicts, drives have forgotten its start to within the noise, and keys have come to rest, s.
    private const double DriveSettle = 1, KeySettle = 0.5;

    // Room for an event's answer before it, s.
    private const double EventMargin = 0.15;

    private const string NotMoved = "no recording moves it freely for long enough";
    private const string NotInformed = "the recordings hardly narrow what was believed before";
    private const string LikeItsGroup = "the recordings do not tell it from its group";
    private const string WhatDelaysLeave = "what the delay leaves of the sum that joints show";
    private const string NoKeys = "no key events were used";

    private readonly PianoScene _scene;
    private readonly CalibrationOptions _options;
    private readonly TimeProvider _time;

    /// <summary>Creates a calibration.</summary>
    /// <param name="scene">The recorded robot's scene without parameters; contacts and step do not matter. It stays the caller's.</param>
    /// <param name="options">What to fit; null are the defaults.</param>
    /// <param name="time">Measures the duration; null is the system's.</param>
    public CalibrationFit(PianoScene scene, CalibrationOptions? options = null, TimeProvider? time = null) =>
        (_scene, _options, _time) = (scene, options ?? new CalibrationOptions(), time ?? TimeProvider.System);

    /// <summary>Fits the parameters to all records at once.</summary>
    /// <param name="records">Motions with the keys that were heard, if any; each is one continuous stretch.</param>
    /// <param name="start">What is believed: first values and the means of the priors.</param>
    /// <param name="progress">Told one line per stage; null is nobody.</param>
    /// <param name="cancellation">Ends the fit within some simulations.</param>
    /// <exception cref="InputException">There is no record, one belongs to another robot or is too short, a group or parameter is unknown, or nothing can be fitted.</exception>
    /// <exception cref="OperationCanceledException">The fit was cancelled.</exception>
    public CalibrationResult Fit(IReadOnlyList<KeyRecord> records, SimParameters start, IProgress<string>? progress = null, CancellationToken cancellation = default)
    {
        if (records.Count == 0)
            throw new InputException("there is no recording to calibrate from; name at least one run");
        long begin = _time.GetTimestamp();
        var report = new EstimateList(start);
        using PianoScene free = Build(ContactSet.None, _options.Timestep), quick = Build(ContactSet.None, SearchTimestep);
        MotionRecord[] motions = [.. records.Select(r => r.Motion)];
        (SimParameters drives, IReadOnlyList<SimParameters> doubts) = FitDrives(free, quick, motions, FindCoupling(quick, motions, start, report), report, progress, cancellation);
        (SimParameters current, KeyTimingErrors? keys) = FitKeys(records, drives, doubts, start, report, progress, cancellation);

        progress?.Report("comparing before and after");
        DriveResiduals all = new JointFit(free, JointOptions(ParameterSchema.Groups)).Residuals(motions, start);
        double[][] residuals = all.Of([start, current]);
        IReadOnlyDictionary<string, double> before = all.DriveRms(residuals[0]), after = all.DriveRms(residuals[1]);
        var sensors = new DriveSensors(free, _options.Noise);
        DriveRms[] errors = [.. before.Keys.Select(name =>
        {
            int actuator = Enumerable.Range(0, free.Actuators.Count).First(a => SceneParameters.DriveName(free.Actuators.Names[a]) == name);
            double noise = sensors.Noise[actuator];
            return new DriveRms(name, free.Actuators.Units[actuator], noise, noise * before[name], noise * after[name]);
        })];
        return report.Result(current, errors, keys, _time.GetElapsedTime(begin));
    }

    private SimParameters FindCoupling(PianoScene quick, MotionRecord[] motions, SimParameters start, EstimateList report)
    {
        var replay = new ReplayOptions { SegmentLength = _options.SegmentLength, Settle = DriveSettle, Noise = _options.Noise, Threads = _options.Threads };
        if (_options.Groups.Count == 0 || new CouplingSearch(quick, replay, _options.Clearance).Find(motions, start) is not { } coupling)
            return start;
        report.Freeze([CouplingSearch.Parameter], CouplingSearch.Chosen);
        return start.With(CouplingSearch.Parameter, coupling);
    }

    // The drives, and others that the recordings might as well have shown.
    private (SimParameters Drives, IReadOnlyList<SimParameters> Doubts) FitDrives(PianoScene free, PianoScene quick, MotionRecord[] motions, SimParameters start, EstimateList report, IProgress<string>? progress, CancellationToken cancellation)
    {
        IReadOnlyList<string>[] groups = [.. _options.Groups.Select(NamesOf)];
        if (groups.Length == 0)
            return (start, []);
        IReadOnlyList<string> moved = new JointFit(free, JointOptions(_options.Groups)).Residuals(motions, start).Drives;
        string[] movedGroups = [.. _options.Groups.Where(g => moved.Any(drive => ParameterSchema.GroupOf(drive) == g))];
        report.Freeze(_options.Groups.Except(movedGroups).SelectMany(NamesOf), NotMoved);
        if (movedGroups.Length == 0)
        {
            report.Warn("no drive moves freely in the recordings: drives keep their parameters; record the motions of 'calibrate plan'");
            return (start, []);
        }
        progress?.Report(string.Create(CultureInfo.InvariantCulture, $"fitting {movedGroups.Length} groups of drives"));
        JointFitResult fit = new JointFit(free, JointOptions(movedGroups), quick).Fit(motions, start, cancellation);
        report.Add(fit.Joint, fit.Frozen, NotInformed, fit.Evaluations);
        string[] single = [.. moved.Where(drive => movedGroups.Contains(ParameterSchema.GroupOf(drive)))];
        if (!_options.SingleDrives)
            return Drawn(fit);
        progress?.Report(string.Create(CultureInfo.InvariantCulture, $"fitting {single.Length} drives"));
        fit = new JointFit(free, JointOptions(single), quick).Fit(motions, fit.Parameters, cancellation);
        report.Add(fit.Joint, fit.Frozen, LikeItsGroup, fit.Evaluations);
        return Drawn(fit);
    }

    private (SimParameters Drives, IReadOnlyList<SimParameters> Doubts) Drawn(JointFitResult fit)
    {
        string[] names = [.. fit.Joint?.Variables.Select(v => v.Name) ?? []];
        return (fit.Parameters, [.. fit.Joint?.Draw(_options.DriveDraws, _options.Seed).Select(values => fit.Parameters.WithVector(names, values)) ?? []]);
    }

    private (SimParameters Parameters, KeyTimingErrors? Keys) FitKeys(
        IReadOnlyList<KeyRecord> records, SimParameters drives, IReadOnlyList<SimParameters> doubts, SimParameters start, EstimateList report, IProgress<string>? progress, CancellationToken cancellation)
    {
        string[] lags = ["right_hand.report_lag", "left_hand.report_lag"];
        KeyRecord[] heard = [.. records.Where(r => r.Events.Any(e => e.Time - EventMargin > r.Motion.MeasuredTimes[0] + Settle(drives)))];
        if (!_options.KeyEvents || heard.Length == 0 || _options.KeyParameters.Count == 0)
        {
            if (_options.KeyEvents && _options.KeyParameters.Count > 0)
                report.Warn("the recordings have no key events: keys, piano and keyboard keep their parameters");
            report.Freeze(_options.KeyParameters.Concat(lags), NoKeys);
            return (drives, null);
        }
        string[] delays = ["right_hand.delay", "left_hand.delay"];
        bool[] moves = [.. delays.Select(name => heard.Any(r => Moves(r.Motion, name[..name.IndexOf('_', StringComparison.Ordinal)])))];
        string[] names = [.. _options.KeyParameters.Concat(delays.Where((_, h) => moves[h])).Distinct()];
        progress?.Report(string.Create(CultureInfo.InvariantCulture, $"fitting {names.Length} parameters of keys, piano and timing to {heard.Sum(r => r.Events.Count)} key events"));

        ContactSet contacts = _scene.Options.Contacts == ContactSet.None ? ContactSet.HandKey : _scene.Options.Contacts;
        using PianoScene fine = Build(contacts, _options.Timestep), quick = Build(contacts, SearchTimestep);
        var options = new KeyFitOptions
        {
            Names = names,
            Zeros = _options.Zeros,
            Noise = _options.Noise,
            SegmentLength = _options.SegmentLength,
            Settle = Settle(drives),
            MaxSeconds = _options.MaxKeySeconds,
            Threads = _options.Threads,
        };
        KeyFitResult fit = new KeyFit(fine, options, quick).Fit(heard, drives, start, doubts, cancellation);
        report.Add(fit.Fit, fit.Frozen, NotInformed, fit.Evaluations);
        report.Freeze(lags, WhatDelaysLeave);
        return (fit.Parameters, new KeyTimingErrors(fit.Events, fit.UnansweredBefore, fit.Unanswered, fit.LatenessBefore, fit.Lateness));
    }

    // On the way to an estimate, a planner's step does.
    private double SearchTimestep => Math.Max(_options.Timestep, new SceneOptions().Timestep);

    private PianoScene Build(ContactSet contacts, double timestep) => PianoScene.Build(_scene.Options with { Contacts = contacts, Timestep = timestep });

    private static double Settle(SimParameters rig) => KeySettle + Math.Max(rig["right_hand.report_lag"], rig["left_hand.report_lag"]);

    private bool Moves(MotionRecord motion, string hand) => Enumerable.Range(0, motion.Actuators.Count).Any(a =>
        motion.Actuators.Units[a] == JointUnit.Radian && SceneParameters.DriveName(motion.Actuators.Names[a])[0] == hand[0] && motion.Moves(a, _options.Noise));

    private JointFitOptions JointOptions(IReadOnlyList<string> sections) => new()
    {
        Stages = [[.. sections.SelectMany(NamesOf)]],
        Noise = _options.Noise,
        SegmentLength = _options.SegmentLength,
        Settle = DriveSettle,
        MaxSeconds = _options.MaxDriveSeconds,
        Clearance = _options.Clearance,
        Threads = _options.Threads,
    };

    private IReadOnlyList<string> NamesOf(string section)
    {
        if (!ParameterSchema.Groups.Contains(section) && !ParameterSchema.Drives.Contains(section))
            throw new InputException($"'{section}' is no group of drives; groups: {string.Join(", ", ParameterSchema.Groups)}");
        return [.. ParameterSchema.Definitions.Where(d => d.Section == section && _options.DriveKeys.Contains(d.Key)).Select(d => d.Name)];
    }
}
