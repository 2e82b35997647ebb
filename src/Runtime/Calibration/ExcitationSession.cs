using System.Text.Json.Nodes;

using Legato.RobotDriver;
using Legato.Runtime.Experiments;
using Legato.Runtime.Loop;
using Legato.Runtime.Safety;
using Legato.Sim;
using Legato.SystemId.Excitation;

using Serilog;

namespace Legato.Runtime.Calibration;

/// <summary>What <c>calibrate record --json</c> prints and <c>run.json</c> keeps.</summary>
/// <param name="Run">Folder of the run.</param>
/// <param name="Robot">Name of the robot.</param>
/// <param name="Steps">Steps that were sent.</param>
/// <param name="KeyEvents">Keys that went down or came up.</param>
/// <param name="Ended">How the run ended.</param>
/// <param name="Loop">Timing and memory of the loop.</param>
/// <param name="Guard">What the guard changed.</param>
/// <param name="Lost">Messages lost per stream.</param>
/// <param name="Quality">A to F.</param>
/// <param name="QualityReason">Why not better.</param>
/// <param name="Clocks">The clocks behind the stamps.</param>
public sealed record ExcitationReport(
    string Run, string Robot, int Steps, int KeyEvents, string Ended, LoopSummary Loop, GuardCounts Guard, IReadOnlyDictionary<string, long> Lost, string Quality, string QualityReason, IReadOnlyList<ClockSummary> Clocks);

/// <summary>Plays planned excitation on a robot and records it, on the way that <see cref="PlaySession"/> takes.</summary>
/// <param name="runs">Folder of all runs.</param>
/// <param name="time">Wall clock and timers.</param>
/// <param name="log">Receives what the operator should know.</param>
public sealed class ExcitationSession(string runs, TimeProvider time, ILogger log)
{
    /// <summary>The word that names the run's folder and, in <c>run.json</c>, what was played.</summary>
    public const string Name = "excitation";

    /// <summary>Plays a bundle on a robot that is not connected yet.</summary>
    /// <param name="setup">The robot; its stand-in, if it has one, is running.</param>
    /// <param name="bundle">What to play.</param>
    /// <param name="folder">Where it lies.</param>
    /// <param name="stop">Ends the run early: the hands lift.</param>
    /// <exception cref="InputException">The run could not start; nothing has moved and nothing is written.</exception>
    public Task<ExcitationReport> RunAsync(RobotSetup setup, ExcitationBundle bundle, string folder, CancellationToken stop)
    {
        IRobot robot = setup.Robot;
        bundle.RequireFits(robot.Actuators);
        var request = new RunRequest(Name, robot, new TargetPolicy(bundle), setup.Limits, Describe(setup, bundle, folder), setup.Files) { Watchdog = setup.Watchdog, Clearance = setup.Clearance };
        return new RunSession(runs, time, log).RunAsync(request, run => Summarise(robot, run), stop);
    }

    private static ExcitationReport Summarise(IRobot robot, FinishedRun run)
    {
        RunQuality quality = run.Quality;
        string ended = PlayReport.EndOf(run.Report);
        return new ExcitationReport(
            run.Folder.FolderPath, robot.Name, run.Report.StepsPlayed, RecordedRun.Read(run.Folder).Keys.Count, ended,
            LoopSummary.Of(run.Report), run.Report.Guard, run.Losses.ToDictionary(l => l.Stream, l => l.Lost), quality.Grade, quality.Reason, run.Clocks);
    }

    private static JsonObject Describe(RobotSetup setup, ExcitationBundle bundle, string folder)
    {
        JsonObject provenance = Provenance.OfMachine();
        provenance["hashes"] = new JsonObject
        {
            [Name] = bundle.Manifest.Hash,
            ["parameters"] = setup.Parameters.Hash,
            ["configuration"] = Provenance.HashesOf(setup.Files),
        };
        return new JsonObject
        {
            ["kind"] = Name,
            ["robot"] = setup.Robot.Name,
            ["lead_in"] = 0,
            ["seed"] = setup.Configuration.RunSeed,
            [Name] = new JsonObject
            {
                ["plan"] = folder,
                ["hash"] = bundle.Manifest.Hash,
                ["blocks"] = new JsonArray([.. bundle.Manifest.Blocks.Select(DescribeBlock)]),
            },
            ["provenance"] = provenance,
            ["settings"] = new JsonObject(setup.Settings.Select(s => KeyValuePair.Create<string, JsonNode?>(s.Key, s.Value))),
        };
    }

    private static JsonNode? DescribeBlock(PlannedBlock block) => new JsonObject
    {
        ["label"] = block.Label,
        ["kind"] = block.Kind.ToString().ToLowerInvariant(),
        ["first_step"] = block.FirstStep,
        ["steps"] = block.Steps,
        ["keys"] = new JsonArray([.. block.Keys.Select(key => (JsonNode?)JsonValue.Create(key))]),
    };

    private sealed class TargetPolicy(ExcitationBundle bundle) : IPolicy
    {
        public JointLayout Actuators => bundle.Actuators;

        public int Steps => bundle.Targets.Count;

        public void Act(int step, RobotState measured, long now, Span<double> targets, out double pedal)
        {
            bundle.Targets[step].CopyTo(targets);
            pedal = 0;
        }
    }
}
