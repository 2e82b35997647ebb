using System.Text.Json.Nodes;

using Legato.Policy.Bundles;
using Legato.RobotDriver;
using Legato.RobotDriver.Lab;
using Legato.Runtime.Experiments;
using Legato.Runtime.Loop;
using Legato.Runtime.Recording;
using Legato.Runtime.Safety;
using Legato.Runtime.Watchdog;
using Legato.Sim;
using Legato.Tests.EndToEnd;
using Legato.Tests.Processes;
using Legato.Tests.StandIn;

namespace Legato.Tests.Watchdog;

/// <summary>What becomes of hands that press a key when the process that moves them dies, stops or hangs.</summary>
[Collection(RigCollection.Name)]
public sealed class WatchdogTests(PlannedMelody planned, WatchedRig rig) : IClassFixture<WatchedRig>, IDisposable
{
    private const int Kill = 9, Terminate = 15, Continue = 18, Stop = 19;
    private const int Attempts = 5;
    private const double PerMillisecond = 1e6;

    // The bound is 100 ms to the first command; a machine whose two cores do other work too gets as much again, and the wires their time.
    private const double FirstCommandMs = 200, FirstMotionMs = 400, KeysUpMs = 800;

    public void Dispose()
    {
        rig.AwaitNoCommander();
        if (Directory.Exists(rig.Workspace.Runs))
            Directory.Delete(rig.Workspace.Runs, recursive: true);
    }

    [Fact]
    public void AKilledProcessLeavesHandsThatRise()
    {
        using ChildProcess play = PlayUntilAKeyIsDown();
        long death = WatchedRig.Now;
        play.Signal(Kill);
        JsonObject note = AwaitNote(play);
        Assert.Equal("dead", (string?)note["reason"]);
        RequireRisen(death, note);
    }

    [Fact]
    public void AStoppedProcessIsDeposedAndNeverCommandsAgain()
    {
        using ChildProcess play = PlayUntilAKeyIsDown();
        long death = WatchedRig.Now;
        play.Signal(Stop);
        JsonObject note = AwaitNote(play);
        Assert.Equal("silent", (string?)note["reason"]);
        RequireRisen(death, note);

        long resumed = WatchedRig.Now;
        play.Signal(Continue);
        if ((bool)note["was_killed"]!)
            return; // stopped in the middle of a send, which takes a microsecond in 50 ms: nothing is left that could command
        JsonObject report = Outcome.Of(play).Expect(1).Json;
        Assert.Equal("deposed", (string?)report["ended"]);
        Assert.Equal("F", (string?)report["quality"]);
        Assert.Empty(rig.Since(resumed).Sent);
        Assert.Equal(0, rig.KeysDown);
    }

    [Fact]
    public Task AControlThreadThatHangsIsDeposedWhileItsProcessLives() => UndisturbedAsync(async () =>
        await TryHangAsync(TestContext.Current.CancellationToken) ? null : "no run came so far that its control thread could hang");

