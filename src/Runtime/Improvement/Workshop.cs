using Legato.Music;
using Legato.Policy.Bundles;
using Legato.Policy.Learning.OnRobot;
using Legato.Policy.Planning;
using Legato.RobotDriver.Configuration;
using Legato.RobotDriver.StandIn;
using Legato.Runtime.Calibration;
using Legato.Runtime.Experiments;
using Legato.Sim.Parameters;
using Legato.Sim.Scene;

using Serilog;

namespace Legato.Runtime.Improvement;

/// <summary>The real workshop: the planner, the robot of a YAML file, identification. The same sessions as behind the verbs.</summary>
/// <remarks>
/// A fresh robot for every run. Policies and motions are found again in the loop's folder; runs and calibrations that were cut short are
/// made again. One call at a time.
/// </remarks>
/// <param name="options">What it works with.</param>
/// <param name="learner">Makes policies.</param>
/// <param name="songs">Songs that go by name.</param>
/// <param name="time">Wall clock and timers.</param>
/// <param name="log">Receives what the operator should know.</param>
/// <param name="tell">Told what is going on.</param>
public sealed class Workshop(WorkshopOptions options, ILearner learner, SongLibrary songs, TimeProvider time, ILogger log, IProgress<string> tell) : IWorkshop
{
    /// <inheritdoc/>
    public async Task<Trained> TrainAsync(string song, string? parameters, bool robust, string? previous, CancellationToken stop)
    {
        await using RobotSetup model = Setup(parameters, seed: 0);
        return await Task.Run(() => learner.Train(new TrainRequest(Song(song), model, parameters, robust, previous, Path.Combine(options.Folder, "policies")), stop), stop);
    }

    /// <inheritdoc/>
    public Trained PlanAlone(string policy, string folder)
    {
        PolicyBundle plan = PolicyBundle.Load(policy).OpenLoop();
        plan.Save(folder);
        return new Trained(folder, plan.Manifest.Evaluation.F1);
    }

    /// <inheritdoc/>
    public Task<PlayReport> PlayAsync(string song, string policy, int seed, AlteredRig? rig, CancellationToken stop) =>
        PerformAsync(Song(song), PolicyBundle.Load(policy), policy, seed, stop, rig);

    /// <inheritdoc/>
    public IReadOnlyList<AlteredRig> Ablate(string? parameters)
    {
        var robot = RobotConfiguration.Load(options.Robot);
        if ((options.Reality ?? robot.Reality) is not { } reality)
            return [];
        SimParameters simulator = parameters is null ? SimParameters.Nominal : SimParameters.Load(parameters);
        return [.. RigAblations.Of(Reality.Load(reality), simulator).Select((ablation, i) =>
        {
            string file = Path.Combine(options.Folder, "ablations", FormattableString.Invariant($"rig-{i + 1}.yaml"));
            CalibrationFiles.Write(file, ablation.Reality.ToYaml());
            return new AlteredRig(ablation.Name, file);
        })];
    }

    /// <inheritdoc/>
    public async Task<Trained> PractiseAsync(string song, string policy, int performances, int seed, string folder, CancellationToken stop)
    {
        await using RobotSetup model = Setup(parameters: null, seed);
        PlayableSong playable = Song(song);
        PlannerOptions planner = PlannerOptions.For(robust: false) with { Limits = model.PlanningLimits };
        int next = seed;
        PolicyBundle start = PolicyBundle.Load(policy);
        using var practice = new TargetPractice(new Practice(model.Scene, planner, start.ToPlan(), playable.Trajectory, stop), start);
        var session = new PracticeSession(model.Scene, (bundle, _, cancel) => PerformAsync(playable, bundle, policy, next++, cancel));
        (PolicyBundle best, IReadOnlyList<Performance> all) = await session.RunAsync(playable, practice, new PracticeBudget(performances), played: _ => { }, stop);
        stop.ThrowIfCancellationRequested();
        best.Save(folder);
        return new Trained(folder, PredictedF1: null, all.Sum(p => p.Seconds));
    }

    /// <inheritdoc/>
    public async Task<Excited> ExciteAsync(int seed, CancellationToken stop)
    {
        LoopMotions motions;
        await using (RobotSetup model = Setup(parameters: null, seed))
            motions = await Task.Run(() => LoopMotions.FindOrPlan(options, model, tell, stop), stop);
        (string run, double seconds) = await RecordAsync(motions.Excitation, seed, stop);
        // With noise of its own: what the fit has made of the other's must not help it here.
        (string holdOut, double more) = await RecordAsync(motions.HoldOut, ~seed, stop);
        return new Excited(run, holdOut, seconds + more);
    }

    /// <inheritdoc/>
    public Task<Calibrated> CalibrateAsync(IReadOnlyList<string> runs, IReadOnlyList<string> holdOut, string? start, bool keyEvents, string folder, CancellationToken stop) =>
        Task.Run(() => new Refit(options, time, tell).Run(runs, holdOut, start, keyEvents, folder, stop), stop);

    private PlayableSong Song(string song) => PlayableSong.Load(songs, song, options.Tempo);

    // A plain simulation is a robot as its file says, whatever its model has become.
    private RobotSetup Setup(string? parameters, int seed, AlteredRig? rig = null) => RobotSetup.Load(options.Robot, parameters, time, rig?.Reality ?? options.Reality, seed);

    private async Task<PlayReport> PerformAsync(PlayableSong song, PolicyBundle bundle, string folder, int seed, CancellationToken stop, AlteredRig? rig = null)
    {
        await using RobotSetup setup = Setup(parameters: null, seed, rig);
        await setup.StartAsync(stop);
        PlayReport report = await OrStopAsync(new PlaySession(options.Runs, time, log).RunAsync(PlayRequest.For(setup, song, bundle, folder) with { Tempo = options.Tempo }, stop), stop);
        if (report.Ended != PlayReport.Completed)
            stop.ThrowIfCancellationRequested();
        return report;
    }

    private async Task<(string Run, double Seconds)> RecordAsync(string motions, int seed, CancellationToken stop)
    {
        ExcitationBundle bundle = ExcitationBundle.Load(motions);
        await using RobotSetup setup = Setup(parameters: null, seed);
        await setup.StartAsync(stop);
        ExcitationReport report = await OrStopAsync(new ExcitationSession(options.Runs, time, log).RunAsync(setup, bundle, motions, stop), stop);
        if (report.Ended != PlayReport.Completed)
        {
            stop.ThrowIfCancellationRequested();
            throw new InputException($"{report.Run}: the motions for identification ended early ({report.Ended}); see to the robot, then ask for the same loop to go on");
        }
        // What cannot be fitted is recorded again by the next call, not found to be useless after it.
        var recorded = RunImport.Load(report.Run);
        if (options.RefusalOf(recorded) is { } refusal)
            throw new InputException($"{report.Run}: {refusal}; see to the network and the machine's load, then ask for the same loop to go on, or say with --accept-losses how many may be missing");
        return (report.Run, bundle.Targets.Count * SceneOptions.ControlPeriod);
    }

    // A run that was stopped before anything moved has nothing to report; that is no mistake.
    private static async Task<T> OrStopAsync<T>(Task<T> run, CancellationToken stop)
    {
        try
        {
            return await run;
        }
        catch (InputException e) when (stop.IsCancellationRequested)
        {
            throw new OperationCanceledException(e.Message, e, stop);
        }
    }
}
