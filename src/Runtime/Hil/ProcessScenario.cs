using System.Text.Json;
using System.Text.Json.Nodes;

using Legato.RobotDriver.Chaos;
using Legato.RobotDriver.Configuration;
using Legato.Runtime.Experiments;
using Legato.Runtime.Loop;

namespace Legato.Runtime.Hil;

/// <summary>Runs a scenario in which something happens to the process that plays: the stand-in is ours and outlives it.</summary>
/// <param name="robot">YAML of the robot.</param>
/// <param name="setup">Its setup, with the stand-in started.</param>
/// <param name="piece">What is played.</param>
/// <param name="time">Wall clock and timers.</param>
internal sealed class ProcessScenario(string robot, RobotSetup setup, PlannedPiece piece, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60), Look = TimeSpan.FromMilliseconds(20);

    // After this long nobody lifts any more who was going to.
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(2);

    /// <summary>Runs it.</summary>
    public async Task<ScenarioFacts> RunAsync(Scenario scenario, string folder, CancellationToken cancellation)
    {
        StandInLauncher standIn = setup.StandIn!;
        Directory.CreateDirectory(folder);
        string devices = Path.Combine(folder, "standin.json"), runs = Path.Combine(folder, "runs");
        await File.WriteAllTextAsync(devices, standIn.ReadyLine + "\n", cancellation);
        var clock = new MonotonicClock();
        var schedule = new FaultSchedule();
        using var play = new PlayProcess(runs, [piece.Song.Path, "--robot", robot, "--policy", piece.Folder, "--standin", devices, "--json"]);
        schedule.Enter(ChaosPhase.Start, clock.Now);
        int exit;
        long? onset, safe;
        long over;
        await using (var conductor = new FaultConductor(scenario.Faults.OfType<RigFault>(), schedule, clock, new FaultyRig(setup, play)))
        {
            await play.Plays.WaitAsync(Patience, time, cancellation);
            if (play.HasPlayed)
                schedule.Enter(ChaosPhase.Playing, clock.Now);
            Task<int> end = play.EndAsync(cancellation);
            (safe, over) = await WatchKeysAsync(standIn, end, clock, cancellation);
            exit = await end.WaitAsync(Patience, time, cancellation);
            onset = conductor.FirstOnset;
        }

        RunEvidence evidence = RunEvidence.Of(runs);
        return new ScenarioFacts
        {
            Ended = evidence.Ended ?? (exit > 128 ? ScenarioFacts.Killed : ScenarioFacts.Refused),
            Exit = exit,
            EndedBeforeFault = !(onset <= over),
            Told = play.Told,
            Run = evidence.Folder,
            KeysDown = await KeysDownAsync(standIn, cancellation),
            TimeToSafeMs = safe is { } at && onset is { } began && evidence.Ended != PlayReport.Completed ? Math.Max(0, at - began) * 1e-6 : null,
            Recording = evidence.Recording,
        };
    }

    /// <summary>Asks the stand-in for its keys until some time after the run's end; gives when the last one came up, null if one stays down, and when the run ended.</summary>
    private async Task<(long? AllUp, long Over)> WatchKeysAsync(StandInLauncher standIn, Task end, MonotonicClock clock, CancellationToken cancellation)
    {
        long? allUp = null;
        long? over = null;
        long start = time.GetTimestamp();
        while (over is not { } ended || clock.Now - ended < Settle.Ticks * TimeSpan.NanosecondsPerTick)
        {
            if (time.GetElapsedTime(start) > Patience)
                throw new InputException($"'legato play' did not end within {Patience.TotalSeconds:0} s");
            bool anyDown = (await KeysDownAsync(standIn, cancellation)).Count > 0;
            allUp = anyDown ? null : allUp ?? clock.Now;
            over ??= end.IsCompleted ? clock.Now : null;
            await Task.Delay(Look, time, cancellation);
        }
        return (allUp, over.Value);
    }

    private static async Task<IReadOnlyList<int>> KeysDownAsync(StandInLauncher standIn, CancellationToken cancellation)
    {
        string answer = await standIn.AskAsync("keys", cancellation);
        try
        {
            return [.. JsonNode.Parse(answer)!["keys"]!.AsArray().Select(key => (int)key!)];
        }
        catch (Exception e) when (e is JsonException or NullReferenceException or InvalidOperationException)
        {
            throw new InputException($"the stand-in answered '{answer}' to 'keys'", e);
        }
    }
}
