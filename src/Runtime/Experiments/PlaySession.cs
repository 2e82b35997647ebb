using System.Text.Json.Nodes;

using Legato.Music;
using Legato.Policy.Bundles;
using Legato.RobotDriver;
using Legato.RobotDriver.Lab;
using Legato.Runtime.Cli;
using Legato.Runtime.Loop;
using Legato.Runtime.Recording;
using Legato.Runtime.Safety;
using Legato.Sim.Limits;

using Serilog;

namespace Legato.Runtime.Experiments;

/// <summary>Deploys a song: connects, arms, homes, plays, lifts, records, scores.</summary>
public sealed class PlaySession
{
    private static readonly TimeSpan RecorderCheck = TimeSpan.FromMilliseconds(200);

    private readonly ILogger _log;
    private readonly TimeProvider _time;
    private readonly string _runs;

    /// <summary>Creates a session.</summary>
    /// <param name="runs">Folder of all runs.</param>
    /// <param name="time">Wall clock and timers.</param>
    /// <param name="log">Receives what the operator should know.</param>
    public PlaySession(string runs, TimeProvider time, ILogger log) => (_runs, _time, _log) = (runs, time, log);

    /// <summary>Plays a bundle on a robot that is not connected yet.</summary>
    /// <param name="request">What and on what.</param>
    /// <param name="stop">Ends the run early: the hands lift.</param>
    /// <exception cref="InputException">The run could not start; nothing has moved and nothing is written.</exception>
    public async Task<PlayReport> RunAsync(PlayRequest request, CancellationToken stop)
    {
        IRobot robot = request.Robot;
        request.Bundle.RequireFits(robot.Actuators, 1 / Sim.Scene.SceneOptions.ControlPeriod, request.Song.Trajectory);
        var loop = new ControlLoop(robot, new PlanPolicy(request.Bundle), request.Limits, new ControlLoopOptions(), _time);
        if (robot is LabRobot rig)
            rig.Notice += text => _log.Warning("{Robot:l}: {Notice:l}", robot.Name, text);
        _log.Information("connecting {Robot:l}", robot.Name);
        await loop.ConnectAsync(stop);
        using CancellationTokenRegistration onStop = stop.Register(() => loop.Stop.Request("signal"));
        StopSources.WatchSpaceBar(loop.Stop);

        RunFolder folder = RunFolder.Create(_runs, request.Song.Name, _time, Describe(request));
        folder.CopySong(request.Song.Path);
        foreach (string file in request.ConfigurationFiles)
            folder.CopyConfig(file);
        LogClock clock = LogClock.Align(() => robot.Clock.Now, _time);
        LoopReport report;
        IReadOnlyList<StreamLoss> recorded;
        try
        {
            (report, recorded) = await RecordAsync(loop, folder, clock, request);
        }
        catch (Exception e)
        {
            folder.WriteSummary(RunFolderState.Failed, With(Describe(request), "error", e.Message));
            throw;
        }

        PlayReport summary = Summarise(request, folder, report, [.. robot.Losses, .. recorded]);
        JsonObject document = Describe(request);
        foreach ((string key, JsonNode? value) in JsonNode.Parse(JsonText.Of(summary))!.AsObject())
            document[key] = value?.DeepClone();
        folder.WriteSummary(report.State == Safety.RunState.Stopped ? RunFolderState.Complete : RunFolderState.Failed, document);
        if (report.Failure is { } failure)
            _log.Error(failure, "the run ended in a fault");
        return summary;
    }

    private async Task<(LoopReport Report, IReadOnlyList<StreamLoss> Recorded)> RecordAsync(ControlLoop loop, RunFolder folder, LogClock clock, PlayRequest request)
    {
        using Recorder recorder = Recorder.Create(folder.RecordingPath, clock, _time);
        var observer = new RunRecorder(recorder, clock, request.Robot.Joints, request.Robot.Actuators);
        recorder.Start();
        _log.Information("playing {Song:l}: {Seconds:0.0} s", request.Song.Name, request.Song.Trajectory.Count * Sim.Scene.SceneOptions.ControlPeriod);
        await using (new LoopEventLog(loop.Events, _log, _time))
        {
            Task<LoopReport> run = loop.RunAsync(observer);
            using var timer = new PeriodicTimer(RecorderCheck, _time);
            while (!run.IsCompleted)
            {
                // A run that is not recorded is not worth the wear.
                if (recorder.Failure is not null)
                    loop.Stop.Request("the recorder");
                await Task.WhenAny(run, timer.WaitForNextTickAsync().AsTask());
            }
            return (await run, recorder.Complete());
        }
    }

