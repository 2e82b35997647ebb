using System.CommandLine;

using Legato.Music;
using Legato.Policy.Bundles;
using Legato.Policy.Planning;
using Legato.Runtime.Benchmarks;
using Legato.Runtime.Experiments;

namespace Legato.Runtime.Cli.Verbs;

/// <summary><c>legato bench watchdog</c>: how soon hands are lifted whose process dies, stops or stalls.</summary>
internal static class WatchdogBenchCommand
{
    private const int MostTrials = 1000;

    /// <summary>Describes the command.</summary>
    /// <param name="cli">The command line.</param>
    /// <param name="song">What is played.</param>
    public static Command Create(CliHost cli, string song)
    {
        string robot = Path.Combine(cli.Paths.Config, "robots", "standin.yaml"), limits = Path.Combine(cli.Paths.Config, "limits", "shadow_e3m5.yaml");
        var trials = new Option<int>("--trials") { Description = "How often a process is killed, stopped, and held up for 2 s", DefaultValueFactory = _ => 10 };
        var seed = new Option<int>("--seed") { Description = "Seed of the moments of failure" };
        var command = new Command("watchdog", "Kill, stop and hold up processes that play on a stand-in, and measure how soon the watchdog lifts the hands") { trials, seed };
        return cli.Handle(command, async (parse, cancellation) =>
        {
            int count = OptionRange.Of("--trials", parse.GetValue(trials), 1, MostTrials);
            await using var setup = RobotSetup.Load(robot, parametersFile: null, cli.Time);
            PlayableSong playable = PlayableSong.Load(SongLibrary.Open(cli.Paths.Songs), song);
            (_, string policy) = NominalPolicy.FindOrPlan(setup.Scene, playable, setup.Parameters.Hash, cli.Paths.Policies, new PlannerOptions(), null, cancellation);
            string folder = Directory.CreateTempSubdirectory("legato-bench-watchdog-").FullName;
            try
            {
                IReadOnlyList<WatchdogTrial> done = await new WatchdogBenchmark(folder, parse.GetValue(seed), cli.Error.WriteLine)
                    .RunAsync(setup.Configuration, limits, song, policy, count, cli.Time, cancellation);
                return new VerbResult(new { Trials = done }, writer => Print(done, writer));
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
        });
    }

    private static void Print(IReadOnlyList<WatchdogTrial> trials, TextWriter writer)
    {
        foreach (IGrouping<ProcessFault, WatchdogTrial> group in trials.GroupBy(t => t.Fault))
        {
            Row(writer, group, "last beat to first command", t => t.SilentMs);
            Row(writer, group, "failure to first command", t => t.FirstCommandMs);
            Row(writer, group, "failure to first motion", t => t.FirstMotionMs);
            Row(writer, group, "failure to raised", t => t.RaisedMs);
            if (group.Key == ProcessFault.Stalled)
                writer.WriteLine($"stalled   ended: {string.Join(", ", group.CountBy(t => t.Ended ?? "without a word").Select(e => FormattableString.Invariant($"{e.Key} {e.Value}")))}");
        }
    }

    private static void Row(TextWriter writer, IGrouping<ProcessFault, WatchdogTrial> group, string what, Func<WatchdogTrial, double?> value)
    {
        double[] sorted = [.. group.Select(value).OfType<double>().Order()];
        string missing = sorted.Length < group.Count() ? FormattableString.Invariant($", {group.Count() - sorted.Length} never") : "";
        string figures = sorted.Length == 0 ? "" : FormattableString.Invariant($"{sorted[sorted.Length / 2],6:0.0} ms median, {sorted[(int)(0.95 * (sorted.Length - 1))],6:0.0} ms p95, {sorted[^1],6:0.0} ms max");
        writer.WriteLine($"{group.Key.ToString().ToLowerInvariant(),-9} {what,-27} {figures} of {sorted.Length}{missing}");
    }
}
