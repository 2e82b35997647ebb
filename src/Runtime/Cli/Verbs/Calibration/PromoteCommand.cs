using System.CommandLine;

namespace Legato.Runtime.Cli.Verbs.Calibration;

/// <summary><c>legato calibrate promote</c>: makes validated parameters current for a robot.</summary>
internal static class PromoteCommand
{
    public static Command Create(CliHost cli)
    {
        var options = new LedgerOptions(cli);
        var calibration = new Argument<string>("calibration") { Description = "Name or folder of the calibration" };
        var force = new Option<string?>("--force") { Description = "Promote without evidence, for this reason, which the ledger keeps", HelpName = "reason" };
        var command = new Command("promote", "Make a calibration's parameters current for a robot, if they are better on hold-out motions") { calibration, options.Robot, force };
        return cli.Handle(command, parse =>
        {
            string? reason = parse.GetValue(force);
            if (reason is not null && string.IsNullOrWhiteSpace(reason))
                throw new InputException("--force needs a reason, for those who read the ledger later");
            return options.Describe(options.Store.Promote(options.Store.Find(parse.GetRequiredValue(calibration)), options.RobotOf(parse), reason));
        });
    }
}
