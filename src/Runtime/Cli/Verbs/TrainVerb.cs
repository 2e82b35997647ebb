using System.CommandLine;

using Legato.Policy.Bundles;
using Legato.Policy.Learning.Training;
using Legato.Runtime.Experiments;
using Legato.Sim.Tasks;
using Legato.Sim.Tasks.Rigs;

namespace Legato.Runtime.Cli.Verbs;

/// <summary><c>legato train</c>: learns a network that corrects a plan on rigs that differ from the simulator.</summary>
internal sealed class TrainVerb : IVerb
{
    /// <inheritdoc/>
    public Command Create(CliHost cli)
    {
        var options = new RobotOptions(cli, "sim.yaml");
        var learner = new Option<string>("--learner") { Description = "Who learns: ppo or droq", DefaultValueFactory = _ => TrainOptions.Ppo };
        learner.AcceptOnlyFromAmong(TrainOptions.Ppo, TrainOptions.Droq);
        string legato = Path.Combine(cli.Paths.Config, "tasks", "legato.yaml");
        var task = new Option<string>("--task") { Description = "YAML of the learning task", HelpName = "file", DefaultValueFactory = _ => legato };
        var steps = new Option<long>("--steps") { Description = "Control steps to train for", DefaultValueFactory = _ => 200_000 };
        var severity = new Option<double>("--severity") { Description = "How far rigs differ from the simulator, 0 to 1", DefaultValueFactory = _ => 0.5 };
        var rigs = new Option<int>("--rigs") { Description = "Rigs to train on", DefaultValueFactory = _ => TrainOptions.DefaultRigs };
        var slots = new Option<int>("--environments") { Description = "Environments side by side", DefaultValueFactory = _ => 16 };
        var from = new Option<string?>("--from") { Description = "Begin with the network of a bundle instead of a new one", HelpName = "folder" };
        var output = new Option<string?>("--out") { Description = "Folder of the bundle (policies/<song>-<learner> by default); a training that lies there goes on", HelpName = "folder" };
        var command = new Command("train", "Learn a network that corrects a plan, on simulated rigs that differ")
        {
            options.Song, options.Robot, options.Parameters, options.Tempo, options.Seed, options.Seconds, options.Robust, options.Policy, learner, task, steps, severity, rigs, slots, from, output,
        };
        return cli.Handle(command, async (parse, cancellation) =>
        {
            var train = new TrainOptions
            {
                Learner = parse.GetRequiredValue(learner),
                Task = TaskDefinition.Load(parse.GetRequiredValue(task)),
                Training = new TrainingOptions { Steps = OptionRange.Of("--steps", parse.GetValue(steps), 1, 1_000_000_000) },
                Severity = OptionRange.Of("--severity", parse.GetValue(severity), 0, 1),
                Rigs = OptionRange.Of("--rigs", parse.GetValue(rigs), 1, 10_000),
                Slots = OptionRange.Of("--environments", parse.GetValue(slots), 1, 1_000),
                Seed = parse.GetValue(options.Seed),
                From = parse.GetValue(from) is { } earlier ? PolicyBundle.Load(earlier) : null,
            };
            PlayableSong song = options.LoadSong(parse);
            await using var setup = RobotSetup.Load(parse.GetRequiredValue(options.Robot), options.ParametersFile(parse), cli.Time);
            (PolicyBundle plan, _, _) = options.FindPolicy(parse, song, setup, cancellation);
            string folder = parse.GetValue(output) ?? Path.Combine(cli.Paths.Policies, $"{song.Name}-{train.Learner}");
            TrainedBundle trained;
            using (TrainingLine line = cli.TrainingLine(train.Training.Steps))
                trained = new TrainSession(train, new RandomRigs(train.Severity, setup.Parameters), cli.Time).Run(setup.Scene, song, plan, folder, line, cancellation);
            return Report(trained, song, train.Seed, cancellation.IsCancellationRequested);
        });
    }

    private static VerbResult Report(TrainedBundle trained, PlayableSong song, int seed, bool isStopped)
    {
        var policy = JudgedFigures.Of(trained.Policy.F1, trained.Policy.OnsetF1, seed);
        var gain = PairedFigures.Of(trained.Policy.F1, trained.Plan.F1, seed);
        var data = new
        {
            Bundle = trained.Folder,
            song = song.Name,
            F1 = policy.F1.Mean,
            F1Ci95 = policy.F1.Interval,
            OnsetF1 = policy.OnsetF1.Mean,
            PlanF1 = trained.Plan.F1.Average(),
            Gain = gain.Difference.Mean,
            GainCi95 = gain.Difference.Interval,
            gain.P,
            trained.EnvSteps,
            trained.Seconds,
            EnvStepsPerS = trained.EnvSteps / trained.Seconds,
            Curve = trained.Curve.Select(p => new[] { p.EnvSteps, p.F1 }),
            trained.EndedBecause,
            Stopped = isStopped,
        };
        return new VerbResult(data, writer =>
        {
            writer.WriteLine(FormattableString.Invariant(
                $"{song.Name}: F1 {policy.F1.Mean:0.000} on {policy.F1.Count} rigs that it was not trained on, the plan alone {data.PlanF1:0.000}; gain {gain}"));
            writer.WriteLine(FormattableString.Invariant($"  {trained.EnvSteps} environment steps, {trained.Seconds:0} s{(isStopped ? ", stopped" : "")}"));
            if (trained.EndedBecause is { } reason)
                writer.WriteLine($"  ended early: {reason}");
            writer.WriteLine($"  {trained.Folder}");
        }, isStopped || trained.EndedBecause is not null ? ExitCode.Failed : ExitCode.Ok);
    }
}
