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
        var ladder = new Option<bool>("--ladder") { Description = "Play at 25, 50, 75, 100 % of the tempo, faster only while the hands follow and the guard lets commands pass" };
        var command = new Command("play", "Deploy a song: check, arm, home, play, lift, report")
        {
            options.Song, options.Robot, options.Policy, options.Parameters, options.Tempo, options.Seed, options.Seconds, options.Watchdog, standIn, rigs, passport.Severity, anyway, ladder,
        };
        return cli.Handle(command, async (parse, cancellation) =>
        {
            using Serilog.Core.Logger log = cli.CreateLogger(parse);
            if (!parse.GetValue(ladder))
            {
                (PlayReport report, _) = await PlayAsync(parse.GetValue(options.Tempo), cancellation);
                return new VerbResult(report, report.Print, report.Ended == PlayReport.Completed ? ExitCode.Ok : ExitCode.Failed);
            }
            if (parse.GetRequiredValue(options.Policy) != NominalPolicy.Name)
                throw new InputException("--ladder plans for every tempo; leave --policy out");
            LadderReport climbed = await new SpeedLadder().ClimbAsync(
                async (tempo, stop) => Evidence(await PlayAsync(tempo * parse.GetValue(options.Tempo), stop)), step => cli.Error.WriteLine($"legato: {Line(step)}"), cancellation);
            return new VerbResult(climbed, writer => Print(climbed, writer), climbed.EndedBecause is null ? ExitCode.Ok : ExitCode.Failed);

            async Task<(PlayReport Report, int Drives)> PlayAsync(double tempo, CancellationToken stop)
            {
                PlayableSong song = options.LoadSong(parse, parse.GetRequiredValue(options.Song), tempo);
                await using var setup = RobotSetup.Load(parse.GetRequiredValue(options.Robot), options.ParametersFile(parse), cli.Time, seed: parse.GetValue(options.Seed));
                if (parse.GetValue(standIn) is { } running)
                    setup.Use(ReadLine(running));
                // Planning comes before the robot: a stand-in that waits is in nobody's interest.
                (PolicyBundle bundle, string folder, double seconds) = options.FindPolicy(parse, song, setup, stop);
                FlightPassport? expected = await passport.FlyAsync(parse, parse.GetValue(rigs) ?? (setup.Configuration.IsHardware ? RigsForHardware : 0), setup, song, bundle, folder, stop);
                if (expected is { Objections: [var objection, ..] } && !parse.GetValue(anyway))
                    throw new InputException($"{song.Name}: {objection}; see all with 'legato check', or play with --anyway");
                await setup.StartAsync(stop, parse.GetValue(options.Watchdog));
                PlayReport report = await new PlaySession(cli.Paths.Runs, cli.Time, log).RunAsync(
                    PlayRequest.For(setup, song, bundle, folder) with { Tempo = tempo, PlanningSeconds = seconds, Passport = expected }, stop);
                return (report, setup.Scene.Actuators.Count);
            }
        });
    }

    private static RungEvidence Evidence((PlayReport Report, int Drives) played) => new(
        played.Report.Run, played.Report.F1, played.Report.Ended == PlayReport.Completed, played.Report.Loop.Following,
        (double)played.Report.Guard.Clamped / Math.Max(1, played.Report.Loop.Cycles * played.Drives), played.Report.Quality);

    private static string Line(LadderStep step) => FormattableString.Invariant(
        $"tempo {step.Tempo:0.##}: F1 {step.Evidence.F1:0.000}, behind by {100 * step.Evidence.Following:0} % of what the guard allows, {100 * step.Evidence.Clamped:0.0} % of commands changed, quality {step.Evidence.Quality}")
        + (step.Doubt is { } doubt ? $"; in doubt: {doubt}" : "");

    private static void Print(LadderReport climbed, TextWriter writer)
    {
        foreach (LadderStep step in climbed.Steps)
            writer.WriteLine($"{Line(step)}  {step.Evidence.Run}");
        writer.WriteLine(climbed.Reached is { } tempo ? FormattableString.Invariant($"reached tempo {tempo:0.##}") : "no tempo was reached");
        if (climbed.EndedBecause is { } reason)
            writer.WriteLine($"  {reason}");
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
