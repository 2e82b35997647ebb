using System.CommandLine;

using Legato.Music;
using Legato.Runtime.Calibration;
using Legato.Runtime.Cli.Verbs.Calibration;
using Legato.Runtime.Experiments;
using Legato.Runtime.Improvement;

namespace Legato.Runtime.Cli.Verbs;

/// <summary><c>legato loop</c>: plan, perform, refit the simulator, and again, until a round gains nothing.</summary>
internal sealed class LoopVerb : IVerb
{
    private const int MostRounds = 20, MostRepeats = 100, MostLosses = 1000;

    // Of 5 pairs, 2 of 32 arrangements of signs are as extreme as all gains: p = 0.06.
    private const int LeastPairs = 6;

    /// <inheritdoc/>
    public Command Create(CliHost cli)
    {
        var options = new RobotOptions(cli, "standin.yaml");
        var songs = new Argument<string[]>("songs") { Description = "Names in songs/, or paths of .mid files", Arity = ArgumentArity.OneOrMore };
        var reality = new Option<string?>("--reality") { Description = "Reality of a simulated robot or its stand-in, instead of the robot's own", HelpName = "file" };
        var rounds = new Option<int>("--rounds") { Description = "Most rounds of refit and new plans", DefaultValueFactory = _ => 3 };
        var repeats = new Option<int>("--repeats") { Description = "Performances per song and round", DefaultValueFactory = _ => 5 };
        var baselines = new Option<bool>("--baselines") { Description = "Try other ways on the same robot, too: a robust plan, practice, a refit without key events" };
        var ablations = new Option<bool>("--ablations") { Description = "Play the best policies on simulated rigs without one difference from the simulator each: what costs how much" };
        var learner = new Option<string>("--learner") { Description = "Who makes the policies", DefaultValueFactory = _ => PlanLearner.Word };
        learner.AcceptOnlyFromAmong(PlanLearner.Word, TrainOptions.Ppo, TrainOptions.Droq);
        var learning = new LearningOptions();
        var excitation = new Option<string?>("--excitation") { Description = "Motions for identification, made by 'calibrate plan' (planned once per loop by default)", HelpName = "folder" };
        var losses = new Option<int>("--accept-losses") { Description = "Fit recordings that miss at most so many messages", HelpName = "messages" };
        var output = new Option<string?>("--out") { Description = "Folder of the loop (loops/<robot>-<songs> by default); what lies there goes on", HelpName = "folder" };
        var command = new Command("loop", "Plan, perform, refit the simulator to the recordings, and again, until a round gains nothing")
        {
            songs, options.Robot, reality, rounds, repeats, options.Seconds, options.Seed, baselines, ablations, learner, learning.Steps, learning.Rigs, learning.Severity, excitation, losses, output,
        };
        return cli.Handle(command, async (parse, cancellation) =>
        {
            var request = new LoopRequest(
                Path.GetFullPath(parse.GetRequiredValue(options.Robot)), parse.GetRequiredValue(songs),
                OptionRange.Of("--rounds", parse.GetValue(rounds), 0, MostRounds), OptionRange.Of("--repeats", parse.GetValue(repeats), 1, MostRepeats), options.Planner(parse).Seconds,
                parse.GetValue(options.Seed), parse.GetValue(baselines), FullPath(parse.GetValue(reality)), parse.GetRequiredValue(learner), FullPath(parse.GetValue(excitation)), parse.GetValue(ablations),
                learning.Budget(parse, parse.GetRequiredValue(learner)));
            SongLibrary library = SongLibrary.Open(cli.Paths.Songs);
            string[] names = Names(library, request.Songs);
            string robot = await CheckAsync(cli, request);
            string folder = FullPath(parse.GetValue(output)) ?? Path.Combine(cli.Paths.Loops, $"{robot}-{string.Join('-', names)}");

            using Serilog.Core.Logger log = cli.CreateLogger(parse);
            var lines = new Lines(cli.Error);
            if (request.Rounds > 1 && names.Length * request.Repeats < LeastPairs)
                lines.Report($"fewer than {LeastPairs} performances a round: no gain can be told from chance, so that the second round is the last; give more songs or --repeats");
            var workshop = new Workshop(
                new WorkshopOptions { Robot = request.Robot, Reality = request.Reality, Folder = folder, Runs = cli.Paths.Runs, Excitation = request.Excitation, AcceptedLosses = OptionRange.Of("--accept-losses", parse.GetValue(losses), 0, MostLosses) },
                Learner(cli, request, lines), library, cli.Time, log, lines);
            LoopState state;
            try
            {
                state = await new ImprovementLoop(workshop, folder, lines.Report).RunAsync(request, cancellation);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                lines.Report($"{folder}: the same call goes on from here");
                throw;
            }
            LoopReport report = LoopReport.Of(state);
            LoopReportPage.Save(report, folder);
            return new VerbResult(LoopReportJson.Of(report, folder), writer => Print(report, folder, writer));
        });
    }

