using System.CommandLine;
using System.Globalization;

using Legato.Music;
using Legato.Policy.Planning;
using Legato.RobotDriver.Configuration;
using Legato.Runtime.Calibration;
using Legato.Runtime.Hil;

namespace Legato.Runtime.Cli.Verbs;

/// <summary><c>legato hil</c>: scenarios in which something goes wrong, on any robot.</summary>
internal sealed class HilVerb : IVerb
{
    private const int MostRepeats = 1000;

    /// <inheritdoc/>
    public Command Create(CliHost cli)
    {
        var options = new RobotOptions(cli, "standin.yaml");
        var only = new Option<string[]>("--only") { Description = "Names of scenarios (all by default)", HelpName = "name", AllowMultipleArgumentsPerToken = true };
        var isShort = new Option<bool>("--short") { Description = "Only the short form of the catalogue" };
        var list = new Option<bool>("--list") { Description = "List the scenarios, and which of them the robot cannot run; nothing is run" };
        var repeats = new Option<int>("--repeats") { Description = "How often to run each, with a seed of its own", DefaultValueFactory = _ => 1 };
        var junit = new Option<string?>("--junit") { Description = "Write the results as JUnit XML", HelpName = "file" };
        var html = new Option<string?>("--html") { Description = "Write the results as a page", HelpName = "file" };
        string usual = Path.Combine(cli.Paths.Config, "scenarios");
        var folder = new Option<string>("--scenarios") { Description = "Folder of the scenarios", HelpName = "folder", DefaultValueFactory = _ => usual };
        var command = new Command("hil", "Let things go wrong while a robot plays, and check what it does and says") { options.Robot, only, isShort, list, repeats, junit, html, folder, options.Seed };
        return cli.Handle(command, async (parse, cancellation) =>
        {
            string robotFile = parse.GetRequiredValue(options.Robot);
            var robot = RobotConfiguration.Load(robotFile);
            IReadOnlyList<Scenario> scenarios = ScenarioCatalogue.Load(parse.GetRequiredValue(folder)).Select(parse.GetValue(only) ?? [], parse.GetValue(isShort));
            if (parse.GetValue(list))
                return List(scenarios, robot);
            int times = OptionRange.Of("--repeats", parse.GetValue(repeats), 1, MostRepeats);
            string output = Path.Combine(cli.Paths.Runs, cli.Time.GetUtcNow().ToString("yyyyMMdd'T'HHmmss'Z-hil'", CultureInfo.InvariantCulture));
            var planner = new PlannerOptions();
            var pieces = new Pieces(SongLibrary.Open(cli.Paths.Songs), Path.Combine(output, "pieces"), cli.Paths.Policies, planner, what => cli.PlanningLine(planner.Seconds, what));
            var settings = new ScenarioSettings
            {
                Robot = robotFile,
                Limits = Path.Combine(cli.Paths.Config, "limits", "shadow_e3m5.yaml"),
                Folder = output,
                Seed = parse.GetValue(options.Seed),
            };
            HilReport report = await RunAsync(new ScenarioRunner(settings, pieces, cli.Time), scenarios, robot, times, cli, cancellation);
            if (parse.GetValue(junit) is { } xml)
                CalibrationFiles.Write(Path.GetFullPath(xml), JUnitReport.Write(report));
            if (parse.GetValue(html) is { } page)
                CalibrationFiles.Write(Path.GetFullPath(page), HilPage.Write(report, scenarios).ToHtml());
            return new VerbResult(report.ToJson(), writer => Print(report, output, writer), report.Count(ScenarioVerdict.Failed) == 0 ? ExitCode.Ok : ExitCode.Failed);
        });
    }

    private static async Task<HilReport> RunAsync(ScenarioRunner runner, IReadOnlyList<Scenario> scenarios, RobotConfiguration robot, int repeats, CliHost cli, CancellationToken cancellation)
    {
        DateTimeOffset started = cli.Time.GetUtcNow();
        var results = new List<ScenarioResult>();
        foreach ((int i, Scenario scenario) in scenarios.Index())
        {
            if (ScenarioCatalogue.SkipReason(scenario, robot) is { } reason)
            {
                results.Add(ScenarioResult.Skip(scenario, reason));
                continue;
            }
            for (int repeat = 0; repeat < repeats; repeat++)
            {
                // Faults keep state: every run has its own.
                ScenarioResult result = await runner.RunAsync(Scenario.Load(scenario.File), repeat, cancellation);
                results.Add(result);
                cli.Error.WriteLine(FormattableString.Invariant($"{i + 1}/{scenarios.Count} {Line(result)}"));
            }
        }
        return new HilReport(robot.Name, started, results);
    }

    private static VerbResult List(IReadOnlyList<Scenario> scenarios, RobotConfiguration robot)
    {
        var rows = scenarios.Select(s => new { s.Name, s.Description, s.Pain, Hazard = s.IsHazard, Short = s.IsShort, Skipped = ScenarioCatalogue.SkipReason(s, robot) }).ToList();
        return new VerbResult(new { Robot = robot.Name, Scenarios = rows }, writer =>
        {
            foreach (var row in rows)
                writer.WriteLine($"{row.Name,-28} {row.Description}{(row.Skipped is null ? "" : $" [skipped on {robot.Name}: {row.Skipped}]")}");
        });
    }

    private static void Print(HilReport report, string folder, TextWriter writer)
    {
        foreach (ScenarioResult result in report.Results.Where(r => r.Verdict != ScenarioVerdict.Passed))
            writer.WriteLine(Line(result));
        string worst = report.Worst is { } slowest ? FormattableString.Invariant($"; worst time to safe {slowest.Facts!.TimeToSafeMs:0} ms ({slowest.Name})") : "";
        writer.WriteLine(FormattableString.Invariant($"{report.Robot}: {report.Count(ScenarioVerdict.Passed)} passed, {report.Count(ScenarioVerdict.Failed)} failed, {report.Count(ScenarioVerdict.Skipped)} skipped in {report.Seconds:0} s{worst}"));
        writer.WriteLine($"  {folder}");
    }

    private static string Line(ScenarioResult result)
    {
        string safe = result.Facts?.TimeToSafeMs is { } ms ? FormattableString.Invariant($", safe after {ms:0} ms") : "";
        string why = result.Reasons.Count == 0 ? "" : $": {string.Join("; ", result.Reasons)}";
        return FormattableString.Invariant($"{result.Name}: {result.Verdict.ToString().ToLowerInvariant()}{safe} ({result.Seconds:0.0} s){why}");
    }
}
