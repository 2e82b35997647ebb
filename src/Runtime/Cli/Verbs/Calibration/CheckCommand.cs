using System.CommandLine;
using System.Globalization;

using Legato.Runtime.Calibration;
using Legato.Runtime.Recording;
using Legato.Sim.Parameters;
using Legato.SystemId.Checks;

namespace Legato.Runtime.Cli.Verbs.Calibration;

/// <summary><c>legato calibrate check</c>: says whether runs can be fitted, and what they can tell.</summary>
internal static class CheckCommand
{
    public static Command Create(CliHost cli)
    {
        var runs = new Argument<string[]>("runs") { Description = "Folders of recorded runs", Arity = ArgumentArity.OneOrMore };
        var output = new Option<string?>("--out") { Description = "Name or folder of the calibration (calibrations/<UTC> by default)", HelpName = "name" };
        var parameters = new Option<string[]>("--parameters") { Description = "Parameters that are to be fitted (all groups of drives, delays and lags by default)", HelpName = "names", AllowMultipleArgumentsPerToken = true };
        var prior = new Option<string?>("--params") { Description = "YAML of what is believed so far, or 'current' (nominal by default)", HelpName = "file" };
        var accept = new Option<string[]>("--accept-loss") { Description = "A run whose losses, or grade D or E, are accepted; once per run", HelpName = "run" };
        var command = new Command("check", "Check recorded runs: losses, clocks, wiring of joints, and which parameters they determine")
        {
            runs, output, parameters, prior, accept,
        };
        return cli.Handle(command, async (parse, cancellation) =>
        {
            string[] folders = parse.GetRequiredValue(runs);
            string? file = parse.GetValue(prior) is ParameterStore.CurrentWord ? RobotOptions.Current(cli, RobotOf(folders[0])) : parse.GetValue(prior);
            SimParameters believed = file is null ? SimParameters.Nominal : SimParameters.Load(file);
            string[] names = parse.GetValue(parameters) is { Length: > 0 } chosen ? chosen : [.. DataCheck.DefaultParameters];
            string calibration = FolderOf(cli, parse.GetValue(output));
            CheckFile check = await Task.Run(
                () => new CheckSession(cli.Time, cli.Error.WriteLine).Run([.. folders.Select(RunImport.Load)], parse.GetValue(accept) ?? [], names, believed, calibration), cancellation);
            foreach (Finding finding in check.Findings.Where(f => f.Severity == Severity.Error))
                cli.Error.WriteLine($"legato: {finding.Message}");
            return new VerbResult(
                new { Calibration = calibration, check.Passed, check.PriorHash, check.Runs, check.Findings, check.Outlook },
                writer => Print(check, calibration, writer),
                check.Passed ? ExitCode.Ok : ExitCode.BadInput);
        });
    }

    private static string RobotOf(string run) => (string?)RunFolder.Open(run).Summary["robot"]
        ?? throw new InputException($"{run}: run.json does not name its robot; name a parameter file instead of 'current'");

    // A bare name lies among the calibrations.
    private static string FolderOf(CliHost cli, string? output) => output is null
        ? Path.Combine(cli.Paths.Calibrations, cli.Time.GetUtcNow().ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture))
        : Folders.Of(cli, output);

    private static void Print(CheckFile check, string calibration, TextWriter writer)
    {
        foreach (Finding finding in check.Findings.Where(f => f.Severity != Severity.Error))
            writer.WriteLine($"{finding.Severity.ToString().ToLowerInvariant()}: {finding.Message}");
        if (check.Outlook is { } outlook)
        {
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{"parameter",-28} {"prior",10} {"prior sd",10} {"predicted sd",13}  unit"));
            foreach (ParameterOutlook p in outlook.Parameters)
                writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{p.Name,-28} {p.Prior,10:G4} {p.PriorSd,10:G3} {(p.Frozen is null ? p.PredictedSd.ToString("G3", CultureInfo.InvariantCulture) : "frozen"),13}  {p.Unit}"));
        }
        writer.WriteLine($"{(check.Passed ? "passed" : "refused")}: {check.Runs.Count} runs, {CheckFile.PathIn(calibration)}");
    }
}
