using System.Diagnostics;
using System.Text.Json.Nodes;

using Legato.RobotDriver.Configuration;
using Legato.Runtime.Cli;
using Legato.Runtime.Recording;
using Legato.Runtime.Watchdog;

namespace Legato.Runtime.Benchmarks;

/// <summary>What happens to a process that plays.</summary>
public enum ProcessFault
{
    /// <summary>SIGKILL.</summary>
    Killed,

    /// <summary>SIGSTOP for good.</summary>
    Stopped,

    /// <summary>SIGSTOP for two seconds, as a collector or a page fault may hold a process up; then it goes on.</summary>
    Stalled,
}

/// <summary>One failure and what the watchdog made of it; times in milliseconds after the failure.</summary>
/// <param name="Fault">What happened.</param>
/// <param name="SilentMs">From the last sign of life to the first command of the lift.</param>
/// <param name="FirstCommandMs">From the failure to the first command of the lift.</param>
/// <param name="FirstMotionMs">To the first motion upwards that was measured; null if there was none.</param>
/// <param name="RaisedMs">To four fifths of the way up, as measured; null if the hands never got there.</param>
/// <param name="Ended">How the run says it ended; null for one that could not say any more.</param>
public sealed record WatchdogTrial(ProcessFault Fault, double SilentMs, double FirstCommandMs, double? FirstMotionMs, double? RaisedMs, string? Ended);

