using System.Text.Json.Nodes;

using Legato.Music;
using Legato.RobotDriver.StandIn;
using Legato.Runtime.Calibration;
using Legato.Runtime.Experiments;
using Legato.Runtime.Improvement;
using Legato.Runtime.Recording;
using Legato.Sim.Parameters;
using Legato.Sim.Scene;
using Legato.SystemId.Calibration;
using Legato.SystemId.Excitation;

namespace Legato.Tests.Runtime.Improvement;

/// <summary>The loop with its real workshop: planner, simulated reality, recordings, check, fit, validation; all of it small.</summary>
public sealed class WorkshopTests : IDisposable
{
    private const double TrueGain = 0.8;

    private readonly string _root = Directory.CreateTempSubdirectory("legato-workshop-").FullName;
    private readonly string _song, _robot;

    public WorkshopTests()
    {
        _song = SmallSongs.Write(Path.Combine(_root, "two.mid"), 60, 64);
        // The piano is half a key off, so that something is left to gain.
        Reality rig = new()
        {
            Seed = 3,
            Parameters = SimParameters.Nominal.With("flexion.gain", TrueGain).With("piano.y", 0.012),
            Effects = new RealityEffects { ReportNoise = 0.5, CommandJitter = 0.002 },
        };
        File.WriteAllText(Path.Combine(_root, "reality.yaml"), rig.ToYaml());
        _robot = Path.Combine(_root, "rig.yaml");
        File.WriteAllText(_robot, "name: rig\nkind: sim\npreset: robopianist\naction_space: full\nembodiment: five_fingers\nlimits: simulation\nreality: reality.yaml\n");
        WriteMotions();
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private string Loop => Path.Combine(_root, "loop");

    private string Motions => Path.Combine(_root, "motions");

    [Fact]
    public async Task ARoundLearnsTheRigAndALostStepIsMadeAgain()
    {
        LoopRequest request = new(_robot, [_song], Rounds: 1, Repeats: 2, Seconds: 8, Seed: 4, Baselines: false);
        LoopState state = await Run(request);

        Assert.Equal(2, state.Rounds.Count);
        Calibrated found = state.Rounds[0].Calibration!;
        Assert.Equal(TrueGain, SimParameters.Load(found.Parameters)["flexion.gain"], 0.04);
        Assert.True(found.HoldOut!.After < 0.8 * found.HoldOut.Before, $"{found.HoldOut}");
        Assert.True(found.Moved["flexion.gain"] < -0.3, $"{found.Moved["flexion.gain"]}");
        Assert.Contains(ValidationEvidence.Load(found.Folder).Runs, run => run.Path == state.Rounds[0].Excitation!.HoldOut);
        Assert.NotEqual(state.Rounds[0].Arm.Policies[_song].Policy, state.Rounds[1].Arm.Policies[_song].Policy);

        // Repeats are runs of their own on the same rig.
        double[][][] heard = [.. state.Rounds[0].Arm.Performances.Select(p => Measured(p.Run))];
        Assert.Equal(2, heard.Length);
        Assert.NotEqual(heard[0], heard[1]);

        // The power goes before the last performance is written down, and with it the plan of the last round.
        LoopArm last = state.Rounds[1].Arm;
        last.Performances.RemoveAt(1);
        last.Policies.Clear();
        state.Ended = null;
        state.Save(Loop);
        double[][] lost = Measured(RunsOf("two")[^1]);
        LoopState again = await Run(request);
        Assert.Equal("round 1 gained", again.Ended?[..14] ?? "");
        Assert.Equal(lost, Measured(again.Rounds[1].Arm.Performances[1].Run));
        Assert.Equal(5, RunsOf("two").Length);
    }

    [Fact]
    public async Task PracticeLeavesABundleThatPlays()
    {
        Workshop workshop = NewWorkshop();
        Trained planned = await workshop.TrainAsync(_song, null, robust: false, previous: null, TestContext.Current.CancellationToken);
        string folder = Path.Combine(Loop, "practised");
        Trained practised = await workshop.PractiseAsync(_song, planned.Policy, performances: 2, seed: 9, folder, TestContext.Current.CancellationToken);

        Assert.Null(practised.PredictedF1);
        Assert.Equal(folder, practised.Policy);
        Assert.Equal([9, 10], RunsOf("two").Select(run => (int)RunFolder.Open(run).Summary["seed"]!));
        Assert.True(practised.RobotSeconds > 2);
        Assert.Equal("completed", (await workshop.PlayAsync(_song, folder, seed: 0, rig: null, TestContext.Current.CancellationToken)).Ended);
    }

    [Fact]
    public async Task ARigWithoutADifferenceIsPlayedInPlaceOfTheRobot()
    {
        Workshop workshop = NewWorkshop();
        Trained planned = await workshop.TrainAsync(_song, null, robust: false, previous: null, TestContext.Current.CancellationToken);
        AlteredRig gains = Assert.Single(workshop.Ablate(parameters: null), rig => rig.Name == "gains of joints");

        Assert.Equal(1, Reality.Load(gains.Reality).Parameters["flexion.gain"]);
        PlayReport played = await workshop.PlayAsync(_song, planned.Policy, seed: 0, gains, TestContext.Current.CancellationToken);
        PlayReport onTheRobot = await workshop.PlayAsync(_song, planned.Policy, seed: 0, rig: null, TestContext.Current.CancellationToken);
        Assert.NotEqual(Measured(onTheRobot.Run), Measured(played.Run));
    }

    [Fact]
    public async Task AStopAsAPerformanceBeginsIsAStopOfTheLoop()
    {
        using var stop = new CancellationTokenSource();
        using Serilog.Core.Logger log = new Serilog.LoggerConfiguration().WriteTo.Sink(new StopAtStart(stop)).CreateLogger();
        Workshop workshop = NewWorkshop(log);
        Trained planned = await workshop.TrainAsync(_song, null, robust: false, previous: null, stop.Token);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => workshop.PlayAsync(_song, planned.Policy, 0, rig: null, stop.Token));
        Assert.Single(RunsOf("two"));
    }

