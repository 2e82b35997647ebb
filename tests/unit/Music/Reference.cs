using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Legato.Tests.Music;

/// <summary>Places of test material: the repository, and RoboPianist's own results where they are at hand.</summary>
internal static class Reference
{
    public static string Repository { get; } = FindRepository();

    public static string Songs => Path.Combine(Repository, "songs");

    /// <summary>The elements of a list in a reference file; empty where there is no such file.</summary>
    public static IReadOnlyList<JsonElement> Cases(string file, string list)
    {
        string path = Path.Combine(Repository, "..", "shared", "reference", file);
        if (!File.Exists(path))
            return [];
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(path));
        return [.. document.RootElement.GetProperty(list).EnumerateArray().Select(e => e.Clone())];
    }

    public static string Midi(string name) => Path.Combine(Repository, "..", "shared", "reference", "midi", name);

    private static string FindRepository([CallerFilePath] string here = "")
    {
        string? folder = Path.GetDirectoryName(here);
        while (folder is not null && !File.Exists(Path.Combine(folder, "global.json")))
            folder = Path.GetDirectoryName(folder);
        return folder ?? throw new DirectoryNotFoundException($"no repository above {here}");
    }
}
