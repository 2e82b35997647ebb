using System.CommandLine;

using Legato.Runtime.Cli.Verbs.Calibration;

namespace Legato.Runtime.Cli.Verbs;

/// <summary><c>legato calibrate</c>: from recorded runs to the simulator's parameters. One class per sub-command.</summary>
internal sealed class CalibrateVerb : IVerb
{
    /// <inheritdoc/>
    public Command Create(CliHost cli) => new("calibrate", "Identify the simulator's parameters from recorded runs")
    {
        PlanCommand.Create(cli),
        RecordCommand.Create(cli),
        CheckCommand.Create(cli),
        FitCommand.Create(cli),
        ValidateCommand.Create(cli),
        PromoteCommand.Create(cli),
        RollbackCommand.Create(cli),
        StatusCommand.Create(cli),
    };
}
