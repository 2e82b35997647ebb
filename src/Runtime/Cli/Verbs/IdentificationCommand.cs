using System.CommandLine;
using System.Globalization;

using Legato.Music;
using Legato.Runtime.Cli.Verbs.Calibration;
using Legato.Runtime.Improvement;
using Legato.SystemId.Calibration;

namespace Legato.Runtime.Cli.Verbs;

/// <summary><c>legato bench identification</c>: calibrates simulated rigs whose truth is known.</summary>
internal static class IdentificationCommand
{
    private const int MostRigs = 1000;

    /// <summary>Describes the command.</summary>
    /// <param name="cli">The command line.</param>
    /// <param name="defaultSongs">Songs to play if none is named.</param>
    public static Command Create(CliHost cli, IReadOnlyList<string> defaultSongs)
    {
        var songs = new Argument<string[]>("songs") { Description = $"Names or .mid files ({string.Join(", ", defaultSongs)} by default)", Arity = ArgumentArity.ZeroOrMore };
        var options = new RobotOptions(cli, "sim.yaml");
        var rigs = new Option<int>("--rigs") { Description = "Number of rigs", DefaultValueFactory = _ => 50 };
        var severity = new Option<double>("--severity") { Description = "How far from the simulator, 0 to 1", DefaultValueFactory = _ => 0.5 };
        var excitation = new Option<string?>("--excitation") { Description = "Motions for identification, made by 'calibrate plan' (planned once by default)", HelpName = "folder" };
        var output = new Option<string>("--out") { Description = "Folder of the trials; what is done there is not done again", HelpName = "folder", Required = true };
        var command = new Command("identification", "Calibrate simulated rigs whose truth is known: errors, and how often intervals hold the truth")
        {
            songs, options.Seconds, options.Seed, rigs, severity, excitation, output,
        };
        return cli.Handle(command, async (parse, cancellation) =>
        {
            int count = OptionRange.Of("--rigs", parse.GetValue(rigs), 1, MostRigs), seed = parse.GetValue(options.Seed);
            double hard = parse.GetValue(severity);
            OptionRange.RequireDrawable(seed, hard);
            SongLibrary library = SongLibrary.Open(cli.Paths.Songs);
            string[] named = parse.GetValue(songs) ?? [];
            string folder = Path.GetFullPath(parse.GetRequiredValue(output)), robot = Path.Combine(cli.Paths.Config, "robots", "sim.yaml");
            string? motions = parse.GetValue(excitation) is { } path ? Path.GetFullPath(path) : null;
            using Serilog.Core.Logger log = cli.CreateLogger(parse);
            var lines = new Lines(cli.Error);
            var trials = new IdentificationTrials(
                (reality, runs) => new Workshop(
                    new WorkshopOptions { Robot = robot, Reality = reality, Folder = folder, Runs = runs, Excitation = motions },
                    new PlanLearner(options.Planner(parse).Seconds, seed), library, cli.Time, log, lines),
                folder, new CalibrationOptions(), lines);
            IReadOnlyList<FitAccuracy> accuracy = FitAccuracy.Of(await trials.RunAsync(named.Length > 0 ? named : defaultSongs, Enumerable.Range(seed, count), hard, cancellation));
            return new VerbResult(new { Rigs = count, Severity = hard, Seed = seed, Accuracy = accuracy }, writer => Print(accuracy, writer));
        });
    }

    private static void Print(IReadOnlyList<FitAccuracy> accuracy, TextWriter writer)
    {
        writer.WriteLine("| parameter | unit | fitted | frozen | doubt before | error | relative | intervals that hold the truth |");
        writer.WriteLine("|---|---|---|---|---|---|---|---|");
        foreach (FitAccuracy a in accuracy)
        {
            string relative = a.MedianRelativeError is { } error ? error.ToString("0.0%", CultureInfo.InvariantCulture) : "";
            writer.WriteLine(FormattableString.Invariant($"| `{a.Kind}` | {a.Unit} | {a.Fitted} | {a.Frozen} | {a.MedianDoubt:G3} | {a.MedianError:G3} | {relative} | {a.Coverage:0.00} |"));
        }
    }
}
