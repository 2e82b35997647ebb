using System.Text.Json.Nodes;

using Legato.RobotDriver;
using Legato.Runtime.Cli;
using Legato.Runtime.Loop;
using Legato.Runtime.Recording;
using Legato.Runtime.Safety;
using Legato.Runtime.Watchdog;
using Legato.Sim.Limits;

using Serilog;

namespace Legato.Runtime.Experiments;

/// <summary>What to run, and on what.</summary>
/// <param name="Name">Names the run's folder.</param>
/// <param name="Robot">The robot, not connected yet.</param>
/// <param name="Policy">Where the joints go.</param>
/// <param name="Limits">What the guard allows.</param>
/// <param name="Description">What <c>run.json</c> says from the start.</param>
/// <param name="ConfigurationFiles">Files that the run copies.</param>
/// <param name="SongPath">A song that the run copies, or null.</param>
public sealed record RunRequest(
    string Name, IRobot Robot, IPolicy Policy, MotionLimits Limits, JsonObject Description, IReadOnlyList<string> ConfigurationFiles, string? SongPath = null)
{
    /// <summary>Who lifts the hands when this process cannot; null for nobody.</summary>
    public WatchdogGuard? Watchdog { get; init; }

    /// <summary>How much room a command leaves; null where nobody knows.</summary>
    public IClearance? Clearance { get; init; }

    /// <summary>Sees every cycle beside the recorder, after it; null for nobody.</summary>
    public IRunObserver? Observer { get; init; }

    /// <summary>Puts a disk of another behaviour under the recording; null for the file as it is.</summary>
    public Func<Stream, Stream>? Disk { get; init; }
}

/// <summary>A run that came to an end after the hands had moved, but cannot be reported as others: the message is one line for the operator.</summary>
public sealed class RunFailedException(string message, Exception cause) : Exception(message, cause);

/// <summary>A run that is over, before its summary is written.</summary>
/// <param name="Folder">Its folder.</param>
/// <param name="Report">How the loop went.</param>
/// <param name="Losses">What the robot and the recorder lost.</param>
/// <param name="Clocks">The clocks behind its stamps.</param>
public sealed record FinishedRun(RunFolder Folder, LoopReport Report, IReadOnlyList<StreamLoss> Losses, IReadOnlyList<ClockSummary> Clocks)
{
    /// <summary>How far it can be trusted as a measurement.</summary>
    public RunQuality Quality => RunQuality.Of(Report, Losses, Clocks);
}

/// <summary>The one way to move a robot: connect, arm, home, run a policy through the guard, lift, record.</summary>
/// <param name="runs">Folder of all runs.</param>
/// <param name="time">Wall clock and timers.</param>
/// <param name="log">Receives what the operator should know.</param>
public sealed class RunSession(string runs, TimeProvider time, ILogger log)
{
    private static readonly TimeSpan RecorderCheck = TimeSpan.FromMilliseconds(200);

    /// <summary>Runs.</summary>
    /// <param name="request">What and on what.</param>
    /// <param name="summarise">Makes the report, whose properties join the description in <c>run.json</c>.</param>
    /// <param name="stop">Ends the run early: the hands lift.</param>
    /// <returns>The report.</returns>
    /// <exception cref="InputException">The run could not start; nothing has moved.</exception>
    /// <exception cref="RunFailedException">The hands have moved and are lifted, but the recording failed.</exception>
    public async Task<T> RunAsync<T>(RunRequest request, Func<FinishedRun, T> summarise, CancellationToken stop)
        where T : notnull
    {
        IRobot robot = request.Robot;
        var loop = new ControlLoop(robot, request.Policy, request.Limits, new ControlLoopOptions(), time, request.Watchdog?.Link, request.Clearance);
        robot.Notice += text => log.Warning("{Robot:l}: {Notice:l}", robot.Name, text);
        log.Information("connecting {Robot:l}", robot.Name);
        await loop.ConnectAsync(stop);
        if (request.Watchdog is { } watchdog)
            await watchdog.RequireReadyAsync(stop);
        else if (robot.Clock.IsRealTime)
            log.Warning("no watchdog: if this process dies, the hands keep their last target");
        using CancellationTokenRegistration onStop = stop.Register(() => loop.Stop.Request("signal"));
        StopSources.WatchSpaceBar(loop.Stop);

        request.Description["watchdog"] = request.Watchdog?.Description ?? new JsonObject { ["watch"] = robot.Clock.IsRealTime ? "none" : "not needed" };
        RunFolder folder = RunFolder.Create(runs, request.Name, time, request.Description);
        request.Watchdog?.Announce(folder.FolderPath);
        if (request.SongPath is { } song)
            folder.CopySong(song);
        foreach (string file in request.ConfigurationFiles)
            folder.CopyConfig(file);
        LogClock clock = LogClock.Align(() => robot.Clock.Now, time);
        FinishedRun run;
        try
        {
            (LoopReport loopReport, IReadOnlyList<StreamLoss> recorded) = await RecordAsync(loop, folder, clock, request);
            if (!HasBegun(loop))
                throw new InputException($"stopped by {loopReport.StoppedBy} before anything moved");
            run = new FinishedRun(folder, loopReport, [.. robot.Losses, .. recorded], ClockSummary.Of(robot.Clocks, clock));
        }
        catch (Exception e)
        {
            JsonObject failed = request.Description.DeepClone().AsObject();
            failed["error"] = e.Message;
            folder.WriteSummary(RunFolderState.Failed, failed);
            if (e is InputException && HasBegun(loop))
                throw new RunFailedException(e.Message, e);
            throw;
        }

        T report = summarise(run);
        JsonObject document = request.Description.DeepClone().AsObject();
        foreach ((string key, JsonNode? value) in JsonNode.Parse(JsonText.Of(report))!.AsObject())
            document[key] = value?.DeepClone();
        folder.WriteSummary(run.Report.State == RunState.Stopped ? RunFolderState.Complete : RunFolderState.Failed, document);
        if (run.Report.State == RunState.Faulted)
            log.Error(run.Report.Failure, "the run ended in a fault: {Why:l}", RunCauseText.Explain(run.Report.Cause));
        return report;
    }

    private static bool HasBegun(ControlLoop loop) => loop.Lifecycle.History.ToArray().Any(t => t.To == RunState.Homing);

    private async Task<(LoopReport Report, IReadOnlyList<StreamLoss> Recorded)> RecordAsync(ControlLoop loop, RunFolder folder, LogClock clock, RunRequest request)
    {
        using Recorder recorder = Recorder.Create(folder.RecordingPath, clock, time, request.Disk);
        IRunObserver observer = new RunRecorder(recorder, clock, request.Robot.Joints, request.Robot.Actuators);
        if (request.Observer is { } second)
            observer = new ObserverPair(observer, second);
        recorder.Start();
        log.Information("playing {Name:l}: {Seconds:0.0} s", request.Name, request.Policy.Steps * Sim.Scene.SceneOptions.ControlPeriod);
        await using (new LoopEventLog(loop.Events, request.Robot.Actuators, log, time))
        {
            Task<LoopReport> run = loop.RunAsync(observer);
            using var timer = new PeriodicTimer(RecorderCheck, time);
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
}
