using System.CommandLine;

namespace Legato.Runtime.Cli;

/// <summary>One verb of the command line. A verb is one file in <c>Verbs/</c> and one entry in <see cref="CommandLine.Verbs"/>.</summary>
internal interface IVerb
{
    /// <summary>Describes the verb, its arguments and options, and what it does.</summary>
    /// <remarks>End with <c>cli.Handle</c>: it brings <c>--json</c>, error lines and exit codes.</remarks>
    Command Create(CliHost cli);
}

/// <summary>What a verb has to say.</summary>
/// <param name="Data">The object that <c>--json</c> prints, its properties in snake_case; null if the verb has printed its own.</param>
/// <param name="Text">Prints the same for people.</param>
/// <param name="Code">See <see cref="ExitCode"/>.</param>
internal sealed record VerbResult(object? Data, Action<TextWriter> Text, int Code = ExitCode.Ok);

/// <summary>Exit codes of every verb.</summary>
internal static class ExitCode
{
    /// <summary>Done.</summary>
    public const int Ok = 0;

    /// <summary>The work failed: a fault on the way, a stop, a bug.</summary>
    public const int Failed = 1;

    /// <summary>Bad input or environment: nothing was attempted.</summary>
    public const int BadInput = 2;
}
