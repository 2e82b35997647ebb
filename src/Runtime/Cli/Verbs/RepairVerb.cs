using System.CommandLine;
using Legato.Runtime.Recording;
using Legato.Runtime.Recording.Mcap;

namespace Legato.Runtime.Cli.Verbs;

/// <summary><c>legato repair</c>: makes a cut recording a complete one.</summary>
internal sealed class RepairVerb : IVerb
{
    /// <inheritdoc/>
    public Command Create(CliHost cli)
    {
        var run = new Argument<string>("run") { Description = "Folder of the run" };
        var command = new Command("repair", "Make a run's cut or damaged recording a complete one with all that can be read; the old file is kept") { run };
        return cli.Handle(command, parse =>
        {
            var folder = RunFolder.Open(parse.GetRequiredValue(run));
            McapLoss? loss = Repair(folder);
            string text = loss is null ? "the recording is complete; nothing to do." : $"{loss} All that can be read is a complete recording now; the old file is {folder.CutRecordingPath}";
            return new VerbResult(new { Run = folder.FolderPath, Repaired = loss is not null, Loss = loss }, writer => writer.WriteLine($"{folder.RecordingPath}: {text}"));
        });
    }

    private static McapLoss? Repair(RunFolder folder)
    {
        try
        {
            return folder.Repair();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{folder.RecordingPath}: cannot be replaced: {e.Message}; it is as it was. Make room or give the right to write, and repair it again", e);
        }
    }
}
