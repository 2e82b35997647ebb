using System.CommandLine;

using Legato.Policy.Bundles;
using Legato.Runtime.Experiments;
using Legato.Runtime.Passport;

namespace Legato.Runtime.Cli.Verbs;

/// <summary><c>legato play</c>: deploys a song.</summary>
internal sealed class PlayVerb : IVerb
{
    private const int RigsForHardware = 16;

    /// <inheritdoc/>
    public Command Create(CliHost cli)
    {
        var options = new RobotOptions(cli, "standin.yaml");
        var standIn = new Option<string?>("--standin") { Description = "Use a stand-in that runs already: a file with the line that it printed", HelpName = "file" };
        var passport = new PassportOptions(cli, options);
        var rigs = new Option<int?>("--passport") { Description = "Simulated rigs to play on first, 0 for none (16 where the robot is hardware)", HelpName = "rigs" };
        var anyway = new Option<bool>("--anyway") { Description = "Play although the passport objects" };
        var command = new Command("play", "Deploy a song: check, arm, home, play, lift, report")
        {
            options.Song, options.Robot, options.Policy, options.Parameters, options.Tempo, options.Seed, options.Seconds, options.Watchdog, standIn, rigs, passport.Severity, anyway,
        };
        return cli.Handle(command, async (parse, cancellation) =>
        {
            using Serilog.Core.Logger log = cli.CreateLogger(parse);
            PlayableSong song = options.LoadSong(parse);
            await using var setup = RobotSetup.Load(parse.GetRequiredValue(options.Robot), options.ParametersFile(parse), cli.Time, seed: parse.GetValue(options.Seed));
            if (parse.GetValue(standIn) is { } running)
                setup.Use(ReadLine(running));
            // Planning comes before the robot: a stand-in that waits is in nobody's interest.
            (PolicyBundle bundle, string folder, double seconds) = options.FindPolicy(parse, song, setup, cancellation);
            FlightPassport? expected = await passport.FlyAsync(parse, parse.GetValue(rigs) ?? (setup.Configuration.IsHardware ? RigsForHardware : 0), setup, song, bundle, folder, cancellation);
            if (expected is { Objections: [var objection, ..] } && !parse.GetValue(anyway))
                throw new InputException($"{song.Name}: {objection}; see all with 'legato check', or play with --anyway");
            await setup.StartAsync(cancellation, parse.GetValue(options.Watchdog));
            PlayReport report = await new PlaySession(cli.Paths.Runs, cli.Time, log).RunAsync(
                PlayRequest.For(setup, song, bundle, folder) with { Tempo = parse.GetValue(options.Tempo), PlanningSeconds = seconds, Passport = expected },
                cancellation);
            return new VerbResult(report, report.Print, report.Ended == PlayReport.Completed ? ExitCode.Ok : ExitCode.Failed);
        });
    }

    private static string ReadLine(string file)
    {
        try
        {
            return File.ReadLines(file).FirstOrDefault("");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"--standin {file}: cannot be read ({e.Message})", e);
        }
    }
}