    [Fact]
    public void WithoutItsWatchdogARunLiftsAndFails()
    {
        using ChildProcess play = PlayUntilAKeyIsDown();
        int watchdog = Assert.Single(ProcessTable.ChildrenOf(play.Id));
        long death = WatchedRig.Now;
        ProcessTable.Signal(watchdog, Kill);
        JsonObject report = Outcome.Of(play).Expect(1).Json;
        Assert.Equal("watchdoglost", (string?)report["ended"]);
        Assert.Equal(0, rig.KeysDown);
        Assert.NotNull(rig.AllKeysUp(death));
        Assert.Contains("lifting (", string.Join('\n', play.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public Task ARunThatEndsAsItShouldEndsItsWatchdogQuietly() => UndisturbedAsync(() =>
    {
        using ChildProcess play = rig.Workspace.Start("play", planned.Song, "--robot", rig.Robot, "--policy", planned.Bundle, "--json");
        play.WaitForErrorLine(line => line.Contains("homing (", StringComparison.Ordinal), Workspace.Patience);
        int watchdog = Assert.Single(ProcessTable.ChildrenOf(play.Id));
        Outcome outcome = Outcome.Of(play);
        Assert.False(ProcessTable.IsRunning(watchdog));
        if (outcome.Errors.Any(line => line.Contains("legato watchdog", StringComparison.Ordinal)))
            return Task.FromResult<string?>(string.Join('\n', outcome.Errors));
        string run = (string)outcome.Json["run"]!;
        Assert.Equal("started", (string?)RunFolder.Open(run).Summary["watchdog"]!["watch"]);
        Assert.False(File.Exists(Path.Combine(run, WatchdogNote.FileName)));
        Assert.False(File.Exists(WatchdogPage.PathOf(rig.Domain)));
        return Task.FromResult<string?>(null);
    });

    [Fact]
    public async Task AWatchdogThatRunsAloneServesOneRunAfterTheOther()
    {
        string[] arguments = ["play", planned.Song, "--robot", rig.Robot, "--policy", planned.Bundle, "--watchdog", "running", "--json"];
        Assert.Contains("legato watchdog", Assert.Single(rig.Workspace.Run(arguments).Expect(2).Messages), StringComparison.Ordinal);

        await UndisturbedAsync(() => Task.FromResult(ServeTwice(arguments)));
    }

    [Fact]
    public void ARunWithoutOneSaysSo()
    {
        using ChildProcess play = rig.Workspace.Start("play", planned.Song, "--robot", rig.Robot, "--policy", planned.Bundle, "--watchdog", "none", "--json");
        play.WaitForErrorLine(line => line.Contains("no watchdog", StringComparison.Ordinal), Workspace.Patience);
        play.WaitForErrorLine(line => line.Contains("homing (", StringComparison.Ordinal), Workspace.Patience);
        Assert.Empty(ProcessTable.ChildrenOf(play.Id));
        play.Signal(Terminate);
        JsonObject report = Outcome.Of(play).Expect(1).Json;
        Assert.Equal("none", (string?)RunFolder.Open((string)report["run"]!).Summary["watchdog"]!["watch"]);
    }

    /// <summary>A machine that is busy elsewhere may silence a run, whose hands the watchdog then lifts; so often in a row is our fault.</summary>
    /// <param name="attempt">Tries it; returns what was said if it came to nothing, or null.</param>
    private async Task UndisturbedAsync(Func<Task<string?>> attempt)
    {
        string? complaint = await attempt();
        for (int again = 1; complaint is not null && again < Attempts; again++)
        {
            rig.AwaitNoCommander();
            complaint = await attempt();
        }
        Assert.True(complaint is null, complaint);
    }

    /// <summary>Two runs with one watchdog; what the one said that could not start, or null.</summary>
    private string? ServeTwice(string[] play)
    {
        using ChildProcess watchdog = rig.Workspace.Start("watchdog", "--robot", rig.Robot);
        watchdog.WaitForLine(line => line.Contains("\"ready\"", StringComparison.Ordinal), Workspace.Patience);
        Assert.Contains("already has a watchdog", Assert.Single(rig.Workspace.Run("watchdog", "--robot", rig.Robot).Expect(2).Messages), StringComparison.Ordinal);
        for (int run = 0; run < 2; run++)
        {
            Outcome outcome = rig.Workspace.Run(play);
            if (outcome.Code == 2)
                return string.Join('\n', [.. outcome.Errors, .. watchdog.Errors]);
            Assert.Equal("running", (string?)RunFolder.Open((string)outcome.Json["run"]!).Summary["watchdog"]!["watch"]);
        }
        if (watchdog.Errors.Any(IsEnding))
            return string.Join('\n', watchdog.Errors);
        watchdog.Signal(Terminate);
        Assert.Equal(0, watchdog.WaitForExit(Workspace.Patience));
        return null;
    }

    private async Task<bool> TryHangAsync(CancellationToken none)
    {
        await using var setup = RobotSetup.Load(rig.Robot, parametersFile: null, TimeProvider.System);
        await using WatchdogGuard guard = await WatchdogGuard.StartAsync(
            rig.Robot, rig.Domain, setup.Scene.Actuators, new WatchdogOptions(), TimeProvider.System, none, [Path.Combine(AppContext.BaseDirectory, "legato")]);
        ((LabRobot)setup.Robot).Companion = guard.Participant;
        var policy = new Hanging(new PlanPolicy(PolicyBundle.Load(rig.Bundle), setup.Scene), () => rig.IsPressing);
        var loop = new ControlLoop(setup.Robot, policy, setup.Limits, new ControlLoopOptions { LockMemory = false }, TimeProvider.System, guard.Link);
        await loop.ConnectAsync(none);
        await guard.RequireReadyAsync(none);
        string folder = Directory.CreateDirectory(rig.Workspace.PathOf("hang")).FullName;
        guard.Announce(folder);
        LoopReport report = await loop.RunAsync(new Unseen());
        if (policy.HungAt == 0)
            return false;

        Assert.Equal((RunState.Faulted, RunCause.Deposed), (report.State, report.Cause));
        MissedDeadline missed = Assert.Single(report.Timing.Missed, m => m.LeftOut > 30);
        Assert.True(missed.LateUs == 0 || missed.Section == LoopSection.Policy, $"{missed}");
        string file = Path.Combine(folder, WatchdogNote.FileName);
        Assert.True(SpinWait.SpinUntil(() => File.Exists(file), Workspace.Patience), "the watchdog wrote no note");
        JsonObject note = JsonNode.Parse(await File.ReadAllTextAsync(file, none))!.AsObject();
        Assert.Equal("silent", (string?)note["reason"]);
        Assert.False((bool)note["was_sending"]!);
        RequireRisen(policy.HungAt, note);
        return true;
    }

    private ChildProcess PlayUntilAKeyIsDown()
    {
        // A machine that is busy elsewhere starves the rig's messages, which ends a run early; so many in a row are our fault.
        string errors = "";
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            ChildProcess play = rig.Workspace.Start("play", planned.LongSong, "--robot", rig.Robot, "--policy", rig.Bundle, "--json");
            bool isPressing = false;
            try
            {
                play.WaitForErrorLine(line => line.Contains("playing (", StringComparison.Ordinal) || IsEnding(line), Workspace.Patience);
                isPressing = SpinWait.SpinUntil(() => rig.IsPressing || play.Errors.Any(IsEnding), Workspace.Patience) && !play.Errors.Any(IsEnding);
            }
            finally
            {
                errors = string.Join('\n', play.Errors);
                if (!isPressing)
                    play.Dispose();
            }
            if (isPressing)
                return play;
            rig.AwaitNoCommander();
        }
        throw new TimeoutException($"no run held a key down; the last one said {errors}");
    }

    private static bool IsEnding(string line) => line.Contains("lifting (", StringComparison.Ordinal) || line.Contains("legato watchdog", StringComparison.Ordinal);

    private static JsonObject AwaitNote(ChildProcess play)
    {
        string line = play.WaitForErrorLine(l => l.Contains(WatchdogNote.FileName, StringComparison.Ordinal) && l.StartsWith("legato watchdog: /", StringComparison.Ordinal), Workspace.Patience);
        return JsonNode.Parse(File.ReadAllText(line["legato watchdog: ".Length..]))!.AsObject();
    }

    /// <summary>The hands rose in time, by their own reports, at no more than the speed of the limits, let go of every key, and stay where they are.</summary>
    private void RequireRisen(long death, JsonObject note)
    {
        double beat = (long)note["last_beat_ns"]!;
        double firstCommand = ((beat - death) / PerMillisecond) + (double)note["first_command_ms"]!;
        Assert.InRange(firstCommand, 0, FirstCommandMs);
        Assert.True((bool)note["from_measured"]!, "the lift did not begin from the measured pose");

        Assert.True(SpinWait.SpinUntil(() => rig.AllKeysUp(death) is not null, TimeSpan.FromSeconds(5)), "a key is still down");
        Assert.InRange((rig.AllKeysUp(death)!.Value - death) / PerMillisecond, 0, KeysUpMs);

        (IReadOnlyList<WatchedRig.Sample> measured, IReadOnlyList<WatchedRig.Sample> sent) = rig.Since(death);
        foreach (string wrist in (string[])["rh_WRJ1", "lh_WRJ1"])
        {
            (long Time, double Position)[] path = [.. measured.Where(s => s.Positions.ContainsKey(wrist)).Select(s => (s.Time, s.Positions[wrist]))];
            double from = path[0].Position;
            long motion = path.First(p => p.Position < from - 0.01).Time;
            Assert.InRange((motion - death) / PerMillisecond, 0, FirstMotionMs);
            Assert.InRange(from - path[^1].Position, 0.25, 0.45);
            // Held: the last half second is still.
            Assert.All(path.Where(p => p.Time > path[^1].Time - (500 * PerMillisecond)), p => Assert.Equal(path[^1].Position, p.Position, 0.01));
            // 2 rad/s is the limit of the command; a spring that relaxes adds to what is measured.
            Assert.InRange(FastestOver(path, 40 * PerMillisecond), 0, 2.5);
        }
        var commanded = sent.Where(s => s.Time - death > firstCommand * PerMillisecond).ToList();
        Assert.NotEmpty(commanded);
        for (int i = 1; i < commanded.Count; i++)
        {
            // In steps of 20 ms, whenever they arrive.
            foreach ((string joint, double speed) in ((string, double)[])[("rh_WRJ1", 2), ("rh_FFJ3", 2), ("rh_FFJ0", 4)])
                Assert.InRange(Math.Abs(commanded[i].Positions[joint] - commanded[i - 1].Positions[joint]), 0, (speed * 0.02) + 1e-6);
        }
    }

    private static double FastestOver((long Time, double Position)[] path, double window)
    {
        double fastest = 0;
        for (int i = 0, j = 0; i < path.Length; i++)
        {
            while (path[i].Time - path[j].Time > window)
                j++;
            if (path[i].Time - path[j].Time > window / 2)
                fastest = Math.Max(fastest, Math.Abs(path[i].Position - path[j].Position) / ((path[i].Time - path[j].Time) * 1e-9));
        }
        return fastest;
    }

    /// <summary>Hangs for two seconds once a key is pressed.</summary>
    private sealed class Hanging(IPolicy policy, Func<bool> isPressed) : IPolicy
    {
        public long HungAt { get; private set; }

        public JointLayout Actuators => policy.Actuators;

        public int Steps => policy.Steps;

        public void Act(int step, RobotState measured, long now, Span<double> targets, out double pedal)
        {
            policy.Act(step, measured, now, targets, out pedal);
            // The dry run asks for steps too, but presses nothing.
            if (HungAt != 0 || !isPressed())
                return;
            HungAt = WatchedRig.Now;
            Thread.Sleep(TimeSpan.FromSeconds(2));
        }
    }

    private sealed class Unseen : IRunObserver
    {
        public void OnCycle(in CycleRecord cycle)
        {
        }

        public void OnKey(in KeyEvent key)
        {
        }

        public void OnTransition(in RunTransition transition)
        {
        }
    }
}
