using System.CommandLine;

using Legato.Music;
using Legato.Policy.Bundles;
using Legato.Policy.Fingering;
using Legato.Policy.Planning;
using Legato.Runtime.Experiments;

namespace Legato.Runtime.Cli.Verbs;

/// <summary><c>legato plan</c>: plans a song, or all songs of a folder, without learning a network.</summary>
internal sealed class PlanVerb : IVerb
{
    private const int MostSeeds = 100;

    /// <inheritdoc/>
    public Command Create(CliHost cli)
    {
        var options = new RobotOptions(cli, "sim.yaml");
        options.Song.Arity = ArgumentArity.ZeroOrOne;
        var output = new Option<string?>("--out") { Description = "Folder of the bundle (policies/<song> by default)", HelpName = "folder" };
        var fingering = new FingeringOptions();
        var resume = new Option<bool>("--resume") { Description = "Go on from the bundle in that folder, whatever the planner's options were" };
        var fresh = new Option<bool>("--fresh") { Description = "Begin anew, even if a bundle of the same song and settings is there" };
        var all = new Option<string?>("--all") { Description = "Plan every .mid file of a folder; unchanged bundles are used again", HelpName = "folder" };
        var seeds = new Option<int>("--seeds") { Description = "With --all: plans per song; figures are medians", DefaultValueFactory = _ => 1 };
        var table = new Option<bool>("--table") { Description = "Print a table in Markdown" };
        var command = new Command("plan", "Plan a song: fingering, inverse kinematics, feedforward, iterative refinement")
        {
            options.Song, options.Robot, options.Parameters, options.Tempo, options.Seed, options.Seconds, options.Robust, output, resume, fresh, all, seeds, table, fingering.Read, fingering.Write,
        };
        return cli.Handle(command, async (parse, cancellation) =>
        {
            Resumption resumption = (parse.GetValue(resume), parse.GetValue(fresh)) switch
            {
                (true, true) => throw new InputException("--resume goes on and --fresh begins anew: leave one of them out"),
                (true, _) => Resumption.Required,
                (_, true) => Resumption.Never,
                _ => Resumption.IfAlike,
            };
            string? folder = parse.GetValue(all);
            if ((parse.GetValue(options.Song) is null) == (folder is null))
                throw new InputException(folder is null ? "plan needs a song, or --all <folder>" : "plan takes a song or --all <folder>, not both");
            if (folder is not null && (resumption != Resumption.IfAlike || parse.GetValue(output) is not null))
                throw new InputException("--out, --resume and --fresh are for a single song: leave them out with --all");
            if (folder is not null && (parse.GetValue(fingering.Read) ?? parse.GetValue(fingering.Write)) is not null)
                throw new InputException("--fingering and --write-fingering are for a single song: leave them out with --all");
            int count = parse.GetValue(seeds);
            if (count is < 1 or > MostSeeds || (folder is null && count != 1))
                throw new InputException($"--seeds {count}: must be 1..{MostSeeds}, and goes with --all");

            PlannerOptions planner = options.Planner(parse) with { Seed = parse.GetValue(options.Seed) };
            PlayableSong? song = folder is null ? options.LoadSong(parse) : null;
            LabelledFingering? labels = song is null ? null : fingering.Labels(parse, song, parse.GetValue(options.Tempo));
            if (labels is not null)
                planner = planner with { Fingerings = [labels] };
            SongLibrary? library = folder is null ? null : SongLibrary.Open(folder);
            if (library is { Names.Count: 0 })
                throw new InputException($"{folder}: has no .mid file; nothing to plan");
            await using var setup = RobotSetup.Load(parse.GetRequiredValue(options.Robot), options.ParametersFile(parse), cli.Time);
            planner = planner with { Limits = setup.PlanningLimits };
            return library is null
                ? PlanOne(cli, setup, planner, song!, parse.GetValue(output), resumption, parse.GetValue(table), labels, written => fingering.Save(parse, written, setup.Scene), cancellation)
                : PlanAll(cli, setup, planner, library, parse.GetValue(options.Tempo), count, parse.GetValue(table), cancellation);
        });
    }

