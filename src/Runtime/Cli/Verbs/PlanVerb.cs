using System.CommandLine;

using Legato.Policy.Bundles;
using Legato.Policy.Planning;
using Legato.Runtime.Experiments;

namespace Legato.Runtime.Cli.Verbs;

/// <summary><c>legato plan</c>: plans a song without learning a network.</summary>
internal sealed class PlanVerb : IVerb
{
    /// <inheritdoc/>
    public Command Create(CliHost cli)
    {
        var options = new RobotOptions(cli, "sim.yaml");
        var output = new Option<string?>("--out") { Description = "Folder of the bundle (policies/<song> by default)", HelpName = "folder" };
        var command = new Command("plan", "Plan a song: fingering, inverse kinematics, feedforward, iterative refinement")
        {
            options.Song, options.Robot, options.Parameters, options.Tempo, options.Seconds, options.Robust, output,
        };
        return cli.Handle(command, async (parse, cancellation) =>
        {
            PlayableSong song = options.LoadSong(parse);
            await using RobotSetup setup = RobotSetup.Load(parse.GetRequiredValue(options.Robot), parse.GetValue(options.Parameters), cli.Time);
            SongPlan plan = new SongPlanner(setup.Scene, options.Planner(parse)).Plan(song.Name, song.Trajectory, options.Progress(), cancellation);
            PolicyBundle bundle = PolicyBundle.Of(plan, song.Trajectory, NominalPolicy.Describe(setup.Scene), setup.Parameters.Hash);
            string folder = parse.GetValue(output) ?? Path.Combine(cli.Paths.Policies, song.Name);
            bundle.Save(folder);
            var data = new
            {
                Bundle = folder,
                song = song.Name,
                plan.Score.F1,
                plan.Score.OnsetF1,
                plan.Score.Precision,
                plan.Score.Recall,
                plan.Seconds,
                plan.EnvSteps,
                UnreachableNotes = bundle.Manifest.Unreachable,
                plan.Strategy,
                plan.RobustF1,
            };
            return new VerbResult(data, writer =>
            {
                writer.WriteLine(FormattableString.Invariant($"{song.Name}: F1 {plan.Score.F1:0.000}, onset F1 {plan.Score.OnsetF1:0.000}, {plan.Seconds:0.0} s, {plan.EnvSteps} environment steps, {plan.Strategy}"));
                foreach (UnreachableNote note in bundle.Manifest.Unreachable)
                    writer.WriteLine($"  out of reach: {Music.Keyboard.KeyName(note.Key)} at step {note.Step}");
                writer.WriteLine($"  {folder}");
            });
        });
    }
}
