using System.CommandLine;

using Legato.Runtime.Calibration;
using Legato.Runtime.Cli.Verbs.Calibration;
using Legato.Runtime.Doctor;
using Legato.Runtime.Experiments;

namespace Legato.Runtime.Cli.Verbs;

/// <summary><c>legato doctor</c>: checks the machine and the devices, and with <c>--warm-up</c> whether a robot still is as it was calibrated.</summary>
internal sealed class DoctorVerb : IVerb
{
    /// <inheritdoc/>
    public Command Create(CliHost cli)
    {
        var options = new RobotOptions(cli, "standin.yaml");
        var warmUp = new Option<bool>("--warm-up") { Description = "Also move a robot's joints for half a minute, and say which do not do any more what they did after the calibration" };
        var command = new Command("doctor", "Check this machine and its devices; says how to fix what is wrong") { warmUp, options.Robot, options.Seed };
        return cli.Handle(command, async (parse, cancellation) =>
        {
            Examination found = Examination.Of(Probes.Checks(cli.Paths.Runs));
            if (parse.GetValue(warmUp) && found.Ok)
                found = found with { Checks = [.. found.Checks, .. await WarmUpAsync(cli, options, parse, cancellation)] };
            return new VerbResult(found, found.Print, found.Ok ? ExitCode.Ok : ExitCode.BadInput);
        });
    }

    private static async Task<IReadOnlyList<CheckRow>> WarmUpAsync(CliHost cli, RobotOptions options, ParseResult parse, CancellationToken cancellation)
    {
        using Serilog.Core.Logger log = cli.CreateLogger(parse);
        string robot = parse.GetRequiredValue(options.Robot);
        string? parameters = RobotOptions.Current(cli, RobotDriver.Configuration.RobotConfiguration.Load(robot).Name);
        await using var setup = RobotSetup.Load(robot, parameters, cli.Time, seed: parse.GetValue(options.Seed));
        await setup.StartAsync(cancellation);
        return WarmUpChecks.Of(await new WarmUp(cli.Paths.Calibrations, cli.Paths.Runs, cli.Time, log).RunAsync(setup, new Lines(cli.Error), cancellation));
    }
}
