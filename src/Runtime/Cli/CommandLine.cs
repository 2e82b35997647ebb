using System.CommandLine;
using System.CommandLine.Invocation;
using Legato.Runtime.Cli.Verbs;

namespace Legato.Runtime.Cli;

/// <summary>The command line: its verbs, and what all of them have in common.</summary>
internal static class CommandLine
{
    /// <summary>Every verb, in the order of the help.</summary>
    public static IReadOnlyList<IVerb> Verbs { get; } =
    [
        new PlayVerb(), new PlanVerb(), new TrainVerb(), new EvaluateVerb(), new PractiseVerb(), new LoopVerb(), new HilVerb(), new CheckVerb(), new ExplainVerb(), new ReplayVerb(), new RepairVerb(),
        new RenderVerb(), new CalibrateVerb(), new StandInVerb(), new WatchdogVerb(), new RealityVerb(), new SongsVerb(), new ScoreVerb(), new BenchVerb(), new DoctorVerb(),
    ];

    /// <summary>Parses and runs a command line; gives the exit code.</summary>
    /// <param name="args">Arguments after the program's name.</param>
    /// <param name="cli">Streams, paths, clock.</param>
    /// <param name="verbs">The verbs to offer.</param>
    /// <param name="cancellation">Cancelled when the user asks to stop.</param>
    public static async Task<int> RunAsync(IReadOnlyList<string> args, CliHost cli, IReadOnlyList<IVerb> verbs, CancellationToken cancellation)
    {
        RootCommand root = Build(cli, verbs);
        // A bare call is a question about what there is.
        ParseResult parse = root.Parse(args.Count == 0 ? ["--help"] : args);
        if (parse.Action is null or ParseErrorAction)
            return cli.Refuse(Explain(parse, root), args.Contains(cli.Json.Name));
        var configuration = new InvocationConfiguration
        {
            Output = cli.Output,
            Error = cli.Error,
            EnableDefaultExceptionHandler = false,
            // Signals are ours: ending takes as long as lifting the hands.
            ProcessTerminationTimeout = null,
        };
        return await parse.InvokeAsync(configuration, cancellation);
    }

    private static RootCommand Build(CliHost cli, IReadOnlyList<IVerb> verbs)
    {
        const string Description = $"Legato: two Shadow hands play the piano. Runs, policies and calibrations lie in runs/, policies/ and calibrations/, or where {LegatoPaths.RunsVariable}, {LegatoPaths.PoliciesVariable} and {LegatoPaths.CalibrationsVariable} say.";
        var root = new RootCommand(Description) { cli.Json, cli.Verbose, cli.LogFile };
        foreach (IVerb verb in verbs)
            root.Add(verb.Create(cli));
        return root;
    }

    private static string Explain(ParseResult parse, RootCommand root)
    {
        Command command = parse.CommandResult.Command;
        string path = command == root ? "legato" : $"legato {command.Name}";
        if (command.Subcommands.Count > 0 && parse.UnmatchedTokens is [string word, ..] && !word.StartsWith('-'))
        {
            IEnumerable<string> names = command.Subcommands.Select(c => c.Name);
            string? near = Suggestion.For(word, names);
            return $"no verb '{word}'{(near is null ? "" : $"; did you mean '{near}'?")} (verbs: {string.Join(", ", names)})";
        }
        // Some messages of the parser are lists with a line per entry.
        string error = parse.Errors is [{ } first, ..] ? string.Join(' ', first.Message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).TrimEnd('.') : "a verb is missing";
        return $"{error} (see '{path} --help')";
    }
}
