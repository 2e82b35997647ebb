using System.CommandLine;
using System.Globalization;

using Legato.Runtime.Experiments;
using Legato.Runtime.Recording;
using Legato.Sim.Scene;

namespace Legato.Runtime.Cli.Verbs;

/// <summary><c>legato replay</c>: re-simulates a recorded run.</summary>
internal sealed class ReplayVerb : IVerb
{
    /// <inheritdoc/>
    public Command Create(CliHost cli)
    {
        var run = new Argument<string>("run") { Description = "Folder of the run" };
        var parameters = new Option<string?>("--params") { Description = "YAML of the simulator's parameters (those of the run by default)", HelpName = "file" };
        var tolerance = new Option<double>("--tolerance") { Description = "Error that counts as a divergence, rad or m", DefaultValueFactory = _ => 0.05 };
        var command = new Command("replay", "Re-simulate a recorded run and report where it parts from the recording") { run, parameters, tolerance };
        return cli.Handle(command, async (parse, _) =>
        {
            double limit = parse.GetValue(tolerance);
            if (!(limit >= 0))
                throw new InputException(string.Create(CultureInfo.InvariantCulture, $"--tolerance {limit}: must be 0 or more"));
            RunFolder folder = RunFolder.Open(parse.GetRequiredValue(run));
            RecordedRun recorded = RecordedRun.Read(folder);
            using PianoScene scene = RunScene.Of(folder, parse.GetValue(parameters));
            ReplayReport report = await RunReplay.ReplayAsync(recorded, scene, RunScene.IsSimulated(folder), limit);
            return new VerbResult(report, writer => Print(report, writer));
        });
    }

    private static void Print(ReplayReport report, TextWriter writer)
    {
        foreach (string warning in report.Warnings)
            writer.WriteLine($"note: {warning}");
        writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{report.Cycles} cycles; largest error {report.MaxJointErrorRad:0.0000} rad, {report.MaxRailErrorM * 1000:0.00} mm; key events {report.KeyEvents[0]} recorded, {report.KeyEvents[1]} replayed; bitwise: {(report.Bitwise ? "yes" : "no")}"));
        if (report.FirstDivergence is { } d)
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"first divergence above {report.Tolerance}: cycle {d.Cycle} (step {d.Step}, {d.Seconds:0.00} s), {d.Joint} by {d.Error:0.0000}"));
    }
}
