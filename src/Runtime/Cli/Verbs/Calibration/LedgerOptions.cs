using System.CommandLine;

using Legato.RobotDriver.Configuration;
using Legato.Runtime.Calibration;

namespace Legato.Runtime.Cli.Verbs.Calibration;

/// <summary>What the commands around the ledger share: the robot, and where its parameters are kept.</summary>
internal sealed class LedgerOptions(CliHost cli)
{
    public Option<string> Robot { get; } = new("--robot")
    {
        Description = "YAML of the robot whose parameters these are",
        HelpName = "file",
        DefaultValueFactory = _ => Path.Combine(cli.Paths.Config, "robots", "standin.yaml"),
    };

    public ParameterStore Store { get; } = new(cli.Paths.Calibrations, cli.Time);

    /// <summary>Name of the robot of the call.</summary>
    public string RobotOf(ParseResult parse) => RobotConfiguration.Load(parse.GetRequiredValue(Robot)).Name;

    /// <summary>The result of a command that made parameters current.</summary>
    public VerbResult Describe(LedgerEntry entry) => new(
        new { entry.Robot, Current = Store.Current(entry.Robot).File, Entry = entry },
        writer => writer.WriteLine(entry.Parameters is null ? $"{entry.Robot}: nominal parameters are current" : $"{entry.Robot}: {entry.Calibration} is current ({Store.Current(entry.Robot).File})"));
}
