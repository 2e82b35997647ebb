using System.CommandLine;

namespace Legato.Runtime.Cli.Verbs.Calibration;

/// <summary><c>legato calibrate rollback</c>: takes the last promotion back.</summary>
internal static class RollbackCommand
{
    public static Command Create(CliHost cli)
    {
        var options = new LedgerOptions(cli);
        var reason = new Option<string?>("--reason") { Description = "Why; the ledger keeps it", HelpName = "text" };
        var command = new Command("rollback", "Go back to the parameters that were current before the last promotion") { options.Robot, reason };
        return cli.Handle(command, parse => options.Describe(options.Store.RollBack(options.RobotOf(parse), parse.GetValue(reason))));
    }
}
