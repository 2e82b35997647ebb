using System.Diagnostics;
using System.Text.Json.Nodes;

using Legato.Runtime.Experiments;
using Legato.Runtime.Recording;
using Legato.Runtime.Recording.Mcap;
using Legato.Runtime.Safety;
using Legato.Tests.Processes;
using Legato.Tests.Rclcs;
using Legato.Tests.StandIn;

using Rclcs;
using Rclcs.Messages.TrajectoryMsgs;

namespace Legato.Tests.EndToEnd;

/// <summary>A run on the stand-in that ends in the middle of the song.</summary>
[Collection(RigCollection.Name)]
public sealed class InterruptedPlayTests(PlannedMelody planned) : IDisposable
{
    // Not SIGINT: a shell that starts the tests in the background has it ignored for all its children.
    private const int Terminate = 15, Kill = 9;
    private const int Attempts = 5, CommandsToTheMiddle = 50;

    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void AKilledRunKeepsEverythingUpToTheLastSecond()
    {
        using var wire = new CommandWatch();
        using ChildProcess play = PlayToTheMiddle(wire);
        IReadOnlyList<int> children = ProcessTable.ChildrenOf(play.Id);
        Assert.Equal(2, children.Count); // stand-in and watchdog
        int sent = wire.CountBefore(TimeSpan.FromSeconds(1));
        play.Signal(Kill);
        play.WaitForExit(Workspace.Patience);

        var folder = RunFolder.Open(Assert.Single(Directory.EnumerateDirectories(_workspace.Runs)));
        Assert.Equal(RunFolderState.Running, folder.State);
        var run = RecordedRun.Read(folder);
        Assert.NotNull(run.Loss);
        Assert.True(run.Cycles.Count >= sent, $"{run.Cycles.Count} cycles recorded, but {sent} commands sent a second before the end");
        Assert.Contains(run.Cycles, cycle => cycle.Step >= 0);

        JsonObject replay = _workspace.Run("replay", folder.FolderPath, "--json").Expect(0).Json;
        Assert.Equal(run.Cycles.Count, (int)replay["cycles"]!);
        Assert.NotEmpty(replay["warnings"]!.AsArray());
        Assert.True(SpinWait.SpinUntil(() => !children.Any(ProcessTable.IsRunning), Workspace.Patience), "the stand-in or the watchdog lives on");
    }

    [Fact]
    public void AnInterruptedRunLiftsTheHandsAndIsComplete()
    {
        using var wire = new CommandWatch();
        using ChildProcess play = PlayToTheMiddle(wire);
        IReadOnlyList<int> children = ProcessTable.ChildrenOf(play.Id);
        play.Signal(Terminate);
        JsonObject report = Outcome.Of(play).Expect(1).Json;

        Assert.Equal("stopped by signal", (string?)report["ended"]);
        var folder = RunFolder.Open((string)report["run"]!);
        Assert.Equal("stopped by signal", (string?)folder.Summary["ended"]);
        using McapReader recording = folder.OpenRecording();
        Assert.Null(recording.Loss);
        Assert.Equal([RunState.Homing, RunState.Playing, RunState.Lifting], StatesOf(recording));
        Assert.Contains("stopped (", play.Errors[^1], StringComparison.Ordinal);
        Assert.DoesNotContain(children, ProcessTable.IsRunning);
    }

    /// <summary>Starts the song and waits until it is well under way.</summary>
    private ChildProcess PlayToTheMiddle(CommandWatch wire)
    {
        string robot = _workspace.WriteStandIn(wire.Domain);
        // A machine that is busy elsewhere starves the rig's messages, which ends a run early; so many in a row are our fault.
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            ChildProcess play = _workspace.Start("play", planned.LongSong, "--robot", robot, "--policy", planned.LongBundle, "--json");
            play.WaitForErrorLine(line => line.Contains("playing (", StringComparison.Ordinal) || IsEnding(line), Workspace.Patience);
            if (wire.Await(CommandsToTheMiddle, () => play.Errors.Any(IsEnding)))
                return play;
            play.Dispose();
            Directory.Delete(_workspace.Runs, recursive: true);
        }
        throw new TimeoutException("no run came to the middle of the song");
    }

    private static bool IsEnding(string line) => line.Contains("lifting (", StringComparison.Ordinal);

    /// <summary>The states of the cycles, one for each stretch of equal ones.</summary>
    private static List<RunState> StatesOf(McapReader recording)
    {
        var states = new List<RunState>();
        var cycle = new LoopCycleMessage();
        foreach (McapMessage message in recording.Read([RunRecorder.CycleTopic]))
        {
            Cdr.Deserialize(message.Data.Span, cycle);
            if (states.Count == 0 || states[^1] != (RunState)cycle.State)
                states.Add((RunState)cycle.State);
        }
        return states;
    }

    /// <summary>Counts the commands on the wire.</summary>
    private sealed class CommandWatch : IDisposable
    {
        private readonly TestDomain _domain = TestDomain.Lease();
        private readonly Context _context;
        private readonly Subscription<JointTrajectory> _commands;
        private readonly List<long> _arrivals = [];

        public CommandWatch()
        {
            _context = new Context(new ContextOptions { DomainId = Domain });
            _commands = _context.CreateNode("watch").CreateSubscription<JointTrajectory>("/rh_trajectory_controller/joint_trajectory");
        }

        public int Domain => _domain.Id;

        /// <summary>Waits for so many more commands; false if there will be none.</summary>
        public bool Await(int commands, Func<bool> hasEnded)
        {
            var message = new JointTrajectory();
            long start = Stopwatch.GetTimestamp();
            _arrivals.Clear();
            while (_arrivals.Count < commands && !hasEnded())
            {
                Assert.True(Stopwatch.GetElapsedTime(start) < Workspace.Patience, $"only {_arrivals.Count} commands came");
                _commands.Wait(TimeSpan.FromMilliseconds(100));
                while (_commands.TryTake(message, out _))
                    _arrivals.Add(Stopwatch.GetTimestamp());
            }
            return !hasEnded();
        }

        /// <summary>How many commands are older than a time.</summary>
        public int CountBefore(TimeSpan age) => _arrivals.Count(arrival => Stopwatch.GetElapsedTime(arrival) > age);

        public void Dispose()
        {
            _context.Dispose();
            _domain.Dispose();
        }
    }
}
