using System.Globalization;
using System.Text.Json.Nodes;

using Legato.RobotDriver;
using Legato.Runtime.Experiments;
using Legato.Runtime.Recording;
using Legato.Sim.Scene;
using Legato.SystemId.Checks;

namespace Legato.Runtime.Calibration;

/// <summary>A key going down or coming up, in the time of the recording.</summary>
/// <param name="Time">When the reader saw it, s.</param>
/// <param name="Key">0..87.</param>
/// <param name="IsDown">True for down.</param>
/// <param name="Velocity">MIDI velocity 0..127.</param>
public readonly record struct ImportedKey(double Time, int Key, bool IsDown, int Velocity);

/// <summary>A recorded run as data for identification.</summary>
/// <param name="Folder">Full path of the run's folder.</param>
/// <param name="Hash">SHA-256 of its recording.</param>
/// <param name="Scene">The scene it was recorded with, parameters aside.</param>
/// <param name="Recording">Commands and joints. Times are seconds since the first cycle, in the robot's monotonic time.</param>
/// <param name="Keys">Key events in the same time, in order.</param>
/// <param name="LostMessages">How many messages its summary says were lost; null where the recording was cut or the run killed, so that nobody knows.</param>
public sealed record RunImport(string Folder, string Hash, SceneOptions Scene, RawRecording Recording, IReadOnlyList<ImportedKey> Keys, long? LostMessages)
{
    private const double PerSecond = 1e-9;

    /// <summary>Reads the folder of a run.</summary>
    /// <param name="path">The folder.</param>
    /// <exception cref="InputException">It is no run, is being recorded, or its recording cannot be read.</exception>
    public static RunImport Load(string path)
    {
        RunFolder folder = RunFolder.Open(path);
        RecordedRun run = RecordedRun.Read(folder);
        string name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)));
        return new RunImport(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)), Provenance.HashOf(folder.RecordingPath), RunScene.OptionsOf(folder), RecordingOf(name, folder, run), KeysOf(run),
            run.Loss is null && folder.State != RunFolderState.Running ? LostIn(folder).Sum(stream => stream.Count) : null);
    }

    private static RawRecording RecordingOf(string name, RunFolder folder, RecordedRun run)
    {
        long origin = run.Cycles[0].Woke;
        double Seconds(long stamp) => (stamp - origin) * PerSecond;
        RecordedCycle[] seen = [.. run.Cycles.Where(c => c.Measured is not null)];
        return new RawRecording
        {
            Name = name,
            Actuators = run.Actuators,
            CommandTimes = [.. run.Cycles.Select(c => Seconds(c.Woke))],
            Targets = [.. run.Cycles.Select(c => c.Sent)],
            Lateness = [.. run.Cycles.Select(c => (c.Woke - c.Deadline) * PerSecond)],
            Joints = run.Joints,
            MeasuredTimes = [.. seen.Select(c => Seconds(c.MeasuredStamp))],
            ReadTimes = [.. seen.Select(c => Seconds(c.Woke))],
            Measured = [.. seen.Select(c => c.Measured!)],
            Losses = [.. LossesOf(folder, run)],
            Grade = (string?)folder.Summary["quality"],
            GradeReason = (string?)folder.Summary["quality_reason"],
        };
    }

    private static IReadOnlyList<ImportedKey> KeysOf(RecordedRun run)
    {
        long origin = run.Cycles[0].Woke;
        return [.. run.Keys.OrderBy(k => k.Stamp).Select(k => new ImportedKey((k.Stamp - origin) * PerSecond, k.Key, k.Down, k.Velocity))];
    }

    private static IEnumerable<string> LossesOf(RunFolder folder, RecordedRun run)
    {
        if (run.Loss is { } loss)
            yield return loss;
        if (folder.State == RunFolderState.Running)
            yield return "the run was killed: its summary says that it is running";
        foreach ((string stream, long count) in LostIn(folder).Where(stream => stream.Count > 0))
            yield return string.Create(CultureInfo.InvariantCulture, $"{count} messages of '{stream}' were lost");
    }

    private static IEnumerable<(string Stream, long Count)> LostIn(RunFolder folder) => folder.Summary["lost"] is JsonObject lost
        ? lost.Select(stream => (stream.Key, stream.Value is JsonValue value && value.TryGetValue(out long count) ? count : 0))
        : [];
}
