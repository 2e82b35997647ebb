using System.CommandLine;

using Legato.Policy.Learning;

namespace Legato.Runtime.Cli;

/// <summary>What every verb runs in: the two streams, the common options, error lines and exit codes.</summary>
/// <remarks>
/// Standard output carries the result and nothing else, with <c>--json</c> exactly one object. Everything else goes to standard error.
/// </remarks>
/// <param name="output">Receives results.</param>
/// <param name="error">Receives logs, progress and error lines.</param>
/// <param name="errorIsTerminal">Whether progress may rewrite its line.</param>
/// <param name="paths">Where things lie.</param>
/// <param name="time">The clock.</param>
internal sealed class CliHost(TextWriter output, TextWriter error, bool errorIsTerminal, LegatoPaths paths, TimeProvider time)
{
    /// <summary>Prints one JSON object instead of text.</summary>
    public Option<bool> Json { get; } = new("--json") { Description = "Print one JSON object on standard output", Recursive = true };

    /// <summary>Logs more.</summary>
    public Option<bool> Verbose { get; } = new("--verbose", "-v") { Description = "Log details to standard error", Recursive = true };

    /// <summary>Logs to a file too.</summary>
    public Option<string?> LogFile { get; } = new("--log-file") { Description = "Log to a file too", HelpName = "file", Recursive = true };

    /// <summary>Receives results. Verbs return theirs and do not write here.</summary>
    public TextWriter Output => output;

    /// <summary>Receives everything else.</summary>
    public TextWriter Error => error;

    /// <summary>Where things lie.</summary>
    public LegatoPaths Paths => paths;

    /// <summary>The clock.</summary>
    public TimeProvider Time => time;

    /// <summary>Tells on standard error what the planner is doing. Dispose it to end its line.</summary>
    /// <param name="budget">Seconds that it may take.</param>
    /// <param name="what">Stands before the line.</param>
    public PlanningLine PlanningLine(double budget, string what = "planning") => new(error, errorIsTerminal, time, what, budget);

    /// <summary>Shows how far the flights of a passport are.</summary>
    /// <param name="rigs">Rigs in all.</param>
    public FlightLine FlightLine(int rigs) => new(error, errorIsTerminal, time, rigs);

    /// <summary>Shows how training goes; dispose it when it is over.</summary>
    public TrainingLine TrainingLine(long steps) => new(error, errorIsTerminal, steps);

    /// <summary>Shows how judging goes; dispose it when it is over.</summary>
    /// <param name="what">Stands before the line.</param>
    public JudgingLine JudgingLine(string what) => new(error, errorIsTerminal, time, what);

    /// <summary>A logger on standard error, as the options of this call want it. Dispose it to flush.</summary>
    public Serilog.Core.Logger CreateLogger(ParseResult parse) => Logs.Create(Error, parse.GetValue(Verbose), parse.GetValue(LogFile));

    /// <summary>Makes a function the action of a command.</summary>
    public Command Handle(Command command, Func<ParseResult, CancellationToken, Task<VerbResult>> run)
    {
        command.SetAction((parse, cancellation) => Execute(parse, run, cancellation));
        return command;
    }

    /// <summary>Makes a function that does not wait for anything the action of a command.</summary>
    public Command Handle(Command command, Func<ParseResult, VerbResult> run) =>
        Handle(command, (parse, _) => Task.FromResult(run(parse)));

    /// <summary>Reports an error the user can do something about and gives the exit code.</summary>
    public int Refuse(string message, bool json, int exitCode = ExitCode.BadInput)
    {
        string line = message.ReplaceLineEndings(" ");
        Error.WriteLine($"legato: {line}");
        if (json)
            Output.WriteLine(JsonText.Of(new { Error = line, ExitCode = exitCode }));
        return exitCode;
    }

    private async Task<int> Execute(ParseResult parse, Func<ParseResult, CancellationToken, Task<VerbResult>> run, CancellationToken cancellation)
    {
        bool json = parse.GetValue(Json);
        try
        {
            VerbResult result = await run(parse, cancellation);
            if (!json)
                result.Text(Output);
            else if (result.Data is not null)
                Output.WriteLine(JsonText.Of(result.Data));
            return result.Code;
        }
        catch (InputException e)
        {
            return Refuse(e.Message, json);
        }
        catch (Exception e) when (e is LearningException or Experiments.RunFailedException)
        {
            return Refuse(e.Message, json, ExitCode.Failed);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return Refuse("stopped", json, ExitCode.Failed);
        }
        catch (Exception e)
        {
            string log = CrashLog.Write(Paths.State, e, parse.ToString(), Time);
            return Refuse($"unexpected error: {e.Message} (details: {log})", json, ExitCode.Failed);
        }
    }
}
