using System.Text.Json.Nodes;

using Legato.Music;
using Legato.Policy.Bundles;
using Legato.Policy.Learning.OnRobot;
using Legato.RobotDriver;
using Legato.Runtime.Loop;
using Legato.Runtime.Passport;
using Legato.Runtime.Recording;
using Legato.Runtime.Safety;
using Legato.Runtime.Watchdog;
using Legato.Sim.Limits;
using Legato.Sim.Scene;

using Serilog;

namespace Legato.Runtime.Experiments;

/// <summary>Deploys a song: connects, arms, homes, plays, lifts, records, scores.</summary>
public sealed class PlaySession
{
    private readonly RunSession _session;

    /// <summary>Creates a session.</summary>
    /// <param name="runs">Folder of all runs.</param>
    /// <param name="time">Wall clock and timers.</param>
    /// <param name="log">Receives what the operator should know.</param>
    public PlaySession(string runs, TimeProvider time, ILogger log) => _session = new RunSession(runs, time, log);

    /// <summary>Plays a bundle on a robot that is not connected yet.</summary>
    /// <param name="request">What and on what.</param>
    /// <param name="stop">Ends the run early: the hands lift.</param>
    /// <exception cref="InputException">The run could not start; nothing has moved.</exception>
    /// <exception cref="RunFailedException">The hands have moved and are lifted, but the recording failed.</exception>
    public Task<PlayReport> RunAsync(PlayRequest request, CancellationToken stop)
    {
        request.Bundle.RequireFits(request.Robot.Actuators, 1 / SceneOptions.ControlPeriod, request.Song.Trajectory);
        IPolicy policy = PolicyOf(request.Bundle, request.Scene, request.Song.Trajectory, request.Exploration);
        var run = new RunRequest(
            request.Song.Name, request.Robot, policy, request.Limits, Describe(request), request.ConfigurationFiles, request.Song.Path)
        {
            Watchdog = request.Watchdog,
            Clearance = request.Clearance,
            Observer = request.Observer,
            Disk = request.Disk,
        };
        return _session.RunAsync(run, finished => Summarise(request, (policy as PlanPolicy)?.Feedback, finished), stop);
    }

    /// <summary>The policy of a bundle.</summary>
    /// <param name="bundle">The bundle.</param>
    /// <param name="scene">The scene that models the robot; it must outlive the policy.</param>
    /// <param name="trajectory">What the bundle plays.</param>
    /// <param name="exploration">What to try beside what a network says; null for nothing.</param>
    /// <exception cref="InputException">The bundle's network does not fit.</exception>
    public static IPolicy PolicyOf(PolicyBundle bundle, PianoScene scene, NoteTrajectory trajectory, ExplorationTape? exploration = null) =>
        bundle.Network is null ? new PlanPolicy(bundle, scene) : new ResidualPolicy(bundle, scene, trajectory, exploration);

    private static PlayReport Summarise(PlayRequest request, IReadOnlyList<HandFeedback>? feedback, FinishedRun finished)
    {
        (RunFolder folder, LoopReport report, IReadOnlyList<StreamLoss> losses, _) = finished;
        RecordedRun run = RecordedRun.Read(folder);
        IReadOnlyList<TimedKeyEvent> events = run.SongEvents(request.Bundle.Manifest.LeadIn);
        PerformanceScore score = request.Song.Judge(events);
        var written = PerformanceScore.OfEvents(request.Song.Score, events);
        RunQuality quality = finished.Quality;
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
            Passport = request.Passport,
            AsPredicted = request.Passport?.F1.Holds(score.F1),
            Feedback = feedback,
            Ended = PlayReport.EndOf(report),
            Loop = LoopSummary.Of(report),
            Guard = report.Guard,
            Lost = losses.ToDictionary(l => l.Stream, l => l.Lost),
            Quality = quality.Grade,
            QualityReason = quality.Reason,
            Clocks = finished.Clocks,
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
            ["commands"] = request.Bundle.CommandsHash,
            ["parameters"] = request.Bundle.Manifest.ParametersHash,
            ["configuration"] = Provenance.HashesOf(request.ConfigurationFiles),
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
        Scene = setup.Scene,
        Limits = setup.Limits,
        Watchdog = setup.Watchdog,
        Clearance = setup.Clearance,
        Song = song,
        Bundle = bundle,
        BundleFolder = folder,
        ConfigurationFiles = setup.Files,
        Seed = setup.Configuration.RunSeed,
        Settings = setup.Settings,
    };

    /// <summary>The scene that models the robot.</summary>
    public required PianoScene Scene { get; init; }

    /// <summary>The robot, not connected yet.</summary>
    public required IRobot Robot { get; init; }

    /// <summary>What the guard allows.</summary>
    public required MotionLimits Limits { get; init; }

    /// <summary>Who lifts the hands when this process cannot; null for nobody.</summary>
    public WatchdogGuard? Watchdog { get; init; }

    /// <summary>How much room a command leaves; null where nobody knows.</summary>
    public IClearance? Clearance { get; init; }

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

    /// <summary>What to try beside what the bundle's network says, and where to keep what was seen and done; null for neither.</summary>
    public ExplorationTape? Exploration { get; init; }

    /// <summary>What was expected before anything moved; null if nobody asked.</summary>
    public FlightPassport? Passport { get; init; }

    /// <summary>Tempo as a fraction of the written one.</summary>
    public double Tempo { get; init; } = 1;

    /// <summary>Seed of what a simulated rig draws in this run.</summary>
    public int Seed { get; init; }

    /// <summary>Sees every cycle beside the recorder; null for nobody.</summary>
    public IRunObserver? Observer { get; init; }

    /// <summary>Puts a disk of another behaviour under the recording; null for the file as it is.</summary>
    public Func<Stream, Stream>? Disk { get; init; }

    /// <summary>Seconds of planning in this call.</summary>
    public double PlanningSeconds { get; init; }
}
