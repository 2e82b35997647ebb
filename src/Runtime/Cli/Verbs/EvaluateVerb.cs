using System.CommandLine;

using Legato.Policy.Bundles;
using Legato.Policy.Learning.Training;
using Legato.Runtime.Experiments;
using Legato.Sim.Scene;
using Legato.Sim.Tasks.Rigs;

namespace Legato.Runtime.Cli.Verbs;

/// <summary><c>legato evaluate</c>: plays a bundle on rigs that nobody trained on, and compares it with another.</summary>
internal sealed class EvaluateVerb : IVerb
{
    /// <summary>The word for a policy's own plan, without its network.</summary>
    private const string PlanWord = "plan", CorrectedWord = "corrected";

    private const int MostRigs = 10_000, MostRepeats = 1000, MostSeed = 1_000_000;

    /// <inheritdoc/>
    public Command Create(CliHost cli)
    {
        var options = new RobotOptions(cli, "sim.yaml");
        options.Song.Description = "Name in songs/, path of a .mid file, or folder of a policy bundle";
        var against = new Option<string?>("--against") { Description = $"A bundle to compare with, rig by rig, or '{PlanWord}' for the policy's own plan row by row, or '{CorrectedWord}' for that plan without the network", HelpName = "folder" };
        var severity = new Option<double>("--severity") { Description = "How far rigs differ from the simulator, 0 to 1", DefaultValueFactory = _ => 0.5 };
        var rigs = new Option<int>("--rigs") { Description = "Rigs to play on", DefaultValueFactory = _ => 32 };
        var reality = new Option<string[]>("--reality") { Description = "Realities to play on, through the guard as 'play' does, instead of rigs drawn at random", HelpName = "file", AllowMultipleArgumentsPerToken = true };
        var repeats = new Option<int>("--repeats") { Description = "Performances on each reality, each with noise of its own", DefaultValueFactory = _ => 1 };
        var command = new Command("evaluate", "Play a policy on rigs that nobody trained on: F1 with intervals, and the difference to another policy")
        {
            options.Song, options.Policy, against, options.Robot, options.Parameters, options.Tempo, options.Seed, options.Seconds, severity, rigs, reality, repeats,
        };
        return cli.Handle(command, async (parse, cancellation) =>
        {
            int seed = OptionRange.Of("--seed", parse.GetValue(options.Seed), 0, MostSeed), count = OptionRange.Of("--rigs", parse.GetValue(rigs), 1, MostRigs);
            double hard = OptionRange.Of("--severity", parse.GetValue(severity), 0, 1);
            int times = OptionRange.Of("--repeats", parse.GetValue(repeats), 1, MostRepeats);
            string[] realities = parse.GetValue(reality) ?? [];
            if (realities.Length > 0 && (IsGiven(parse, rigs) || IsGiven(parse, severity)))
                throw new InputException("--rigs and --severity are for rigs drawn at random: leave them out with --reality");
            if (realities.Length == 0 && IsGiven(parse, repeats))
                throw new InputException("--repeats is for realities: give --reality, or leave it out");

            string what = parse.GetRequiredValue(options.Song);
            PolicyBundle? named = PolicyBundle.Exists(what) ? PolicyBundle.Load(what) : null;
            if (named is not null && IsGiven(parse, options.Policy))
                throw new InputException($"{what}: names a policy already; leave --policy out, or name a song");
            PlayableSong song = options.LoadSong(parse, named?.Manifest.Song ?? what);
            await using var setup = RobotSetup.Load(parse.GetRequiredValue(options.Robot), options.ParametersFile(parse), cli.Time);
            (PolicyBundle policy, string folder, _) = named is null ? options.FindPolicy(parse, song, setup, cancellation) : (named, what, 0);
            var contestants = new List<Contestant> { new(folder, policy) };
            if (parse.GetValue(against) is { } other)
            {
                contestants.Add(other switch
                {
                    PlanWord => new Contestant($"{folder} (plan row by row)", policy.OpenLoop()),
                    CorrectedWord when policy.Network is null => throw new InputException($"--against {CorrectedWord}: {folder} is such a plan itself; name '{PlanWord}' or another bundle"),
                    CorrectedWord => new Contestant($"{folder} (plan without network)", policy.Alone()),
                    _ => new Contestant(other, PolicyBundle.Load(other)),
                });
            }
            // What does not fit is refused before anything is played.
            foreach (Contestant c in contestants)
            {
                c.Bundle.RequireFits(setup.Scene.Actuators, 1 / SceneOptions.ControlPeriod, song.Trajectory);
                SongTask.Of(c.Bundle, setup.Scene, song.Trajectory);
            }

            using Serilog.Core.Logger log = cli.CreateLogger(parse);
            var trials = new PolicyEvaluation(setup, song, parse.GetValue(options.Tempo), cli.Paths.Runs, cli.Time, log);
            var played = new List<PlayedRigs>();
            foreach (Contestant c in contestants)
            {
                using JudgingLine line = cli.JudgingLine($"judging {c.Name}");
                played.Add(realities.Length > 0
                    ? await trials.OnRealitiesAsync(c.Bundle, c.Name, new RealitySet(parse.GetRequiredValue(options.Robot), options.ParametersFile(parse), realities, times, seed), line, cancellation)
                    : await Task.Run(() => trials.OnRigs(c.Bundle, new RigSet(new RandomRigs(hard, setup.Parameters), count, PolicyEvaluation.FirstSeed + seed), line, cancellation), cancellation));
            }
            return Report(song, contestants, played, seed);
        });
    }

