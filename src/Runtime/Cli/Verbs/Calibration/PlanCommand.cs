using System.CommandLine;

using Legato.Policy.Bundles;
using Legato.Runtime.Calibration;
using Legato.Runtime.Experiments;
using Legato.SystemId.Excitation;
using Legato.SystemId.Parameters;

namespace Legato.Runtime.Cli.Verbs.Calibration;

/// <summary><c>legato calibrate plan</c>: chooses motions that make parameters observable.</summary>
internal static class PlanCommand
{
    /// <summary>Describes the command.</summary>
    public static Command Create(CliHost cli)
    {
        var options = new RobotOptions(cli, "sim.yaml");
        var seconds = new Option<double>("--seconds") { Description = "Time for the motions, s", DefaultValueFactory = _ => 180 };
        var names = new Option<string[]>("--parameters") { Description = "Parameters or their sections to learn about (drives, delays, piano and keys by default)", AllowMultipleArgumentsPerToken = true };
        var policies = new Option<string[]>("--policy") { Description = "Policy bundles whose passages may be played, too", HelpName = "folder", AllowMultipleArgumentsPerToken = true };
        var output = new Option<string>("--out") { Description = "Folder to write", HelpName = "folder", Required = true };
        var command = new Command("plan", "Plan safe motions that tell most about the rig's parameters") { options.Robot, options.Parameters, seconds, names, policies, options.Seed, output };
        return cli.Handle(command, async (parse, cancellation) =>
        {
            double budget = parse.GetValue(seconds);
            if (budget is not (>= 5 and <= 3600))
                throw new InputException(FormattableString.Invariant($"--seconds {budget}: must be 5..3600"));
            IReadOnlyList<string> chosen = ExcitationChoice.Of([.. (parse.GetValue(names) ?? []).SelectMany(word => word.Split(',', StringSplitOptions.RemoveEmptyEntries))]);
            PolicyBundle[] songs = [.. (parse.GetValue(policies) ?? []).Select(PolicyBundle.Load)];
            await using var setup = RobotSetup.Load(parse.GetRequiredValue(options.Robot), options.ParametersFile(parse), cli.Time);
            ExcitationLimits limits = ExcitationPlanner.LimitsOf(setup.Limits);
            var passages = new List<ExcitationBlock>();
            foreach (PolicyBundle song in songs)
            {
                if (!song.Commands.Actuators.Equals(setup.Scene.Actuators))
                    throw new InputException($"policy for '{song.Manifest.Song}': its actuators are not those of {setup.Configuration.Name}; plan for this robot with 'legato plan --robot'");
                passages.AddRange(Passages.Cut(song.Manifest.Song, [.. Enumerable.Range(0, song.Commands.Steps).Select(t => song.Commands[t].ToArray())], limits));
            }
            var planner = new ExcitationPlanner(setup.Scene.Options, setup.Parameters, setup.Limits, new Lines(cli.Error));
            ExcitationPlan plan = await Task.Run(() => planner.Plan(ParameterVector.Of(chosen, setup.Parameters), budget, passages, parse.GetValue(options.Seed), cancellation), cancellation);
            string folder = parse.GetRequiredValue(output);
            ExcitationBundle.Of(plan, setup.Scene.Actuators, setup.Parameters.Hash).Save(folder);
            double length = plan.Targets.Count * Sim.Scene.SceneOptions.ControlPeriod;
            var data = new
            {
                Plan = folder,
                Seconds = length,
                Steps = plan.Targets.Count,
                plan.Blocks,
                Parameters = plan.Predicted.Select(p => new { p.Name, p.Unit, PriorCi95 = 2 * p.Prior, Ci95 = 2 * p.Planned, RandomCi95 = 2 * p.Random, Identifiable = p.IsObservable }),
                NotObservable = plan.Predicted.Where(p => !p.IsObservable).Select(p => p.Name),
            };
            return new VerbResult(data, writer => Print(plan, folder, length, writer));
        });
    }

    private static void Print(ExcitationPlan plan, string folder, double length, TextWriter writer)
    {
        writer.WriteLine(FormattableString.Invariant($"{plan.Blocks.Count} motions, {length:0} s; width of 95 % intervals:"));
        writer.WriteLine($"  {"parameter",-24} {"unit",-6} {"before",10} {"planned",10} {"random",10}");
        foreach (PredictedInterval p in plan.Predicted)
            writer.WriteLine(FormattableString.Invariant($"  {p.Name,-24} {p.Unit,-6} {2 * p.Prior,10:G3} {2 * p.Planned,10:G3} {2 * p.Random,10:G3}{(p.IsObservable ? "" : "  not observable")}"));
        foreach (IGrouping<string, PlannedBlock> block in plan.Blocks.GroupBy(b => b.Label, StringComparer.Ordinal).OrderByDescending(g => g.Count()))
            writer.WriteLine($"  {block.Count()} x {block.Key}");
        writer.WriteLine($"  {folder}");
    }
}
