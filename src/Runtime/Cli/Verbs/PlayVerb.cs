using System.CommandLine;

using Legato.Policy.Bundles;
using Legato.Policy.Planning;
using Legato.Runtime.Experiments;

namespace Legato.Runtime.Cli.Verbs;

/// <summary><c>legato play</c>: deploys a song.</summary>
internal sealed class PlayVerb : IVerb
{
    /// <inheritdoc/>
    public Command Create(CliHost cli)
    {
        var options = new RobotOptions(cli, "standin.yaml");
        var policy = new Option<string>("--policy") { Description = "Folder of a policy bundle, or 'nominal' to plan", DefaultValueFactory = _ => NominalPolicy.Name };
        var command = new Command("play", "Deploy a song: check, arm, home, play, lift, report")
        {
            options.Song, options.Robot, policy, options.Parameters, options.Tempo, options.Seed, options.Seconds,
        };
        return cli.Handle(command, async (parse, cancellation) =>
        {
            using Serilog.Core.Logger log = cli.CreateLogger(parse);
            PlayableSong song = options.LoadSong(parse);
            await using var setup = RobotSetup.Load(parse.GetRequiredValue(options.Robot), options.ParametersFile(parse), cli.Time);
            // Planning comes before the robot: a stand-in that waits is in nobody's interest.
            (PolicyBundle bundle, string folder, double seconds) = FindPolicy(cli, options, parse, song, setup, policy, cancellation);
            await setup.StartAsync(cancellation);
            PlayReport report = await new PlaySession(cli.Paths.Runs, cli.Time, log).RunAsync(
                new PlayRequest
                {
                    Robot = setup.Robot,
                    Limits = setup.Limits,
                    Song = song,
                    Bundle = bundle,
                    BundleFolder = folder,
                    ConfigurationFiles = setup.Files,
                    Settings = setup.Settings,
                    Tempo = parse.GetValue(options.Tempo),
                    Seed = parse.GetValue(options.Seed),
                    PlanningSeconds = seconds,
                },
                cancellation);
            return new VerbResult(report, report.Print, report.Ended == "completed" ? ExitCode.Ok : ExitCode.Failed);
        });
    }

    private static (PolicyBundle Bundle, string Folder, double Seconds) FindPolicy(
        CliHost cli, RobotOptions options, ParseResult parse, PlayableSong song, RobotSetup setup, Option<string> policy, CancellationToken cancellation)
    {
        string wanted = parse.GetRequiredValue(policy);
        if (wanted != NominalPolicy.Name)
            return (PolicyBundle.Load(wanted), wanted, 0);
        PlannerOptions planner = options.Planner(parse);
        long start = cli.Time.GetTimestamp();
        using PlanningLine line = cli.PlanningLine(planner.Seconds);
        (PolicyBundle bundle, string folder) = NominalPolicy.FindOrPlan(setup.Scene, song, setup.Parameters.Hash, cli.Paths.Policies, planner, line, cancellation);
        return (bundle, folder, cli.Time.GetElapsedTime(start).TotalSeconds);
    }
}
