using System.CommandLine;
using Legato.Runtime.Doctor;

namespace Legato.Runtime.Cli.Verbs;

/// <summary><c>legato doctor</c>: checks the machine and the devices.</summary>
internal sealed class DoctorVerb : IVerb
{
    /// <inheritdoc/>
    public Command Create(CliHost cli) => cli.Handle(
        new Command("doctor", "Check this machine and its devices; says how to fix what is wrong"),
        _ =>
        {
            Examination found = Examination.Of(Probes.Checks(cli.Paths.Runs));
            return new VerbResult(found, found.Print, found.Ok ? ExitCode.Ok : ExitCode.BadInput);
        });
}
