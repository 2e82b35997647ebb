using System.CommandLine;

using Legato.Policy.Bundles;
using Legato.Policy.Planning;
using Legato.Runtime.Experiments;

namespace Legato.Runtime.Cli.Verbs;

/// <summary><c>legato practise</c>: plays a song again and again on the robot, and learns from what went wrong.</summary>
internal sealed class PractiseVerb : IVerb
{
    private const int MostPerformances = 1000;

    /// <inheritdoc/>
    public Command Create(CliHost cli)
    {
        var options = new RobotOptions(cli, "standin.yaml");
        var performances = new Option<int>("--performances") { Description = "Most performances; a flawless one ends the practice", DefaultValueFactory = _ => 10 };
        var output = new Option<string?>("--out") { Description = "Folder of the best bundle (policies/<song>-practised by default)", HelpName = "folder" };
        var command = new Command("practise", "Play a song again and again on the robot, and learn from what its joints and keys report")
        {
            options.Song, options.Robot, options.Policy, options.Parameters, options.Tempo, options.Seed, options.Seconds, options.Watchdog, performances, output,
        };
        return cli.Handle(command, async (parse, cancellation) =>
        {
            int most = OptionRange.Of("--performances", parse.GetValue(performances), 1, MostPerformances);
            using Serilog.Core.Logger log = cli.CreateLogger(parse);
            PlayableSong song = options.LoadSong(parse);
            string robot = parse.GetRequiredValue(options.Robot);
            await using var model = RobotSetup.Load(robot, options.ParametersFile(parse), cli.Time);
            PlannerOptions planner = options.Planner(parse) with { Limits = model.PlanningLimits };
            (PolicyBundle bundle, string start, _) = options.FindPolicy(parse, song, model, cancellation);
            bundle.RequireFits(model.Scene.Actuators, 1 / Sim.Scene.SceneOptions.ControlPeriod, song.Trajectory);

            int seed = parse.GetValue(options.Seed);
            var practice = new PracticeSession(model.Scene, planner, async (next, stop) =>
            {
                await using var setup = RobotSetup.Load(robot, options.ParametersFile(parse), cli.Time, seed: seed++);
                await setup.StartAsync(stop, parse.GetValue(options.Watchdog));
                return await new PlaySession(cli.Paths.Runs, cli.Time, log).RunAsync(PlayRequest.For(setup, song, next, start) with { Tempo = parse.GetValue(options.Tempo) }, stop);
            });
            (PolicyBundle best, IReadOnlyList<Performance> all) = await practice.RunAsync(song, bundle, most, p => cli.Error.WriteLine(Line(p)), cancellation);
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