    private static ILearner Learner(CliHost cli, LoopRequest request, IProgress<string> tell)
    {
        var planner = new PlanLearner(request.Seconds, request.Seed);
        return request.Learning is { } budget ? new PolicyLearner(planner, LearningOptions.Options(cli, request.Learner, budget, request.Seed), cli.Time, tell) : planner;
    }

    private static void Print(LoopReport report, string folder, TextWriter writer)
    {
        foreach (ArmFigures arm in report.Arms)
        {
            string predicted = arm.PredictedF1 is { } f1 ? FormattableString.Invariant($", {f1:0.000} in its simulator") : "";
            writer.WriteLine(FormattableString.Invariant($"{arm.Name}: F1 {arm.F1.Mean:0.000} ({arm.F1.Low:0.000} .. {arm.F1.High:0.000}, n = {arm.F1.Count}) on the robot{predicted}"));
        }
        writer.WriteLine($"learner: {report.State.Request.Learner}; best: {LoopReport.NameOf(report.Best)}; ended: {report.State.Ended}");
        foreach (Shortfall s in report.Shortfalls)
            writer.WriteLine(FormattableString.Invariant($"{s.Song}: falls short of the simulator by {s.PredictedF1 - s.F1:0.000}"));
        foreach (AblationFigures a in report.Ablations)
            writer.WriteLine(FormattableString.Invariant($"without {a.Without}: {a.Gain.Mean:+0.000;-0.000;0.000} ({a.Gain.Low:+0.000;-0.000;0.000} .. {a.Gain.High:+0.000;-0.000;0.000})"));
        writer.WriteLine($"  {Path.Combine(folder, LoopReportPage.HtmlFile)}");
    }

    // Mistakes are to be found before minutes of planning, not after.
    private static async Task<string> CheckAsync(CliHost cli, LoopRequest request)
    {
        await using var setup = RobotSetup.Load(request.Robot, parametersFile: null, cli.Time, request.Reality);
        if (request.Excitation is { } folder)
        {
            ExcitationBundle bundle = ExcitationBundle.Load(folder);
            bundle.RequireFits(setup.Scene.Actuators);
            double seconds = bundle.Targets.Count * Sim.Scene.SceneOptions.ControlPeriod;
            if (seconds > LoopMotions.LongestSeconds)
                throw new InputException(FormattableString.Invariant($"{folder}: takes {seconds:0} s in every round, at most {LoopMotions.LongestSeconds:0} s are allowed; plan shorter motions with 'calibrate plan --seconds'"));
        }
        return setup.Configuration.Name;
    }

    private static string[] Names(SongLibrary library, IReadOnlyList<string> songs)
    {
        string[] names = [.. songs.Select(song => PlayableSong.Load(library, song).Name)];
        return names.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(g => g.Skip(1).Any()) is { } twice
            ? throw new InputException($"{twice.Key}: stands twice among the songs; name each once")
            : names;
    }

    private static string? FullPath(string? path) => path is null ? null : Path.GetFullPath(path);
}