    private static bool IsGiven(ParseResult parse, Option option) => parse.GetResult(option) is { Implicit: false };

    private static VerbResult Report(PlayableSong song, List<Contestant> contestants, List<PlayedRigs> played, int seed)
    {
        JudgedFigures[] figures = [.. played.Select(p => JudgedFigures.Of(p.F1, p.OnsetF1, seed))];
        (PairedFigures F1, PairedFigures OnsetF1)? difference = played.Count < 2
            ? null
            : (PairedFigures.Of(played[0].F1, played[1].F1, seed), PairedFigures.Of(played[0].OnsetF1, played[1].OnsetF1, seed));
        var data = new
        {
            song = song.Name,
            N = played[0].F1.Count,
            played[0].Unit,
            Policy = Json(contestants[0], figures[0], played[0]),
            Against = played.Count < 2 ? null : Json(contestants[1], figures[1], played[1]),
            Difference = difference is { } d ? new { F1 = Json(d.F1), OnsetF1 = Json(d.OnsetF1) } : null,
        };
        return new VerbResult(data, writer =>
        {
            for (int i = 0; i < figures.Length; i++)
                Print(writer, contestants[i].Name, figures[i], played[i]);
            if (difference is { } d)
                writer.WriteLine(FormattableString.Invariant($"difference: F1 {d.F1}; onset F1 {d.OnsetF1} (paired permutation test, {data.N} {data.Unit})"));
        });
    }

    private static object Json(Contestant contestant, JudgedFigures figures, PlayedRigs played) => new
    {
        Bundle = contestant.Name,
        F1 = figures.F1.Mean,
        F1Ci95 = figures.F1.Interval,
        OnsetF1 = figures.OnsetF1.Mean,
        OnsetF1Ci95 = figures.OnsetF1.Interval,
        figures.MedianF1,
        P10F1 = figures.TailF1,
        figures.WorstF1,
        played.Diverged,
        Rigs = played.F1.Zip(played.OnsetF1, (f1, onsetF1) => new { F1 = f1, OnsetF1 = onsetF1 }),
        played.Runs,
    };

    private static object Json(PairedFigures paired) => new { paired.Difference.Mean, Ci95 = paired.Difference.Interval, paired.P };

    private static void Print(TextWriter writer, string name, JudgedFigures f, PlayedRigs played)
    {
        writer.WriteLine(FormattableString.Invariant($"{name}: F1 {f.F1.Mean:0.000} ({f.F1.Low:0.000}..{f.F1.High:0.000}), onset F1 {f.OnsetF1.Mean:0.000} ({f.OnsetF1.Low:0.000}..{f.OnsetF1.High:0.000}) on {f.F1.Count} {played.Unit}"));
        writer.WriteLine(FormattableString.Invariant($"  F1: median {f.MedianF1:0.000}, one in ten below {f.TailF1:0.000}, worst {f.WorstF1:0.000}"));
        if (played.Diverged > 0)
            writer.WriteLine(FormattableString.Invariant($"  {played.Diverged} simulations broke down; nothing was heard of them from then on"));
    }

    private sealed record Contestant(string Name, PolicyBundle Bundle);
}
