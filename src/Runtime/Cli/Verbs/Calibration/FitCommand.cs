using System.CommandLine;

using Legato.Runtime.Calibration;
using Legato.Sim.Parameters;
using Legato.SystemId.Calibration;

namespace Legato.Runtime.Cli.Verbs.Calibration;

/// <summary><c>legato calibrate fit</c>: fits the simulator to checked runs.</summary>
internal static class FitCommand
{
    public static Command Create(CliHost cli)
    {
        var calibration = new Argument<string>("calibration") { Description = "Name or folder of a calibration whose runs were checked" };
        var prior = new Option<string?>("--params") { Description = "YAML to begin with, the same as in the check (nominal by default)", HelpName = "file" };
        var noKeys = new Option<bool>("--no-key-events") { Description = "Leave out what was heard" };
        var command = new Command("fit", "Fit the simulator to checked runs: delays, drives, then keys and the piano's place") { calibration, prior, noKeys };
        return cli.Handle(command, async (parse, cancellation) =>
        {
            string folder = Folders.Existing(cli, parse.GetRequiredValue(calibration));
            SimParameters start = parse.GetValue(prior) is { } file ? SimParameters.Load(file) : SimParameters.Nominal;
            var options = new CalibrationOptions { KeyEvents = !parse.GetValue(noKeys) };
            CalibrationResult result = await Task.Run(() => new FitSession(cli.Time, new Lines(cli.Error)).Run(folder, start, options, cancellation), cancellation);
            foreach (string warning in result.Warnings)
                cli.Error.WriteLine($"legato: {warning}");
            return new VerbResult(
                new { Calibration = folder, Parameters = Path.Combine(folder, ParameterStore.ParametersFile), Report = Path.Combine(folder, FitSession.ReportFile), result.Estimates, result.Drives, result.Keys, result.Entangled, Seconds = result.Duration.TotalSeconds, result.RollOuts },
                writer => Print(result, folder, writer));
        });
    }

    private static void Print(CalibrationResult result, string folder, TextWriter writer)
    {
        writer.WriteLine($"{"parameter",-28} {"before",10} {"estimate",10} {"± 95 %",10}  unit");
        foreach (ParameterEstimate e in result.Estimates.Where(e => e.Frozen is null))
            writer.WriteLine(FormattableString.Invariant($"{e.Name,-28} {e.PriorMean,10:G4} {e.Estimate,10:G4} {e.HalfWidth95,10:G2}  {e.Unit}{(e.AtBound ? "  at the end of its range" : "")}"));
        foreach (IGrouping<string?, ParameterEstimate> frozen in result.Estimates.Where(e => e.Frozen is not null).GroupBy(e => e.Frozen))
            writer.WriteLine($"not fitted ({frozen.Key}): {string.Join(", ", frozen.Select(e => e.Name))}");
        writer.WriteLine($"  {Path.Combine(folder, FitSession.ReportFile)}");
    }
}
