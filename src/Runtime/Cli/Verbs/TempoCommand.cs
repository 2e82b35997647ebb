using System.CommandLine;

using Legato.Music;
using Legato.Runtime.Benchmarks;
using Legato.Runtime.Cli.Verbs.Calibration;
using Legato.Runtime.Experiments;
using Legato.Runtime.Improvement;

namespace Legato.Runtime.Cli.Verbs;

/// <summary><c>legato bench tempo</c>: how fast a robot plays songs well, planned with nominal parameters and with others.</summary>
internal static class TempoCommand
{
    private const int MostRepeats = 100;

    private static readonly double[] DefaultTempos = [0.5, 0.75, 1, 1.25, 1.5, 1.75, 2, 2.5, 3];

    /// <summary>Describes the command.</summary>
    /// <param name="cli">The command line.</param>
    /// <param name="defaultSongs">Songs to play if none is named.</param>
    public static Command Create(CliHost cli, IReadOnlyList<string> defaultSongs)
    {
        var songs = new Argument<string[]>("songs") { Description = $"Names or .mid files ({string.Join(", ", defaultSongs)} by default)", Arity = ArgumentArity.ZeroOrMore };
        var options = new RobotOptions(cli, "standin.yaml");
        var reality = new Option<string?>("--reality") { Description = "Reality of a simulated robot or its stand-in, instead of the robot's own", HelpName = "file" };
        var tempos = new Option<double[]>("--tempos") { Description = $"Tempi to try, as fractions of the written one ({string.Join(' ', DefaultTempos.Select(t => FormattableString.Invariant($"{t}")))} by default)", AllowMultipleArgumentsPerToken = true };
        var output = new Option<string>("--out") { Description = "Folder of the plans; what is planned there is not planned again", HelpName = "folder", Required = true };
        var least = new Option<double>("--least") { Description = "F1 that counts as well played", DefaultValueFactory = _ => 0.9 };
        var repeats = new Option<int>("--repeats") { Description = "Performances of each song and tempo", DefaultValueFactory = _ => 1 };
        var command = new Command("tempo", "Play songs faster and faster, planned with nominal parameters and with --params: the highest tempo at which F1 is high enough")
        {
            songs, options.Robot, reality, options.Parameters, options.Seconds, options.Seed, tempos, least, repeats, output,
        };
        return cli.Handle(command, async (parse, cancellation) =>
        {
            double[] ladder = [.. (parse.GetValue(tempos) is { Length: > 0 } asked ? asked : DefaultTempos).Order()];
            if (ladder.FirstOrDefault(t => t is not (>= 0.1 and <= 10), 1) is var odd and not 1)
                throw new InputException(FormattableString.Invariant($"--tempos {odd}: must be 0.1 to 10"));
            double good = parse.GetValue(least);
            if (good is not (>= 0 and <= 1))
                throw new InputException(FormattableString.Invariant($"--least {good}: must be 0 to 1"));
            int count = OptionRange.Of("--repeats", parse.GetValue(repeats), 1, MostRepeats);
            var workbench = new WorkshopOptions
            {
                Robot = Path.GetFullPath(parse.GetRequiredValue(options.Robot)),
                Reality = parse.GetValue(reality) is { } rig ? Path.GetFullPath(rig) : null,
                Folder = Path.GetFullPath(parse.GetRequiredValue(output)),
                Runs = cli.Paths.Runs,
            };
            int seed = parse.GetValue(options.Seed);
            var learner = new PlanLearner(options.Planner(parse).Seconds, seed);
            SongLibrary library = SongLibrary.Open(cli.Paths.Songs);
            using Serilog.Core.Logger log = cli.CreateLogger(parse);
            var lines = new Lines(cli.Error);
            string[] named = parse.GetValue(songs) ?? [];
            string?[] parameters = options.ParametersFile(parse) is { } file ? [null, file] : [null];
            IReadOnlyList<TempoRow> rows = await new TempoSweep(ladder, good, PlayAsync).RunAsync(named.Length > 0 ? named : defaultSongs, parameters, lines.Report, cancellation);
            return new VerbResult(new { Least = good, Repeats = count, Rows = rows }, writer => TempoSweep.Write(rows, writer));

            async Task<double> PlayAsync(string song, double tempo, string? with, CancellationToken stop)
            {
                var workshop = new Workshop(workbench with { Tempo = tempo }, learner, library, cli.Time, log, lines);
                Trained trained = await workshop.TrainAsync(song, with, robust: false, previous: null, stop);
                double sum = 0;
                for (int repeat = 0; repeat < count; repeat++)
                {
                    PlayReport report = await workshop.PlayAsync(song, trained.Policy, seed + repeat, rig: null, stop);
                    sum += report.Ended == PlayReport.Completed
                        ? report.F1
                        : throw new InputException($"{report.Run}: the performance of {song} ended early ({report.Ended}); see to the robot, then try again");
                }
                return sum / count;
            }
        });
    }
}