    private static VerbResult PlanOne(CliHost cli, RobotSetup setup, PlannerOptions planner, PlayableSong song, string? output, Resumption resumption, bool asTable, LabelledFingering? labels, Action<FingeringPlan> save, CancellationToken stop)
    {
        PlannedBundle planned;
        using (PlanningLine line = cli.PlanningLine(planner.Seconds))
        {
            var session = new PlanSession(setup.Scene, setup.Parameters.Hash, planner, line);
            planned = session.Run(song, output ?? Path.Combine(cli.Paths.Policies, song.Name), resumption, stop);
        }
        if (planned.Replaced is { } reason)
            cli.Error.WriteLine($"legato: {planned.Folder}: the policy there was replaced: {reason.ReplaceLineEndings(" ")}");
        FingeringPlan fingering = planned.Bundle.ToPlan().Fingering;
        save(fingering);
        int? followed = labels?.Followed(fingering, setup.Scene);
        PolicyManifest manifest = planned.Bundle.Manifest;
        PerformanceScore score = manifest.Evaluation;
        bool isStopped = stop.IsCancellationRequested;
        var data = new
        {
            Bundle = planned.Folder,
            song = song.Name,
            score.F1,
            score.OnsetF1,
            score.Precision,
            score.Recall,
            manifest.RobustF1,
            manifest.Seconds,
            manifest.EnvSteps,
            UnreachableNotes = manifest.Unreachable,
            manifest.Strategy,
            manifest.IsComplete,
            planned.ResumedF1,
            FingersLabelled = labels?.Matched,
            FingersFollowed = followed,
            Stopped = isStopped,
        };
        return new VerbResult(data, writer =>
        {
            Print(writer, planned, isStopped, asTable);
            if (labels is not null)
                writer.WriteLine($"  fingers written for {labels.Matched} of {labels.Notes} notes, {followed} of them followed");
        }, isStopped ? ExitCode.Failed : ExitCode.Ok);
    }

    private static void Print(TextWriter writer, PlannedBundle planned, bool isStopped, bool asTable)
    {
        PolicyManifest manifest = planned.Bundle.Manifest;
        var run = RepertoireRun.Of(0, planned.Folder, manifest);
        if (asTable)
        {
            WriteTable(writer, [new RepertoireRow(manifest.Song, [run], null)]);
            return;
        }
        writer.WriteLine(Line(manifest.Song, run) + (isStopped ? ", stopped" : ""));
        if (planned.ResumedF1 is { } before)
            writer.WriteLine(FormattableString.Invariant($"  resumed at F1 {before:0.000}"));
        foreach (UnreachableNote note in manifest.Unreachable)
            writer.WriteLine($"  out of reach: {Keyboard.KeyName(note.Key)} at step {note.Step}");
        writer.WriteLine($"  {planned.Folder}");
    }

    private static VerbResult PlanAll(CliHost cli, RobotSetup setup, PlannerOptions planner, SongLibrary library, double tempo, int seeds, bool asTable, CancellationToken stop)
    {
        var repertoire = new Repertoire(setup.Scene, setup.Parameters.Hash, cli.Paths.Policies, planner);
        var rows = new List<RepertoireRow>();
        IReadOnlyList<string> names = library.Names;
        try
        {
            foreach (string name in names)
            {
                using PlanningLine line = cli.PlanningLine(planner.Seconds * seeds, $"{name} ({rows.Count + 1}/{names.Count})");
                rows.Add(repertoire.Plan(library, name, tempo, seeds, line, stop));
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            cli.Error.WriteLine($"legato: stopped after {rows.Count} of {names.Count} songs");
        }
        bool isStopped = rows.Count < names.Count;
        int code = isStopped ? ExitCode.Failed : rows.Any(r => r.Error is not null) ? ExitCode.BadInput : ExitCode.Ok;
        return new VerbResult(new { Songs = rows, Stopped = isStopped }, writer =>
        {
            if (asTable)
                WriteTable(writer, rows);
            else
                WriteLines(writer, rows);
        }, code);
    }

    private static void WriteTable(TextWriter writer, IEnumerable<RepertoireRow> rows)
    {
        foreach (string line in Repertoire.ToMarkdown(rows))
            writer.WriteLine(line);
    }

    private static void WriteLines(TextWriter writer, IEnumerable<RepertoireRow> rows)
    {
        foreach (RepertoireRow row in rows)
        {
            foreach (RepertoireRun run in row.Runs)
                writer.WriteLine(Line(row.Song, run));
            if (row.Error is { } error)
                writer.WriteLine($"{row.Song}: {error}");
        }
    }

    private static string Line(string song, RepertoireRun run) => FormattableString.Invariant(
        $"{song}: F1 {run.F1:0.000}, onset F1 {run.OnsetF1:0.000}, {run.Seconds:0.0} s, {run.EnvSteps} environment steps, {run.Strategy}");
}
