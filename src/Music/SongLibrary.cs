using System.Text.Json.Serialization;

namespace Legato.Music;

/// <summary>What a song is like, measured on its notes.</summary>
/// <param name="Name">File name without extension.</param>
/// <param name="Title">The title in the file.</param>
/// <param name="Notes">How many notes there are.</param>
/// <param name="Seconds">From the first note's start to the last one's end, with silence trimmed.</param>
/// <param name="Steps">Control steps of 50 ms, as in <see cref="NoteTrajectory"/>.</param>
/// <param name="LowestKey">0..87.</param>
/// <param name="HighestKey">0..87.</param>
/// <param name="NotesPerSecond">Notes over seconds.</param>
/// <param name="MaxPolyphony">Most keys down at one time.</param>
/// <param name="Hands">1 or 2: how many differently named tracks have notes.</param>
/// <param name="Source">Where the music comes from, as written in the file.</param>
public sealed record SongInfo(
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("title")] string Title,
    [property: JsonPropertyName("notes")] int Notes,
    [property: JsonPropertyName("seconds")] double Seconds,
    [property: JsonPropertyName("steps")] int Steps,
    [property: JsonPropertyName("lowest_key")] int LowestKey,
    [property: JsonPropertyName("highest_key")] int HighestKey,
    [property: JsonPropertyName("notes_per_second")] double NotesPerSecond,
    [property: JsonPropertyName("max_polyphony")] int MaxPolyphony,
    [property: JsonPropertyName("hands")] int Hands,
    [property: JsonPropertyName("source")] string Source);

/// <summary>The songs of a folder. Reads the folder anew at each call; thread-safe.</summary>
public sealed class SongLibrary
{
    private const string Extension = ".mid";
    private const int MaxSuggestions = 3;

    private SongLibrary(string directory) => Directory = directory;

    /// <summary>The folder.</summary>
    public string Directory { get; }

    /// <summary>Opens a folder of MIDI files.</summary>
    /// <exception cref="InputException">There is no such folder.</exception>
    public static SongLibrary Open(string directory) => System.IO.Directory.Exists(directory)
        ? new SongLibrary(directory)
        : throw new InputException($"{directory}: no such folder; expected the folder with the songs");

    /// <summary>Names of the songs, sorted.</summary>
    public IReadOnlyList<string> Names => [.. System.IO.Directory.EnumerateFiles(Directory, "*" + Extension)
        .Select(f => Path.GetFileNameWithoutExtension(f)).Order(StringComparer.Ordinal)];

    /// <summary>All songs with their figures, sorted by name.</summary>
    /// <exception cref="InputException">A file cannot be read.</exception>
    public IReadOnlyList<SongInfo> List() => [.. Names.Select(n => Describe(Path.Combine(Directory, n + Extension)))];

    /// <summary>The path of a song.</summary>
    /// <param name="song">A name in the folder, or a path to a MIDI file.</param>
    /// <exception cref="InputException">There is no such song; the message lists names that are close.</exception>
    public string Resolve(string song)
    {
        string named = Path.Combine(Directory, song + Extension);
        if (File.Exists(named))
            return named;
        if (File.Exists(song))
            return song;
        if (Path.GetFileName(song) != song || Path.HasExtension(song))
            throw new InputException($"{song}: no such file; expected a MIDI file or the name of a song in {Directory}");
        string[] close = [.. Names.Select(n => (Name: n, Distance: EditDistance(n, song)))
            .Where(c => c.Distance <= Math.Max(2, song.Length / 2) || c.Name.Contains(song, StringComparison.OrdinalIgnoreCase))
            .OrderBy(c => c.Distance).Take(MaxSuggestions).Select(c => c.Name)];
        throw new InputException($"no song '{song}' in {Directory}; "
            + (close.Length > 0 ? $"did you mean {string.Join(", ", close)}?" : $"there are {string.Join(", ", Names)}"));
    }

    /// <summary>Reads a song.</summary>
    /// <param name="song">A name in the folder, or a path to a MIDI file.</param>
    /// <param name="options">What to do with it while it is loaded; null trims silence and nothing else.</param>
    /// <exception cref="InputException">There is no such song, or it cannot be read.</exception>
    public Score Load(string song, ScoreOptions? options = null) => Score.Load(Resolve(song), options);

    /// <summary>Measures a MIDI file.</summary>
    /// <exception cref="InputException">The file cannot be read.</exception>
    public static SongInfo Describe(string path)
    {
        Score score = Score.Load(path);
        double seconds = score.TotalTime;
        return new SongInfo(
            score.Name, score.Title, score.Notes.Count, seconds, NoteTrajectory.FromScore(score).Count,
            score.Notes.Min(n => n.Key), score.Notes.Max(n => n.Key), score.Notes.Count / seconds, MaxPolyphony(score),
            Math.Min(2, score.Notes.Select(n => score.Instruments[n.Instrument].Name).Distinct().Count()), Source(path));
    }

    /// <summary>Compiles the transcriptions in <c>src</c> to MIDI files beside it.</summary>
    /// <exception cref="InputException">A transcription has an error, or a file cannot be written.</exception>
    public void Compile()
    {
        foreach (string source in System.IO.Directory.EnumerateFiles(Path.Combine(Directory, "src"), "*.txt").Order(StringComparer.Ordinal))
        {
            string target = Path.Combine(Directory, Path.GetFileNameWithoutExtension(source) + Extension);
            Transcription.Load(source).ToMidiFile().Write(target, overwriteFile: true);
        }
    }

    private static int MaxPolyphony(Score score)
    {
        var down = new int[Keyboard.KeyCount];
        int keys = 0, most = 0;
        foreach (TimedKeyEvent e in score.ToKeyEvents().Where(e => e.Key != TimedKeyEvent.Pedal))
        {
            keys += e.Down ? (down[e.Key]++ == 0 ? 1 : 0) : (--down[e.Key] == 0 ? -1 : 0);
            most = Math.Max(most, keys);
        }
        return most;
    }

    private static string Source(string path) => MidiFile.Read(path).TrackChunks
        .SelectMany(t => t.Events.OfType<TextEvent>())
        .Select(e => e.Text ?? "")
        .FirstOrDefault(t => t.StartsWith(Transcription.SourcePrefix, StringComparison.Ordinal))?[Transcription.SourcePrefix.Length..] ?? "";

    // Levenshtein's distance.
    private static int EditDistance(string a, string b)
    {
        int[] row = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int cost = char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]) ? 0 : 1;
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + cost));
            }
        }
        return row[b.Length];
    }
}
