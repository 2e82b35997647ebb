using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Legato.Runtime.Calibration;

/// <summary>The history of parameters: which were fitted, validated, promoted, taken back, and why. One JSON object per line.</summary>
/// <remarks>
/// Lines are only added. Each carries the hash of the one before and of itself, so that a change in the middle shows, as
/// does damage at the end; it is no protection against somebody who computes all hashes anew. A new line is there whole or not at
/// all. Several processes may add lines; one at a time does, the others are told.
/// </remarks>
/// <param name="path">The file; it need not exist yet.</param>
public sealed class Ledger(string path)
{
    private const string HashKey = ",\"hash\":\"";

    private static readonly string Origin = new('0', 64);

    /// <summary>The file.</summary>
    public string Path => path;

    private sealed record Line(int Number, string Previous, LedgerEntry Entry);

    /// <summary>All entries, oldest first, after checking the whole chain.</summary>
    /// <exception cref="InputException">A line is damaged or was edited, or one is missing; the message names it.</exception>
    public IReadOnlyList<LedgerEntry> Read() => Parse(Text()).Entries;

    /// <summary>Adds an entry.</summary>
    /// <param name="decide">Makes it from all entries before; nobody else adds one meanwhile. Whatever it throws leaves the ledger as it is.</param>
    /// <returns>The entry.</returns>
    /// <exception cref="InputException">The ledger is damaged, another process is adding to it, or the disk refuses.</exception>
    public LedgerEntry Append(Func<IReadOnlyList<LedgerEntry>, LedgerEntry> decide)
    {
        using FileStream turn = TakeTurn();
        string text = Text();
        (IReadOnlyList<LedgerEntry> entries, string last) = Parse(text);
        LedgerEntry entry = decide(entries);
        string body = JsonSerializer.Serialize(new Line(entries.Count + 1, last, entry), CalibrationFiles.JsonLine);
        CalibrationFiles.Write(path, $"{text}{body[..^1]}{HashKey}{HashOf(body)}\"}}\n");
        return entry;
    }

    private string Text()
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return "";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path}: cannot be read: {e.Message}", e);
        }
    }

    private (IReadOnlyList<LedgerEntry> Entries, string Last) Parse(string text)
    {
        var entries = new List<LedgerEntry>();
        string last = Origin;
        string[] lines = text.Split('\n');
        for (int i = 0; i < lines.Length - 1; i++)
        {
            (Line line, string hash) = ParseLine(lines[i], i + 1);
            if (line.Previous != last || line.Number != i + 1)
                throw Damaged(i + 1, "does not follow the line before: a line was edited, removed or added");
            entries.Add(line.Entry);
            last = hash;
        }
        return lines[^1].Length == 0 ? (entries, last) : throw Damaged(lines.Length, "has no end: it was cut");
    }

    private (Line Line, string Hash) ParseLine(string text, int number)
    {
        int at = text.LastIndexOf(HashKey, StringComparison.Ordinal);
        if (at < 0 || !text.EndsWith("\"}", StringComparison.Ordinal))
            throw Damaged(number, "has no hash");
        string body = text[..at] + "}", hash = text[(at + HashKey.Length)..^2];
        if (HashOf(body) != hash)
            throw Damaged(number, "is not what was written: its hash is wrong");
        try
        {
            return (JsonSerializer.Deserialize<Line>(body, CalibrationFiles.JsonLine) ?? throw Damaged(number, "is empty"), hash);
        }
        catch (JsonException e)
        {
            throw new InputException($"{path}, line {number}: was written by another version", e);
        }
    }

    private InputException Damaged(int line, string how) => new($"{path}, line {line}: {how}; put the file back from a copy, or move it away to begin anew from nominal parameters");

    // The lock goes with the process, however that ends.
    private FileStream TakeTurn()
    {
        try
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!);
            return new FileStream(path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path}: cannot be changed now ({e.Message.TrimEnd('.')}); if another calibration is being promoted, try again after it", e);
        }
    }

    private static string HashOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
