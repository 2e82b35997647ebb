using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Legato.Runtime.Recording.Mcap;

namespace Legato.Runtime.Recording;

/// <summary>How far a run got, as its <c>run.json</c> says.</summary>
public enum RunFolderState
{
    /// <summary>It has begun. If no process works on it any more, it was killed.</summary>
    Running,

    /// <summary>It ended as planned.</summary>
    Complete,

    /// <summary>It ended early; the summary says why.</summary>
    Failed,
}

/// <summary>The folder of one run: <c>run.json</c>, <c>run.mcap</c>, <c>song.mid</c>, <c>config/</c>.</summary>
/// <remarks>Every file but the recording is replaced in one step, so that a killed run leaves a folder that opens. Not thread-safe.</remarks>
public sealed class RunFolder
{
    /// <summary>Name of the recording in the folder.</summary>
    public const string RecordingFile = "run.mcap";

    private const string SummaryFile = "run.json", CutRecordingFile = "run.cut.mcap", StateKey = "state";

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private RunFolder(string path, RunFolderState state, JsonObject summary)
    {
        FolderPath = path;
        State = state;
        Summary = summary;
    }

    /// <summary>The folder.</summary>
    public string FolderPath { get; }

    /// <summary>The state in <c>run.json</c>.</summary>
    public RunFolderState State { get; private set; }

    /// <summary>The content of <c>run.json</c>.</summary>
    public JsonObject Summary { get; private set; }

    /// <summary>Where the recording belongs.</summary>
    public string RecordingPath => Path.Combine(FolderPath, RecordingFile);

    /// <summary>Where <see cref="Repair"/> keeps the old recording.</summary>
    public string CutRecordingPath => Path.Combine(FolderPath, CutRecordingFile);

    /// <summary>Where the song belongs.</summary>
    public string SongPath => Path.Combine(FolderPath, "song.mid");

    /// <summary>Where copies of configuration files belong.</summary>
    public string ConfigPath => Path.Combine(FolderPath, "config");