    private static PlayReport Summarise(PlayRequest request, RunFolder folder, LoopReport report, IReadOnlyList<StreamLoss> losses)
    {
        RecordedRun run = RecordedRun.Read(folder);
        IReadOnlyList<TimedKeyEvent> events = run.SongEvents(request.Bundle.Manifest.LeadIn);
        KeyRoll truth = request.Song.Trajectory.ToKeyRoll();
        // What the robot was asked for: repeated notes begin one step late in RoboPianist's trajectory.
        var score = PerformanceScore.Of(
            StepMetrics.Compare(truth, KeyRoll.FromEvents(events, truth.Count)),
            OnsetMetrics.Match(truth.Onsets(), events.Where(e => e.Down).Select(e => new Onset(e.Time, e.Key))));
        var written = PerformanceScore.OfEvents(request.Song.Score, events);
        RunQuality quality = RunQuality.Of(report, losses);
        return new PlayReport
        {
            Run = folder.FolderPath,
            Song = request.Song.Name,
            Robot = request.Robot.Name,
            Policy = request.BundleFolder,
            Precision = score.Precision,
            Recall = score.Recall,
            F1 = score.F1,
            F1Silent = score.F1Silent,
            F1Micro = score.F1Micro,
            OnsetF1 = score.OnsetF1,
            OnsetErrorMs = score.OnsetErrorMs,
            OnsetF1Written = written.OnsetF1,
            Steps = score.Steps,
            PredictedF1 = request.Bundle.Manifest.Evaluation.F1,
            Ended = report.StoppedBy is { } who ? $"stopped by {who}" : report.Cause.ToString().ToLowerInvariant(),
            Loop = LoopSummary.Of(report),
            Guard = report.Guard,
            Lost = losses.ToDictionary(l => l.Stream, l => l.Lost),
            Quality = quality.Grade,
            QualityReason = quality.Reason,
            PlanningSeconds = request.PlanningSeconds,
            Warnings = [.. request.Song.Score.Warnings],
        };
    }

    private static JsonObject Describe(PlayRequest request) => new()
    {
        ["song"] = request.Song.Name,
        ["robot"] = request.Robot.Name,
        ["policy"] = request.BundleFolder,
        ["lead_in"] = request.Bundle.Manifest.LeadIn,
        ["tempo"] = request.Tempo,
        ["seed"] = request.Seed,
        ["provenance"] = With(Provenance.OfMachine(), "hashes", new JsonObject
        {
            ["song"] = Provenance.HashOf(request.Song.Path),
            ["trajectory"] = PolicyBundle.HashOf(request.Song.Trajectory),
            ["parameters"] = request.Bundle.Manifest.ParametersHash,
            ["configuration"] = new JsonObject(request.ConfigurationFiles.Select(f => KeyValuePair.Create<string, JsonNode?>(Path.GetFileName(f), Provenance.HashOf(f)))),
        }),
        ["settings"] = new JsonObject(request.Settings.Select(s => KeyValuePair.Create<string, JsonNode?>(s.Key, s.Value))),
    };

    private static JsonObject With(JsonObject document, string key, JsonNode value)
    {
        document[key] = value;
        return document;
    }
}

/// <summary>What to play, and on what.</summary>
public sealed record PlayRequest
{
    /// <summary>What a robot's setup, a song and a bundle make together.</summary>
    public static PlayRequest For(RobotSetup setup, PlayableSong song, PolicyBundle bundle, string folder) => new()
    {
        Robot = setup.Robot,
        Limits = setup.Limits,
        Song = song,
        Bundle = bundle,
        BundleFolder = folder,
        ConfigurationFiles = setup.Files,
        Settings = setup.Settings,
    };

    /// <summary>The robot, not connected yet.</summary>
    public required IRobot Robot { get; init; }

    /// <summary>What the guard allows.</summary>
    public required MotionLimits Limits { get; init; }

    /// <summary>The song.</summary>
    public required PlayableSong Song { get; init; }

    /// <summary>The policy.</summary>
    public required PolicyBundle Bundle { get; init; }

    /// <summary>Its folder.</summary>
    public required string BundleFolder { get; init; }

    /// <summary>Files that the run copies: robot, limits, parameters, reality.</summary>
    public required IReadOnlyList<string> ConfigurationFiles { get; init; }

    /// <summary>Facts worth keeping, such as DDS settings and the scene.</summary>
    public required IReadOnlyDictionary<string, string> Settings { get; init; }

    /// <summary>Tempo as a fraction of the written one.</summary>
    public double Tempo { get; init; } = 1;

    /// <summary>Seed of the run.</summary>
    public int Seed { get; init; }

    /// <summary>Seconds of planning in this call.</summary>
    public double PlanningSeconds { get; init; }
}