    [Fact]
    public async Task RecordingsWithLossesAreFittedOnlyAsFarAsTheyAreAccepted()
    {
        CancellationToken none = TestContext.Current.CancellationToken;
        string run = (await NewWorkshop().ExciteAsync(0, none)).Run, summary = Path.Combine(run, "run.json");
        JsonNode told = JsonNode.Parse(await File.ReadAllTextAsync(summary, none))!;
        told["lost"]!["joint_states"] = 2;
        await File.WriteAllTextAsync(summary, told.ToJsonString(), none);

        InputException refused = await Assert.ThrowsAsync<InputException>(() => NewWorkshop(acceptedLosses: 1).CalibrateAsync([run], [], null, keyEvents: false, Path.Combine(_root, "no"), none));
        Assert.Contains("nothing to check", refused.Message, StringComparison.Ordinal);
        Calibrated fitted = await NewWorkshop(acceptedLosses: 2).CalibrateAsync([run], [], null, keyEvents: false, Path.Combine(_root, "yes"), none);
        Assert.Equal(TrueGain, SimParameters.Load(fitted.Parameters)["flexion.gain"], 0.05);
    }

    [Fact]
    public async Task AnotherRobotsMotionsAreRefused()
    {
        File.WriteAllText(_robot, (await File.ReadAllTextAsync(_robot, TestContext.Current.CancellationToken)).Replace("action_space: full", "action_space: reduced", StringComparison.Ordinal));
        InputException e = await Assert.ThrowsAsync<InputException>(() => NewWorkshop().ExciteAsync(0, TestContext.Current.CancellationToken));
        Assert.Contains("plan for this robot", e.Message, StringComparison.Ordinal);
    }

    private Task<LoopState> Run(LoopRequest request) => new ImprovementLoop(NewWorkshop(), Loop, _ => { }).RunAsync(request, TestContext.Current.CancellationToken);

    private Workshop NewWorkshop(Serilog.ILogger? log = null, long acceptedLosses = 0) => new(
        new WorkshopOptions
        {
            Robot = _robot,
            Folder = Loop,
            Runs = Path.Combine(_root, "runs"),
            Excitation = Motions,
            HoldOutSeconds = 1,
            AcceptedLosses = acceptedLosses,
            Checked = ["flexion.gain"],
            Calibration = new CalibrationOptions { Groups = ["flexion"], DriveKeys = ["gain"], SingleDrives = false, KeyParameters = [], MaxDriveSeconds = 8, Timestep = 0.005 },
        },
        new PlanLearner(20, seed: 4), SongLibrary.Open(_root), TimeProvider.System, log ?? Serilog.Core.Logger.None, new Silence());

    private string[] RunsOf(string song) => [.. Directory.GetDirectories(Path.Combine(_root, "runs")).Where(run => Path.GetFileName(run).Contains(song, StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    private static double[][] Measured(string run) => [.. RecordedRun.Read(RunFolder.Open(run)).Cycles.Select(c => c.Measured ?? [])];

    private void WriteMotions()
    {
        using PianoScene scene = PianoScene.Build(new SceneOptions());
        var motions = new FreeMotions(ExcitationPlanner.LimitsOf(Legato.Sim.Limits.MotionLimits.Simulation(scene.Actuators, scene.ControlLow, scene.ControlHigh)));
        ExcitationBlock[] blocks = [.. motions.Create().Where(b => b.Label is "flexion chirp" or "flexion steps")];
        ExcitationBundle.Of(ExcitationPlan.Of(blocks, []), scene.Actuators, "none").Save(Motions);
    }

    // The session says that it plays before the hands move.
    private sealed class StopAtStart(CancellationTokenSource stop) : Serilog.Core.ILogEventSink
    {
        public void Emit(Serilog.Events.LogEvent logEvent)
        {
            if (logEvent.MessageTemplate.Text.StartsWith("playing {Name", StringComparison.Ordinal))
                stop.Cancel();
        }
    }
}