/// <summary>Lets processes that play on a stand-in fail, again and again, and measures how soon the watchdog lifts the hands.</summary>
/// <param name="folder">Receives the robot's file and the runs.</param>
/// <param name="seed">Draws the moments of failure.</param>
/// <param name="tell">Told about each trial.</param>
public sealed class WatchdogBenchmark(string folder, int seed, Action<string> tell)
{
    private const int Attempts = 5;
    private const double PerMillisecond = 1e6;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60), Stall = TimeSpan.FromSeconds(2), LiftTime = TimeSpan.FromSeconds(10), Look = TimeSpan.FromMilliseconds(20);

    private readonly Random _random = new(seed);
    private volatile string _lastLine = "";

    /// <summary>Measures.</summary>
    /// <param name="robot">A robot with a stand-in.</param>
    /// <param name="limits">File of the limits that the guard is to have.</param>
    /// <param name="song">What is played.</param>
    /// <param name="policy">Folder of a bundle for it.</param>
    /// <param name="trials">How often each failure happens.</param>
    /// <param name="time">Measures time-outs.</param>
    /// <param name="stop">Ends it early.</param>
    /// <exception cref="InputException">Runs end before they can fail, or the watchdog does nothing.</exception>
    public async Task<IReadOnlyList<WatchdogTrial>> RunAsync(
        RobotConfiguration robot, string limits, string song, string policy, int trials, TimeProvider time, CancellationToken stop)
    {
        await using StandInLauncher standIn = await StandInLauncher.StartAsync(robot, time, command: null, stop);
        string file = WriteRobot(standIn.Devices, limits);
        var done = new List<WatchdogTrial>();
        foreach (ProcessFault fault in Enum.GetValues<ProcessFault>())
        {
            for (int trial = 0; trial < trials; trial++)
            {
                done.Add(await TryAsync(fault, ["play", song, "--robot", file, "--policy", policy], stop));
                tell(FormattableString.Invariant($"{fault.ToString().ToLowerInvariant()} {trial + 1} of {trials}: first command after {done[^1].FirstCommandMs:0.0} ms ({done[^1].SilentMs:0.0} ms after the last beat), raised after {done[^1].RaisedMs:0} ms"));
            }
        }
        return done;
    }

    // The stand-in has to outlive the process that plays, so that robot is one with wires and no stand-in of its own.
    private string WriteRobot(RigDevices devices, string limits)
    {
        string file = Path.Combine(Directory.CreateDirectory(folder).FullName, "robot.yaml");
        AtomicFile.Write(file, $$"""
            name: watchdog-bench
            kind: lab
            limits: {{limits}}
            ros: {domain: {{devices.Domain}}}
            rails:
              right: {port: {{devices.RailRight}}}
              left: {port: {{devices.RailLeft}}}
            keyboard: {port: {{devices.Keyboard}}}

            """);
        return file;
    }

    // A busy machine may end a run before it is to fail.
    private async Task<WatchdogTrial> TryAsync(ProcessFault fault, string[] arguments, CancellationToken stop)
    {
        for (int attempt = 1; ; attempt++)
        {
            string runs = Path.Combine(folder, "runs", Guid.NewGuid().ToString("N"));
            if (await FailAsync(fault, arguments, runs, stop) is { } trial)
                return trial;
            if (attempt == Attempts)
                throw new InputException($"{Attempts} runs in a row ended before they could fail, or were not rescued; the last one said: {_lastLine}");
        }
    }

    private async Task<WatchdogTrial?> FailAsync(ProcessFault fault, string[] arguments, string runs, CancellationToken stop)
    {
        IReadOnlyList<string> program = ChildProgram.CommandOfThis("run");
        var start = new ProcessStartInfo(program[0], [.. program.Skip(1), .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { [LegatoPaths.RunsVariable] = runs },
        };
        using Process play = Process.Start(start)!;
        try
        {
            var isPlaying = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
            // Its lines go on being read, so that it never waits for us.
            play.ErrorDataReceived += (_, line) => Hear(line.Data, isPlaying);
            play.BeginErrorReadLine();
            play.BeginOutputReadLine();
            if (!await isPlaying.Task.WaitAsync(Patience, stop))
                return null;
            await Task.Delay(TimeSpan.FromSeconds(1 + (3 * _random.NextDouble())), stop);
            using WatchedProcess? process = WatchedProcess.Open(play.Id);
            long failure = Stopwatch.GetTimestamp();
            if (process?.TrySignal(fault == ProcessFault.Killed ? WatchedProcess.Kill : WatchedProcess.Stop) != true)
                return null;
            string? ended = null;
            if (fault == ProcessFault.Stalled)
            {
                await Task.Delay(Stall, stop);
                process.TrySignal(WatchedProcess.Continue);
                await play.WaitForExitAsync(stop).WaitAsync(Patience, stop);
                ended = Directory.EnumerateDirectories(runs).Select(run => (string?)RunFolder.Open(run).Summary["ended"]).FirstOrDefault();
            }
            return await ReadNoteAsync(runs, stop) is { } note ? TrialOf(fault, failure, note, ended) : null;
        }
        finally
        {
            play.Kill(entireProcessTree: false);
            await play.WaitForExitAsync(CancellationToken.None);
        }
    }

    private void Hear(string? line, TaskCompletionSource<bool> isPlaying)
    {
        if (line is null)
            isPlaying.TrySetResult(false);
        else
            _lastLine = line;
        if (line?.Contains("playing (", StringComparison.Ordinal) == true)
            isPlaying.TrySetResult(true);
    }

    private static async Task<JsonObject?> ReadNoteAsync(string runs, CancellationToken stop)
    {
        for (long start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < LiftTime; await Task.Delay(Look, stop))
        {
            foreach (string file in Directory.EnumerateFiles(runs, WatchdogNote.FileName, SearchOption.AllDirectories))
                return JsonNode.Parse(await File.ReadAllTextAsync(file, stop))!.AsObject();
        }
        return null;
    }

    private static WatchdogTrial? TrialOf(ProcessFault fault, long failure, JsonObject note, string? ended)
    {
        if ((double?)note["first_command_ms"] is not { } first)
            return null;
        // Both clocks are CLOCK_MONOTONIC in nanoseconds.
        double beat = ((long)note["last_beat_ns"]! - failure) / PerMillisecond;
        return new WatchdogTrial(fault, first, beat + first, beat + (double?)note["first_motion_ms"], beat + (double?)note["raised_ms"], ended);
    }
}
