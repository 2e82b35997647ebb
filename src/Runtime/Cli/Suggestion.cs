namespace Legato.Runtime.Cli;

/// <summary>Guesses what was meant.</summary>
internal static class Suggestion
{
    /// <summary>The known word nearest to a mistyped one, or null when none is near.</summary>
    public static string? For(string word, IEnumerable<string> known)
    {
        (string Word, int Distance) best = known
            .Select(k => (k, k.StartsWith(word, StringComparison.Ordinal) ? 1 : Distance(word, k)))
            .DefaultIfEmpty(("", int.MaxValue))
            .MinBy(c => c.Item2);
        return best.Distance <= Math.Max(1, word.Length / 2) ? best.Word : null;
    }

    /// <summary>Levenshtein's distance: insertions, deletions and replacements from one word to the other.</summary>
    public static int Distance(string a, string b)
    {
        int[] row = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, 1 + Math.Min(row[j], row[j - 1]));
            }
        }
        return row[b.Length];
    }
}
