using System.CommandLine;
using Legato.Policy.Bundles;
using Legato.Runtime.Experiments;
using Legato.Runtime.Passport;

namespace Legato.Runtime.Cli.Verbs;

/// <summary><c>legato check</c>: plays a song in the simulator, on rigs as likely as the real one, and says what to expect of it.</summary>
internal sealed class CheckVerb : IVerb
{
    /// <inheritdoc/>
    public Command Create(CliHost cli)
    {
        var options = new RobotOptions(cli, "standin.yaml");
        var passport = new PassportOptions(cli, options);
        var rigs = new Option<int>("--rigs") { Description = "Simulated rigs to play on, 1 or more", DefaultValueFactory = _ => 20 };
        var command = new Command("check", "Fly a song in the simulator before anything moves: what F1 to expect, and what speaks against it")
        {
            options.Song, options.Robot, options.Policy, options.Parameters, options.Tempo, options.Seed, options.Seconds, rigs, passport.Severity,
        };
        return cli.Handle(command, async (parse, cancellation) =>
        {
            int count = OptionRange.Of("--rigs", parse.GetValue(rigs), 1, 10_000);
            PlayableSong song = options.LoadSong(parse);
            await using var setup = RobotSetup.Load(parse.GetRequiredValue(options.Robot), options.ParametersFile(parse), cli.Time);
            (PolicyBundle bundle, string folder, _) = options.FindPolicy(parse, song, setup, cancellation);
            FlightPassport result = (await passport.FlyAsync(parse, count, setup, song, bundle, folder, cancellation))!;
            return new VerbResult(result, result.Print, result.Objections.Count == 0 ? ExitCode.Ok : ExitCode.Failed);
        });
    }
}
