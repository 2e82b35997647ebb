namespace Legato.Runtime.Doctor;

/// <summary>The parts of a machine that are read as files.</summary>
public interface IMachine
{
    /// <summary>Text of a file without its trailing white space, or null where there is none or it may not be read.</summary>
    string? Read(string path);

    /// <summary>Files of a folder that match a pattern, sorted; none where there is no such folder.</summary>
    IReadOnlyList<string> List(string folder, string pattern);
}

/// <summary>This machine.</summary>
public sealed class ThisMachine : IMachine
{
    /// <inheritdoc/>
    public string? Read(string path)
    {
        try
        {
            return File.ReadAllText(path).TrimEnd();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> List(string folder, string pattern) =>
        Directory.Exists(folder) ? [.. Directory.EnumerateFiles(folder, pattern).Order(StringComparer.Ordinal)] : [];
}
