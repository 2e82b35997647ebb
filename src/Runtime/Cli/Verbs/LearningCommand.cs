using System.CommandLine;

using Legato.Music;
using Legato.Policy.Learning.Training;
using Legato.Policy.Planning;
using Legato.Runtime.Benchmarks;
using Legato.Runtime.Cli.Verbs.Calibration;
using Legato.Runtime.Experiments;
using Legato.Runtime.Statistics;
using Legato.Sim.Tasks;

namespace Legato.Runtime.Cli.Verbs;

/// <summary><c>legato bench learning</c>: trains without one part of learning at a time.</summary>
internal static class LearningCommand
{
    private const int MostSeeds = 100, MostRigs = 10_000;

    /// <summary>Describes the command.</summary>
    /// <param name="cli">The command line.</param>
    /// <param name="defaultSong">The song to train on if none is named.</param>
    public static Command Create(CliHost cli, string defaultSong)
    {
        var songs = new Argument<string[]>("songs") { Description = $"Names or .mid files ({defaultSong} by default)", Arity = ArgumentArity.ZeroOrMore };
        var options = new RobotOptions(cli, "sim.yaml");
        string ablation = Path.Combine(cli.Paths.Config, "tasks", "ablation.yaml");
        var task = new Option<string>("--task") { Description = "YAML of the learning task to take parts away from", HelpName = "file", DefaultValueFactory = _ => ablation };
        var learner = new Option<string>("--learner") { Description = "Who learns: ppo or droq", DefaultValueFactory = _ => TrainOptions.Ppo };
        learner.AcceptOnlyFromAmong(TrainOptions.Ppo, TrainOptions.Droq);
        var seeds = new Option<int>("--seeds") { Description = "Trainings of each row and song, from --seed upwards", DefaultValueFactory = _ => 5 };
        var steps = new Option<long>("--steps") { Description = "Control steps of each training", DefaultValueFactory = _ => 100_000 };
        var severity = new Option<double>("--severity") { Description = "How far rigs differ from the simulator, 0 to 1", DefaultValueFactory = _ => 0.5 };
        var rigs = new Option<int>("--rigs") { Description = "Rigs to train on", DefaultValueFactory = _ => TrainOptions.DefaultRigs };
        var slots = new Option<int>("--environments") { Description = "Environments side by side", DefaultValueFactory = _ => 16 };
        var testRigs = new Option<int>("--test-rigs") { Description = "Rigs to judge every training on", DefaultValueFactory = _ => 32 };
        var output = new Option<string>("--out") { Description = "Folder of the trainings; what is done there is not done again", HelpName = "folder", Required = true };
        var command = new Command("learning", "Train without one part of learning at a time: F1 with intervals over seeds, differences to the whole, learning curves")
        {
            songs, options.Robot, options.Parameters, options.Tempo, options.Seconds, options.Seed, task, learner, seeds, steps, severity, rigs, slots, testRigs, output,
        };
        return cli.Handle(command, async (parse, cancellation) =>
        {
            int seed = parse.GetValue(options.Seed), judged = OptionRange.Of("--test-rigs", parse.GetValue(testRigs), 1, MostRigs);
            int[] all = [.. Enumerable.Range(seed, OptionRange.Of("--seeds", parse.GetValue(seeds), 1, MostSeeds))];
            var train = new TrainOptions
            {
                Learner = parse.GetRequiredValue(learner),
                Task = TaskDefinition.Load(parse.GetRequiredValue(task)),
                Training = new TrainingOptions { Steps = OptionRange.Of("--steps", parse.GetValue(steps), 1, 1_000_000_000) },
                Severity = OptionRange.Of("--severity", parse.GetValue(severity), 0, 1),
                Rigs = OptionRange.Of("--rigs", parse.GetValue(rigs), 1, MostRigs),
                Slots = OptionRange.Of("--environments", parse.GetValue(slots), 1, 1_000),
                BundlesWhenStopped = false,
            };
            IReadOnlyList<LearningAblation> rows = LearningAblationTable.Rows(train.Task);
            SongLibrary library = SongLibrary.Open(cli.Paths.Songs);
            string[] named = parse.GetValue(songs) ?? [];
            PlayableSong[] loaded = [.. (named.Length > 0 ? named : [defaultSong]).Select(song => PlayableSong.Load(library, song, parse.GetValue(options.Tempo)))];
            await using var setup = RobotSetup.Load(parse.GetRequiredValue(options.Robot), options.ParametersFile(parse), cli.Time);
            PlannerOptions planner = options.Planner(parse);
            string folder = Path.GetFullPath(parse.GetRequiredValue(output));
            var lines = new Lines(cli.Error);
            var trials = new LearningTrials(setup, planner, train, judged, Path.Combine(folder, "plans"), cli.Time, lines);
            LearningReport report = await Task.Run(() => LearningReport.Of(new LearningStudy(trials.Train, trials.Conditions, folder, lines).Run(rows, loaded, all, cancellation), seed), cancellation);
            LearningReportPage.Save(report, trials.Conditions, folder);
            return new VerbResult(Json(report, loaded, all, folder), writer =>
            {
                LearningReportPage.Print(report, writer);
                writer.WriteLine($"  {Path.Combine(folder, LearningReportPage.HtmlFile)}");
            });
        });
    }

    private static object Json(LearningReport report, PlayableSong[] songs, int[] seeds, string folder) => new
    {
        Songs = songs.Select(s => s.Name),
        Seeds = seeds,
        Rows = report.Rows.Select(r => new
        {
            r.Name,
            F1 = r.F1.Mean,
            F1Ci95 = r.F1.Interval,
            OnsetF1 = r.OnsetF1.Mean,
            OnsetF1Ci95 = r.OnsetF1.Interval,
            N = r.F1.Count,
            Difference = r.Difference?.Mean,
            DifferenceCi95 = r.Difference?.Interval,
            r.PHolm,
            r.EnvSteps,
            Curve = report.CurveOf(r.Name).Select(p => new[] { p.EnvSteps, p.F1 }),
        }),
        Curves = Path.Combine(folder, LearningReportPage.CurveFile),
        Report = Path.Combine(folder, LearningReportPage.HtmlFile),
    };
}
