using System.Text.Json.Nodes;

using Legato.RobotDriver.Configuration;
using Legato.Runtime.Experiments;
using Legato.Runtime.Recording;

namespace Legato.Runtime.Hil;

/// <summary>What a run left on the disk.</summary>
/// <param name="Folder">Its folder; null if there is none.</param>
/// <param name="Ended">How it ended, as its <c>run.json</c> says; null if that does not.</param>
/// <param name="Recording">What there is of its recording.</param>
internal sealed record RunEvidence(string? Folder, string? Ended, RecordingState Recording)
{
    /// <summary>How a run ended whose recording failed.</summary>
    public const string RecordingFailed = "recording failed";

    private const double ReplayTolerance = 0.01;

    /// <summary>Looks into a folder of runs that holds one at most.</summary>
    public static RunEvidence Of(string runs)
    {
        string? path = Directory.Exists(runs) ? Directory.EnumerateDirectories(runs).SingleOrDefault() : null;
        if (path is null)
            return new RunEvidence(null, null, RecordingState.None);
        var folder = RunFolder.Open(path);
        RecordingState recording = StateOf(folder);
        string? ended = (string?)folder.Summary["ended"];
        if (ended is null && folder.Summary["error"] is not null && recording != RecordingState.None)
            ended = RecordingFailed;
        return new RunEvidence(path, ended, recording);
    }

    /// <summary>Whether the recording can be re-simulated; bit for bit where a plain simulation made it.</summary>
    public async Task<bool> ReplaysAsync(RobotSetup setup)
    {
        if (Folder is null || Recording != RecordingState.Whole)
            return false;
        bool isPlain = setup.Configuration is { Kind: RobotKind.Sim, SimulatedReality: null };
        ReplayReport replay = await RunReplay.ReplayAsync(RecordedRun.Read(RunFolder.Open(Folder)), setup.Scene, isPlain, ReplayTolerance);
        return !isPlain || replay.Bitwise;
    }

    private static RecordingState StateOf(RunFolder folder)
    {
        try
        {
            var run = RecordedRun.Read(folder);
            // The recorder's own streams have the names of topics.
            bool isLost = folder.Summary["lost"] is JsonObject lost && lost.Any(stream => stream.Key.StartsWith('/') && (long)stream.Value! > 0);
            return run.Loss is null && !isLost ? RecordingState.Whole : RecordingState.Cut;
        }
        catch (InputException)
        {
            return RecordingState.None;
        }
    }
}