    /// <summary>Creates <c>root/UTC-song</c> with a <c>run.json</c> in state running. Runs that begin in the same second get numbers.</summary>
    /// <param name="root">The folder of all runs; created if missing.</param>
    /// <param name="song">The song's name; characters that do not belong into file names become hyphens.</param>
    /// <param name="time">Tells when the run begins.</param>
    /// <param name="provenance">What is known at the start.</param>
    /// <exception cref="InputException">The folder cannot be written.</exception>
    public static RunFolder Create(string root, string song, TimeProvider time, JsonObject provenance)
    {
        string safe = string.Concat(song.Select(letter => char.IsLetterOrDigit(letter) || letter is '-' or '_' or '.' ? letter : '-'));
        string name = string.Create(CultureInfo.InvariantCulture, $"{time.GetUtcNow():yyyyMMdd'T'HHmmss'Z'}-{safe}");
        try
        {
            for (int number = 1; ; number++)
            {
                string path = Path.Combine(root, number == 1 ? name : string.Create(CultureInfo.InvariantCulture, $"{name}-{number}"));
                Directory.CreateDirectory(path);
                if (!TryClaim(Path.Combine(path, SummaryFile))) continue;
                RunFolder run = new(path, RunFolderState.Running, provenance);
                run.WriteSummary(RunFolderState.Running, provenance);
                Directory.CreateDirectory(run.ConfigPath);
                return run;
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{root}: cannot create the folder of a run: {error.Message}", error);
        }
    }

    /// <summary>Opens the folder of a run, finished or not.</summary>
    /// <exception cref="InputException">There is none, or it is no run.</exception>
    public static RunFolder Open(string path)
    {
        if (!Directory.Exists(path)) throw new InputException($"{path}: there is no such folder. Name the folder of a run, as \"play\" prints it.");
        string file = Path.Combine(path, SummaryFile);
        if (!File.Exists(file)) throw new InputException($"{path}: this folder is no run, it has no {SummaryFile}. Name the folder of a run, as \"play\" prints it.");
        try
        {
            JsonObject summary = JsonNode.Parse(File.ReadAllText(file))?.AsObject() ?? throw new InputException($"{file}: a JSON object was expected, not null.");
            foreach (RunFolderState state in Enum.GetValues<RunFolderState>())
                if (summary[StateKey] is JsonValue text && text.TryGetValue(out string? name) && name == Name(state))
                    return new RunFolder(path, state, summary);
            throw new InputException($"{file}: \"{StateKey}\" must be one of {string.Join(", ", Enum.GetValues<RunFolderState>().Select(Name))}.");
        }
        catch (JsonException error)
        {
            throw new InputException($"{file}, line {error.LineNumber + 1}: this is not valid JSON; the run ended before it began, or the file was edited.", error);
        }
        catch (InvalidOperationException error)
        {
            throw new InputException($"{file}: a JSON object was expected.", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{file}: cannot read it: {error.Message}", error);
        }
    }

    /// <summary>Replaces <c>run.json</c>.</summary>
    /// <param name="state">Stands first in the file.</param>
    /// <param name="summary">Everything else; copied.</param>
    /// <exception cref="IOException">The disk refuses; the old file stays.</exception>
    public void WriteSummary(RunFolderState state, JsonObject summary)
    {
        JsonObject document = new() { [StateKey] = Name(state) };
        foreach ((string key, JsonNode? value) in summary)
            if (key != StateKey) document[key] = value?.DeepClone();
        AtomicFile.Write(Path.Combine(FolderPath, SummaryFile), document.ToJsonString(Indented) + "\n");
        (State, Summary) = (state, document);
    }

    /// <summary>Keeps a copy of the song.</summary>
    public void CopySong(string midiFile) => Copy(midiFile, SongPath);

    /// <summary>Keeps a copy of a configuration file under the name of its folder and its own: parameters and realities share names.</summary>
    /// <exception cref="InputException">Another file of that name is there already.</exception>
    public void CopyConfig(string file)
    {
        string target = Path.Combine(ConfigPath, Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath(file))!), Path.GetFileName(file));
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        if (File.Exists(target)) throw new InputException($"{file}: the run has a configuration file of that name already.");
        Copy(file, target);
    }

    /// <summary>Opens the recording, also a cut one; its <see cref="McapReader.Loss"/> says what is missing.</summary>
    /// <exception cref="InputException">There is none, or it is damaged.</exception>
    public McapReader OpenRecording() => McapReader.Open(RecordingPath);

    /// <summary>Replaces a cut or damaged recording by a complete one with all that can be read. The old file is kept at <see cref="CutRecordingPath"/>.</summary>
    /// <returns>What was lost; null if the recording is complete and nothing was done.</returns>
    /// <exception cref="InputException">It is being recorded right now, or it is missing.</exception>
    /// <exception cref="IOException">The disk refuses; the old file stays.</exception>
    public McapLoss? Repair()
    {
        using FileStream cut = OpenAlone();
        using McapReader reader = McapReader.Salvage(cut, RecordingPath);
        if (reader.Loss is not { } loss) return null;
        cut.Position = 0;
        AtomicFile.Write(CutRecordingPath, cut.CopyTo);
        AtomicFile.Write(RecordingPath, stream => McapRecovery.Rewrite(reader, stream));
        return loss;
    }

    private static string Name(RunFolderState state) => state.ToString().ToLowerInvariant();

    // Creating the file succeeds for one only, however many try at once.
    private static bool TryClaim(string file)
    {
        try
        {
            using FileStream claim = new(file, FileMode.CreateNew);
            return true;
        }
        catch (IOException) when (File.Exists(file))
        {
            return false;
        }
    }

    private static void Copy(string from, string to)
    {
        try
        {
            using FileStream source = File.OpenRead(from);
            AtomicFile.Write(to, source.CopyTo);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{from}: cannot copy it to {to}: {error.Message}", error);
        }
    }

    private FileStream OpenAlone()
    {
        try { return new FileStream(RecordingPath, FileMode.Open, FileAccess.Read, FileShare.None); }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{RecordingPath}: cannot repair it: {error.Message} Is it being recorded right now?", error);
        }
    }
}
