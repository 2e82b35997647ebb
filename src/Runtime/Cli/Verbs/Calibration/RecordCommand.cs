using System.CommandLine;

using Legato.Runtime.Calibration;
using Legato.Runtime.Experiments;

namespace Legato.Runtime.Cli.Verbs.Calibration;

/// <summary><c>legato calibrate record</c>: plays planned excitation and records it.</summary>
internal static class RecordCommand
{
    /// <summary>Describes the command.</summary>
    public static Command Create(CliHost cli)
    {
        var plan = new Argument<string>("plan") { Description = "Folder that 'calibrate plan' wrote" };
        var options = new RobotOptions(cli, "standin.yaml");
        var reality = new Option<string?>("--reality") { Description = "Reality of a simulated robot or its stand-in, instead of the robot's own", HelpName = "file" };
        var command = new Command("record", "Play planned motions on a robot, guarded, and record them") { plan, options.Robot, options.Parameters, options.Seed, options.Watchdog, reality };
        return cli.Handle(command, async (parse, cancellation) =>
        {
            using Serilog.Core.Logger log = cli.CreateLogger(parse);
            string folder = parse.GetRequiredValue(plan);
            ExcitationBundle bundle = ExcitationBundle.Load(folder);
            await using var setup = RobotSetup.Load(parse.GetRequiredValue(options.Robot), parse.GetValue(options.Parameters), cli.Time, parse.GetValue(reality), parse.GetValue(options.Seed));
            bundle.RequireFits(setup.Scene.Actuators);
            await setup.StartAsync(cancellation, parse.GetValue(options.Watchdog));
            ExcitationReport report = await new ExcitationSession(cli.Paths.Runs, cli.Time, log).RunAsync(setup, bundle, Path.GetFullPath(folder), cancellation);
            return new VerbResult(report, writer => Print(report, writer), report.Ended == PlayReport.Completed ? ExitCode.Ok : ExitCode.Failed);
        });
    }

    private static void Print(ExcitationReport report, TextWriter writer)
    {
        writer.WriteLine(FormattableString.Invariant($"excitation on {report.Robot}: {report.Steps} steps, {report.KeyEvents} key events; {report.Ended}"));
        writer.WriteLine(FormattableString.Invariant($"  guard: {report.Guard.Clamped} clamped, {report.Guard.Refused} refused; lost: {report.Lost.Values.Sum()}; quality {report.Quality} ({report.QualityReason})"));
        writer.WriteLine($"  {report.Run}");
    }
}
