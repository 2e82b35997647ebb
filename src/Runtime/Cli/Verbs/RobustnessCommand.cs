using System.CommandLine;

using Legato.Music;
using Legato.Policy.Planning;
using Legato.Runtime.Benchmarks;
using Legato.Runtime.Experiments;
using Legato.Sim.Scene;

namespace Legato.Runtime.Cli.Verbs;

/// <summary><c>legato bench robustness</c>: plans songs and plays the plans on rigs that differ from the simulator.</summary>
internal static class RobustnessCommand
{
    /// <summary>Describes the command.</summary>
    /// <param name="cli">The command line.</param>
    /// <param name="defaultSongs">Songs to plan if none is named.</param>
    public static Command Create(CliHost cli, IReadOnlyList<string> defaultSongs)
    {
        var songs = new Argument<string[]>("songs") { Description = $"Names or .mid files ({string.Join(", ", defaultSongs)} by default)", Arity = ArgumentArity.ZeroOrMore };
        var options = new RobotOptions(cli, "sim.yaml");
        var command = new Command("robustness", "Play plans on rigs that differ from the simulator: F1 for each rig and song")
        {
            songs, options.Robot, options.Parameters, options.Tempo, options.Seconds, options.Robust,
        };
        return cli.Handle(command, async (parse, cancellation) =>
        {
            PlannerOptions planner = options.Planner(parse);
            bool robust = parse.GetValue(options.Robust);
            await using RobotSetup setup = RobotSetup.Load(parse.GetRequiredValue(options.Robot), options.ParametersFile(parse), cli.Time);
            planner = planner with { Limits = setup.PlanningLimits };
            string[] named = parse.GetValue(songs) ?? [];
            SongLibrary library = SongLibrary.Open(cli.Paths.Songs);
            PlayableSong[] loaded = [.. (named.Length > 0 ? named : defaultSongs).Select(song => PlayableSong.Load(library, song, parse.GetValue(options.Tempo)))];
            RobustnessReport report = await Task.Run(() => Measure(cli, setup.Scene, loaded, planner, cancellation), cancellation);
            return new VerbResult(new { report.Songs, robust, report.Rows, report.SongMeans, report.Mean, report.RowByRow, Worst = report.Worst.Perturbation }, report.Write);
        });
    }

    private static RobustnessReport Measure(CliHost cli, PianoScene scene, PlayableSong[] songs, PlannerOptions options, CancellationToken cancellation)
    {
        var plans = new List<TriedPlan>();
        foreach (PlayableSong song in songs)
        {
            SongPlan plan = new SongPlanner(scene, options).Plan(song.Name, song.Trajectory, null, cancellation);
            cli.Error.WriteLine(FormattableString.Invariant($"{song.Name}: F1 {plan.Score.F1:0.000}, {plan.EnvSteps} environment steps, {plan.Seconds:0} s"));
            plans.Add(new TriedPlan(plan, song.Trajectory.ToKeyRoll()));
        }
        return RobustnessReport.Measure(scene, plans, PerturbationTable.Rows, options.Threads, cancellation);
    }
}
