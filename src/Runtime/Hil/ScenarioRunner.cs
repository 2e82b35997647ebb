using Legato.RobotDriver.Chaos;
using Legato.Runtime.Experiments;
using Legato.Runtime.Loop;
using Legato.Runtime.Safety;
using Legato.Runtime.Watchdog;

namespace Legato.Runtime.Hil;

/// <summary>How to run scenarios.</summary>
internal sealed record ScenarioSettings
{
    /// <summary>YAML of the robot.</summary>
    public required string Robot { get; init; }

    /// <summary>YAML of the limits for a robot whose file has none.</summary>
    public required string Limits { get; init; }

    /// <summary>Receives a folder per scenario.</summary>
    public required string Folder { get; init; }

    /// <summary>Seed of everything random.</summary>
    public int Seed { get; init; }
}

/// <summary>Runs scenarios and finds out what came of them.</summary>
/// <param name="settings">How.</param>
/// <param name="pieces">What is played.</param>
/// <param name="time">Wall clock and timers.</param>
internal sealed class ScenarioRunner(ScenarioSettings settings, Pieces pieces, TimeProvider time)
{
    // A machine that is busy elsewhere starves a rig in real time of its messages; so many times in a row are the rig's fault.
    private const int Attempts = 3;

    /// <summary>Runs one; again where the run ended before its fault began.</summary>
    /// <param name="scenario">Freshly loaded.</param>
    /// <param name="repeat">0 for the first time; adds to the seed.</param>
    /// <param name="cancellation">The operator stops everything: the hands lift.</param>
    public async Task<ScenarioResult> RunAsync(Scenario scenario, int repeat, CancellationToken cancellation)
    {
        long start = time.GetTimestamp();
        string folder = Path.Combine(settings.Folder, repeat == 0 ? scenario.Name : FormattableString.Invariant($"{scenario.Name}-{repeat + 1}"));
        ScenarioFacts facts = await PlayAsync(scenario, folder, settings.Seed + repeat, cancellation);
        for (int attempt = 2; facts.EndedBeforeFault && attempt <= Attempts && !cancellation.IsCancellationRequested; attempt++)
        {
            // Faults keep state: every run has its own.
            facts = await PlayAsync(Scenario.Load(scenario.File), FormattableString.Invariant($"{folder}-attempt-{attempt}"), settings.Seed + repeat, cancellation);
        }
        cancellation.ThrowIfCancellationRequested();
        IReadOnlyList<string> failures = facts.EndedBeforeFault
            ? [FormattableString.Invariant($"the run ended ({facts.Ended}) before its fault began, {Attempts} times; is the machine too busy for a rig in real time?")]
            : ExpectationCheck.Find(scenario.Expect, facts);
        return new ScenarioResult(scenario.Name, repeat, failures.Count == 0 ? ScenarioVerdict.Passed : ScenarioVerdict.Failed, failures, time.GetElapsedTime(start).TotalSeconds, facts);
    }

    private async Task<ScenarioFacts> PlayAsync(Scenario scenario, string folder, int seed, CancellationToken cancellation)
    {
        await using var setup = RobotSetup.Load(settings.Robot, null, time, seed: seed, limitsFile: settings.Limits);
        PlannedPiece piece = pieces.Make(scenario.Piece, setup, cancellation);
        // A scenario of this process is about its own loop, and one of a process of its own has the watchdog that process starts; real hands are always watched.
        await setup.StartAsync(cancellation, setup.Configuration.IsHardware ? WatchdogChoice.Start : WatchdogChoice.None);
        return scenario.IsOfProcess
            ? await new ProcessScenario(settings.Robot, setup, piece, time).RunAsync(scenario, folder, cancellation)
            : await PlayHereAsync(scenario, setup, piece, folder, seed, cancellation);
    }

    private async Task<ScenarioFacts> PlayHereAsync(Scenario scenario, RobotSetup setup, PlannedPiece piece, string folder, int seed, CancellationToken cancellation)
    {
        var witness = new MotionWitness(setup.Robot);
        var robot = new ChaosRobot(setup.Robot, [.. scenario.Faults.OfType<RobotFault>()], seed, witness, scenario.NeedsRealTime);
        IReadOnlyList<DiskFault> disk = [.. scenario.Faults.OfType<DiskFault>()];
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        robot.OperatorStops += stop.Cancel;
        PlayRequest request = PlayRequest.For(setup, piece.Song, piece.Bundle, piece.Folder) with
        {
            Robot = robot,
            Observer = new PhaseObserver(robot.Schedule),
            Disk = disk.Count == 0 ? null : file => new FaultyDiskStream(file, disk, robot.Schedule, robot.Clock),
        };
        var told = new StringWriter();
        Told outcome;
        long? onset;
        await using (var conductor = new FaultConductor(scenario.Faults.OfType<RigFault>(), robot.Schedule, robot.Clock, new FaultyRig(setup, null)))
        {
            robot.Schedule.Enter(ChaosPhase.Start, robot.Clock.Now);
            await conductor.BeginFirstAsync(cancellation);
            outcome = await Told.HearAsync(request, folder, told, time, stop.Token);
            onset = FirstOnset(scenario, robot.Schedule, conductor);
        }
        // A loop that lost its driver did not see the end of the lift.
        robot.Look();

        MotionFigures motion = MotionFigures.Of(witness, robot, setup.Limits, robot.Schedule, onset);
        if (witness.Overflows > 0)
            throw new InvalidOperationException($"the run is too long for its witness: {witness.Overflows} entries were not kept");
        RunEvidence evidence = RunEvidence.Of(folder);
        return new ScenarioFacts
        {
            Ended = outcome.Report?.Ended ?? evidence.Ended ?? ScenarioFacts.Refused,
            Exit = outcome.Exit,
            EndedBeforeFault = scenario.Faults.Count > 0 && !(onset <= (robot.Schedule.Began(ChaosPhase.Lifting) ?? long.MaxValue)),
            Told = told.ToString(),
            Run = evidence.Folder,
            Report = outcome.Report,
            Motion = motion,
            KeysDown = motion.KeysDown,
            TimeToSafeMs = EndsAsPlanned(outcome.Report) ? null : motion.TimeToSafeMs,
            Recording = evidence.Recording,
            Replays = scenario.Expect.Replays is null ? null : await evidence.ReplaysAsync(setup),
        };
    }

    // A run that lifts because it is over did not flee from anything, whether or not the hands followed.
    private static bool EndsAsPlanned(PlayReport? report) => report?.Ended is PlayReport.Completed || report?.Ended == PlayReport.EndOf(RunCause.LiftBlocked);

    private static long? FirstOnset(Scenario scenario, FaultSchedule schedule, FaultConductor conductor) =>
        scenario.Faults.Where(f => f is not RigFault).Select(f => schedule.OpensAt(f.Window)).Append(conductor.FirstOnset).Where(o => o is not null).DefaultIfEmpty(null).Min();

    /// <summary>Tells faults of the run's phases.</summary>
    private sealed class PhaseObserver(FaultSchedule schedule) : IRunObserver
    {
        public void OnCycle(in CycleRecord cycle)
        {
        }

        public void OnKey(in RobotDriver.KeyEvent key)
        {
        }

        public void OnTransition(in RunTransition transition)
        {
            if (transition.To is RunState.Homing)
                schedule.Enter(ChaosPhase.Homing, transition.Stamp);
            else if (transition.To is RunState.Playing)
                schedule.Enter(ChaosPhase.Playing, transition.Stamp);
            else if (transition.To is RunState.Lifting)
                schedule.Enter(ChaosPhase.Lifting, transition.Stamp);
        }
    }
}
