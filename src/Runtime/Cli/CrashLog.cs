using System.Globalization;

namespace Legato.Runtime.Cli;

/// <summary>Keeps the stack of an error that nobody expected, so that the terminal need not show it.</summary>
internal static class CrashLog
{
    /// <summary>Writes the error to a new file and gives its path; where the folder cannot be written, to the temporary one.</summary>
    public static string Write(string folder, Exception error, string command, TimeProvider time)
    {
        DateTimeOffset now = time.GetUtcNow();
        string name = string.Create(CultureInfo.InvariantCulture, $"crash-{now:yyyyMMdd-HHmmss}-{Environment.ProcessId}.log");
        string text = string.Create(CultureInfo.InvariantCulture,
            $"{now:O}\n{command}\n.NET {Environment.Version}, {Environment.OSVersion}\n\n{error}\n");
        try
        {
            return WriteTo(folder, name, text);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return WriteTo(Path.GetTempPath(), name, text);
        }
    }

    private static string WriteTo(string folder, string name, string text)
    {
        Directory.CreateDirectory(folder);
        string path = Path.Combine(folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}
