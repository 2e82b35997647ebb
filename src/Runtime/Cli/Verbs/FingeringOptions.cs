using System.CommandLine;
using Legato.Music;
using Legato.Policy.Fingering;
using Legato.Runtime.Experiments;
using Legato.Sim.Scene;

namespace Legato.Runtime.Cli.Verbs;

/// <summary>Fingers from a file, and to a file, in the format of the PIG dataset.</summary>
internal sealed class FingeringOptions
{
    public Option<string?> Read { get; } = new("--fingering") { Description = "Fingers to use, a file of the PIG dataset", HelpName = "file" };

    public Option<string?> Write { get; } = new("--write-fingering") { Description = "Write the plan's fingers to a file, as the PIG dataset does", HelpName = "file" };

    /// <summary>The fingering that the call asks for, or null.</summary>
    /// <exception cref="InputException">The file is not in the format, or not of this song, or there is no folder for the file to write.</exception>
    public LabelledFingering? Labels(ParseResult parse, PlayableSong song, double tempo)
    {
        // Said now, not after minutes of planning.
        if (parse.GetValue(Write) is { } output && !Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(output))))
            throw new InputException($"--write-fingering {output}: no such folder; expected a file in a folder that exists");
        return parse.GetValue(Read) is { } path
            ? LabelledFingering.Match(PigFile.Read(path), KeyPress.Of(song.Trajectory), tempo, path)
            : null;
    }

    /// <summary>Writes the plan's fingers if the call asks for it, at the tempo of the plan.</summary>
    /// <exception cref="InputException">The file cannot be written.</exception>
    public void Save(ParseResult parse, FingeringPlan plan, PianoScene scene)
    {
        if (parse.GetValue(Write) is not { } path)
            return;
        try
        {
            PigFile.Write(path, plan.Presses.Select(p => PigNote.ForPart(
                p.Press.Start * SceneOptions.ControlPeriod, p.Press.End * SceneOptions.ControlPeriod, p.Press.Key, scene.Fingers[p.Finger].Part)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"--write-fingering {path}: cannot be written ({e.Message.TrimEnd('.')}); expected a file that may be written", e);
        }
    }
}
