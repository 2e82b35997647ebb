using System.CommandLine;

using Legato.Music;
using Legato.Policy.Planning;
using Legato.Runtime.Benchmarks;
using Legato.Runtime.Experiments;

namespace Legato.Runtime.Cli.Verbs;

/// <summary><c>legato bench ablation</c>: plans songs without one part of the planner at a time.</summary>
internal static class AblationCommand
{
    private static readonly string[] DefaultSongs = ["happy-birthday-two-hands", "fur-elise", "bach-fugue-c-minor"];

    /// <summary>Describes the command.</summary>
    public static Command Create(CliHost cli)
    {
        var songs = new Argument<string[]>("songs") { Description = $"Names or .mid files ({string.Join(", ", DefaultSongs)} by default)", Arity = ArgumentArity.ZeroOrMore };
        var options = new RobotOptions(cli, "sim.yaml");
        var command = new Command("ablation", "Plan songs without one part of the planner at a time: F1 (onset F1) for each")
        {
            songs, options.Robot, options.Parameters, options.Tempo, options.Seconds, options.Seed,
        };
        return cli.Handle(command, async (parse, cancellation) =>
        {
            PlannerOptions planner = options.Planner(parse) with { Seed = parse.GetValue(options.Seed) };
            await using RobotSetup setup = RobotSetup.Load(parse.GetRequiredValue(options.Robot), options.ParametersFile(parse), cli.Time);
            planner = planner with { Limits = setup.PlanningLimits };
            string[] named = parse.GetValue(songs) ?? [];
            SongLibrary library = SongLibrary.Open(cli.Paths.Songs);
            PlayableSong[] loaded = [.. (named.Length > 0 ? named : DefaultSongs).Select(song => PlayableSong.Load(library, song, parse.GetValue(options.Tempo)))];
            AblationReport report = await Task.Run(() => AblationReport.Measure(setup.Scene, loaded, AblationTable.Rows(planner), cli.Error.WriteLine, cancellation), cancellation);
            return new VerbResult(report, report.Write);
        });
    }
}
