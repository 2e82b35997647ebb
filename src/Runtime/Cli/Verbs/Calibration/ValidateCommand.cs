using System.CommandLine;

using Legato.Runtime.Calibration;
using Legato.Sim.Parameters;

namespace Legato.Runtime.Cli.Verbs.Calibration;

/// <summary><c>legato calibrate validate</c>: compares fitted parameters with the old ones on runs that the fit did not see.</summary>
internal static class ValidateCommand
{
    public static Command Create(CliHost cli)
    {
        var calibration = new Argument<string>("calibration") { Description = "Name or folder of a calibration that was fitted" };
        var runs = new Argument<string[]>("runs") { Description = "Folders of hold-out runs", Arity = ArgumentArity.OneOrMore };
        var prior = new Option<string?>("--params") { Description = "YAML of what was believed before (nominal by default)", HelpName = "file" };
        var command = new Command("validate", "Compare fitted parameters with the old ones on runs that the fit did not see") { calibration, runs, prior };
        return cli.Handle(command, async (parse, cancellation) =>
        {
            string folder = Folders.Existing(cli, parse.GetRequiredValue(calibration));
            SimParameters baseline = parse.GetValue(prior) is { } file ? SimParameters.Load(file) : SimParameters.Nominal;
            RunImport[] held = [.. parse.GetRequiredValue(runs).Select(RunImport.Load)];
            ValidationEvidence evidence = await Task.Run(() => new ValidateSession(cli.Time).Run(folder, baseline, held), cancellation);
            HoldOut error = evidence.HoldOut;
            return new VerbResult(
                new { Calibration = folder, error.Before, error.After, error.GainLow, error.GainHigh, error.Motions, error.IsBetter },
                writer => writer.WriteLine(FormattableString.Invariant($"error on {error.Motions} held-out stretches: {error.Before:0.00} -> {error.After:0.00} of the encoders' noise, gain {error.GainLow:0.00} .. {error.GainHigh:0.00}: {(error.IsBetter ? "better beyond chance" : "no better")}")));
        });
    }
}
