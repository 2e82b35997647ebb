namespace Legato.Runtime.Doctor;

/// <summary>One row of the doctor's table.</summary>
public sealed record CheckRow(string Name, CheckStatus Status, string Value, string? Fix);

/// <summary>Everything the doctor found.</summary>
/// <param name="Ok">True if no check failed; warnings do not count.</param>
/// <param name="Checks">The rows, in the order of the checks.</param>
public sealed record Examination(bool Ok, IReadOnlyList<CheckRow> Checks)
{
    /// <summary>Runs every check. One that throws is a failed row, and the others still run.</summary>
    public static Examination Of(IEnumerable<ICheck> checks)
    {
        CheckRow[] rows = [.. checks.Select(Row)];
        return new Examination(rows.All(r => r.Status != CheckStatus.Failed), rows);
    }

    /// <summary>Prints the rows as a table, each fix below its row.</summary>
    public void Print(TextWriter text)
    {
        int width = Checks.Max(c => c.Name.Length);
        foreach (CheckRow row in Checks)
        {
            string status = row.Status switch { CheckStatus.Ok => "ok  ", CheckStatus.Warning => "warn", _ => "FAIL" };
            text.WriteLine($"{status}  {row.Name.PadRight(width)}  {row.Value}");
            if (row.Fix is not null)
                text.WriteLine($"      {new string(' ', width)}  -> {row.Fix}");
        }
    }

    private static CheckRow Row(ICheck check)
    {
        try
        {
            CheckResult result = check.Run();
            return new CheckRow(check.Name, result.Status, result.Value, result.Fix);
        }
        catch (Exception e)
        {
            return new CheckRow(check.Name, CheckStatus.Failed, $"the check itself failed: {e.Message}", null);
        }
    }
}
