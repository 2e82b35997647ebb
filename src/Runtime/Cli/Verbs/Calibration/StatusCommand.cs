using System.CommandLine;
using System.Globalization;

using Legato.Runtime.Calibration;

namespace Legato.Runtime.Cli.Verbs.Calibration;

/// <summary><c>legato calibrate status</c>: which parameters are current for which robot, and why.</summary>
internal static class StatusCommand
{
    public static Command Create(CliHost cli)
    {
        var options = new LedgerOptions(cli);
        var command = new Command("status", "Say which parameters are current for which robot, and why");
        return cli.Handle(command, _ =>
        {
            IReadOnlyList<LedgerEntry> entries = options.Store.Ledger.Read();
            CurrentParameters[] robots = [.. entries.Select(e => e.Robot).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(options.Store.Current)];
            return new VerbResult(new { options.Store.Ledger.Path, Entries = entries.Count, Robots = robots }, writer => Print(entries.Count, robots, writer));
        });
    }

    private static void Print(int entries, CurrentParameters[] robots, TextWriter writer)
    {
        if (robots.Length == 0)
            writer.WriteLine("no parameters are promoted: every robot has nominal ones");
        foreach (CurrentParameters current in robots)
        {
            if (current.Entry is not { } entry)
            {
                writer.WriteLine($"{current.Robot}: nominal");
                continue;
            }
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{current.Robot}: {entry.Calibration} since {entry.Time:yyyy-MM-dd HH:mm:ss}Z"));
            if (entry.HoldOut is { } errors)
                writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  hold-out error {errors.Before:G4} before, {errors.After:G4} after, gain {errors.GainLow:G3}..{errors.GainHigh:G3} over {errors.Motions} motions"));
            if (entry.Reason is { } reason)
                writer.WriteLine($"  forced: {reason}");
            writer.WriteLine($"  {current.File}");
        }
        writer.WriteLine($"{entries} entries in the ledger, its chain is whole");
    }
}
