using System.CommandLine;

namespace Legato.Runtime.Cli.Verbs;

/// <summary><c>legato calibrate</c>: identification of the rig from recorded runs; every step of it is a command of its own.</summary>
internal sealed class CalibrateVerb : IVerb
{
    /// <inheritdoc/>
    public Command Create(CliHost cli) => new("calibrate", "Identify the rig: plan motions, record them")
    {
        CalibratePlanCommand.Create(cli),
        CalibrateRecordCommand.Create(cli),
    };
}
