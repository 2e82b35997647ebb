using System.CommandLine;
using Legato.Runtime.Explain;
using Legato.Runtime.Recording;

namespace Legato.Runtime.Cli.Verbs;

/// <summary><c>legato explain</c>: why notes of a run were missed.</summary>
internal sealed class ExplainVerb : IVerb
{
    /// <inheritdoc/>
    public Command Create(CliHost cli)
    {
        var run = new Argument<string>("run") { Description = "Folder of the run" };
        var note = new Option<int?>("--note") { Description = "Only this note, numbered as in the whole explanation" };
        var parameters = new Option<string?>("--params") { Description = "YAML of the simulator's parameters (those of the run by default)", HelpName = "file" };
        var command = new Command("explain", "Say why notes of a run were missed: policy, guard, latency, joints, keys or keyboard") { run, note, parameters };
        return cli.Handle(command, async (parse, _) =>
        {
            var folder = RunFolder.Open(parse.GetRequiredValue(run));
            Explanation explanation = await ExplainSession.ExplainAsync(folder, parse.GetValue(parameters));
            if (parse.GetValue(note) is { } wanted && explanation.Missed.All(m => m.Note != wanted))
                throw new InputException(wanted < 1 || wanted > explanation.Notes
                    ? $"--note {wanted}: the song has notes 1..{explanation.Notes}"
                    : $"--note {wanted}: was heard in time; nothing to explain");
            return new VerbResult(explanation, writer => explanation.Print(writer, parse.GetValue(note)));
        });
    }
}
