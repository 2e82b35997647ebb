using System.CommandLine;

using Legato.Policy.Bundles;
using Legato.Policy.Learning.OnRobot;
using Legato.Policy.Planning;
using Legato.Runtime.Experiments;
using Legato.Runtime.Improvement;
using Legato.Sim.Tasks;

namespace Legato.Runtime.Cli.Verbs;

/// <summary><c>legato practise</c>: plays a song again and again on the robot, and learns from what went wrong.</summary>
internal sealed class PractiseVerb : IVerb
{
    private const string HandelBot = "handelbot";
    private const int MostPerformances = 1000;

    /// <inheritdoc/>
    public Command Create(CliHost cli)
    {
        var options = new RobotOptions(cli, "standin.yaml");
        var performances = new Option<int>("--performances") { Description = "Most performances; a flawless one ends the practice", DefaultValueFactory = _ => 10 };
        var minutes = new Option<double>("--robot-minutes") { Description = "Most time that the robot may move, min", DefaultValueFactory = _ => 30 };
        var learner = new Option<string>("--learner") { Description = "What learns: the plan's targets (plan), or corrections sideways and then a network (handelbot)", DefaultValueFactory = _ => PlanLearner.Word };
        learner.AcceptOnlyFromAmong(PlanLearner.Word, HandelBot);
        string handelBot = Path.Combine(cli.Paths.Config, "tasks", "handelbot.yaml");
        var task = new Option<string>("--task") { Description = "YAML of what the network sees (handelbot only)", HelpName = "file", DefaultValueFactory = _ => handelBot };
        var output = new Option<string?>("--out") { Description = "Folder of the best bundle (policies/<song>-practised by default)", HelpName = "folder" };
        var command = new Command("practise", "Play a song again and again on the robot, and learn from what its joints and keys report")
        {
            options.Song, options.Robot, options.Policy, options.Parameters, options.Tempo, options.Seed, options.Seconds, options.Watchdog, learner, task, performances, minutes, output,
        };
        return cli.Handle(command, async (parse, cancellation) =>
        {
            var budget = new PracticeBudget(
                OptionRange.Of("--performances", parse.GetValue(performances), 1, MostPerformances), 60 * OptionRange.Of("--robot-minutes", parse.GetValue(minutes), 0.01, 10_000));
            TaskDefinition? definition = parse.GetValue(learner) == HandelBot ? TaskDefinition.Load(parse.GetRequiredValue(task)) : null;
            using Serilog.Core.Logger log = cli.CreateLogger(parse);
            PlayableSong song = options.LoadSong(parse);
            string robot = parse.GetRequiredValue(options.Robot);
            await using var model = RobotSetup.Load(robot, options.ParametersFile(parse), cli.Time);
            PlannerOptions planner = options.Planner(parse) with { Limits = model.PlanningLimits };
            (PolicyBundle bundle, string start, _) = options.FindPolicy(parse, song, model, cancellation);
            bundle.RequireFits(model.Scene.Actuators, 1 / Sim.Scene.SceneOptions.ControlPeriod, song.Trajectory);

            int seed = parse.GetValue(options.Seed);
            using IPractice practice = definition is null
                ? new TargetPractice(new Practice(model.Scene, planner, bundle.ToPlan(), song.Trajectory, cancellation), bundle)
                : new CorrectionPractice(model.Scene, song.Trajectory, bundle, definition, new CorrectionOptions(), seed);
            var session = new PracticeSession(model.Scene, async (next, exploration, stop) =>
            {
                await using var setup = RobotSetup.Load(robot, options.ParametersFile(parse), cli.Time, seed: seed++);
                await setup.StartAsync(stop, parse.GetValue(options.Watchdog));
                PlayRequest request = PlayRequest.For(setup, song, next, start) with { Tempo = parse.GetValue(options.Tempo), Exploration = exploration };
                return await new PlaySession(cli.Paths.Runs, cli.Time, log).RunAsync(request, stop);
            });
            (PolicyBundle best, IReadOnlyList<Performance> all) = await session.RunAsync(song, practice, budget, p => cli.Error.WriteLine(Line(p)), cancellation);
            string folder = parse.GetValue(output) ?? Path.Combine(cli.Paths.Policies, $"{song.Name}-practised");
            best.Save(folder);
            var data = new { song = song.Name, Bundle = folder, best.Manifest.Evaluation.F1, best.Manifest.Evaluation.OnsetF1, Performances = all };
            return new VerbResult(data, writer =>
            {
                writer.WriteLine(FormattableString.Invariant($"{song.Name}: F1 {all[0].F1:0.000} at first, {data.F1:0.000} at best of {all.Count}; onset F1 {data.OnsetF1:0.000}; {all.Sum(p => p.Seconds):0} s on the robot"));
                writer.WriteLine($"  {folder}");
            });
        });
    }

    private static string Line(Performance p) => FormattableString.Invariant($"performance {p.Number}: F1 {p.F1:0.000}, onset F1 {p.OnsetF1:0.000}  {p.Run}");
}
