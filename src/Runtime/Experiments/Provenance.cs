using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace Legato.Runtime.Experiments;

/// <summary>Where a run comes from: versions, hashes, machine. Part of <c>run.json</c>.</summary>
public static class Provenance
{
    /// <summary>Collects what is known of this program and machine.</summary>
    public static JsonObject OfMachine() => new()
    {
        ["legato"] = typeof(Provenance).Assembly.GetName().Version?.ToString(3),
        ["dotnet"] = RuntimeInformation.FrameworkDescription,
        ["os"] = RuntimeInformation.OSDescription,
        ["architecture"] = RuntimeInformation.ProcessArchitecture.ToString(),
        ["host"] = Environment.MachineName,
        ["cores"] = Environment.ProcessorCount,
        ["governor"] = ReadLine("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor"),
        ["clock_source"] = ReadLine("/sys/devices/system/clocksource/clocksource0/current_clocksource"),
    };

    /// <summary>SHA-256 of a file.</summary>
    public static string HashOf(string path)
    {
        using FileStream stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    /// <summary>SHA-256 of files by name; files of one name in different folders go by their paths.</summary>
    public static JsonObject HashesOf(IEnumerable<string> paths)
    {
        string[] files = [.. paths.Distinct()];
        bool IsAlone(string path) => files.Count(f => Path.GetFileName(f) == Path.GetFileName(path)) == 1;
        return new JsonObject(files.Select(path => KeyValuePair.Create<string, JsonNode?>(IsAlone(path) ? Path.GetFileName(path) : path, HashOf(path))));
    }

    // Absent on virtual machines.
    private static string? ReadLine(string path)
    {
        try
        {
            return File.ReadAllText(path).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
